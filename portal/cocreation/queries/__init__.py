"""What the pages of co-creation show, one module for each subject."""
