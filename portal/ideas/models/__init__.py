"""The tables of the idea bank, one module for each subject."""
