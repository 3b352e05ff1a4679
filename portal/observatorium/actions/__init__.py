"""Writing: one module per subject, one function per thing a person can do."""
