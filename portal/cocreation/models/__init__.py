"""The tables of co-creation, one module for each subject."""
