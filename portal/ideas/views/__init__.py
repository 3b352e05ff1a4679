"""The pages of the idea bank, one module for each subject."""
