"""What can happen in the observatory, one module for each subject."""
