"""What moderators and others send."""
