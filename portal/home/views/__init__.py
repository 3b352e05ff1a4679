"""The pages of the portal as a whole: the front door, help, the legal pages, the map of the country, sharing."""
