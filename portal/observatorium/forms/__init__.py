"""What people may send: one module per subject."""
