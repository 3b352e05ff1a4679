"""Reading what is kept about people, organisations and settings."""
