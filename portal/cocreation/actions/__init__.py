"""What people can do in co-creation, one module for each subject."""
