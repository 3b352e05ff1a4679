"""What the pages about cases show."""
