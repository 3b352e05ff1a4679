"""The pages of co-creation, one module for each subject."""
