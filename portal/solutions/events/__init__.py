"""What happens to solutions and their adoptions."""
