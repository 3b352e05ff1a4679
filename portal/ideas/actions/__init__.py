"""What people can do in the idea bank, one module for each subject."""
