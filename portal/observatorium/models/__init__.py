"""The tables of the observatory, one module for each subject."""
