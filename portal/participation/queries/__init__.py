"""What is read of taking part: for one page at a time, in a fixed number of statements."""
