"""What moderators, authors, reporters and the worker do with cases."""
