"""What people do with solutions: share, change, take in use."""
