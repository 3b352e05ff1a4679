"""What can happen in co-creation, one module for each subject."""
