"""What can happen in the idea bank, one module for each subject."""
