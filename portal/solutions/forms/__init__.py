"""The forms of solutions and adoptions."""
