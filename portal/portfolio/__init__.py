"""What comes of things: planned and measured benefits, innovation funds, and the overview of both."""
