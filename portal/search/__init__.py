"""One index over everything public, and texts that resemble each other."""
