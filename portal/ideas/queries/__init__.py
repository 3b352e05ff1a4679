"""What the pages of the idea bank show, one module for each."""
