"""The 17 goals, the municipality's delmål, and links from anything to what it serves."""
