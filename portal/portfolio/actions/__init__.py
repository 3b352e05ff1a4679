"""Writing: planning and measuring benefits, applying for innovation funds, and running them."""
