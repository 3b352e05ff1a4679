"""The front page, help and the legal pages, and the frame that every page stands in."""
