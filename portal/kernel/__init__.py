"""What every part of the portal stands on; it knows nothing of the features."""
