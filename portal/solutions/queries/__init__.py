"""Reading solutions: one module for each page."""
