"""What can happen to people, organisations and settings."""
