"""The tables of solutions and of who takes them in use."""
