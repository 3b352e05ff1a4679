"""The pages of solutions and adoptions."""
