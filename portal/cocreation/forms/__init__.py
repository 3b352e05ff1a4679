"""The forms of co-creation, one module for each subject."""
