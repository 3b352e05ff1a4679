"""Reading: one module per subject, one function per page."""
