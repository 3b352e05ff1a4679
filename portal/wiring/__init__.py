"""What makes up the portal, and what follows from what happens in it."""
