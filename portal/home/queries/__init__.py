"""Reading for the pages of the portal as a whole."""
