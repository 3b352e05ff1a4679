"""Files with ideas: read from other portals and from spreadsheets, and written so that they can be read again."""
