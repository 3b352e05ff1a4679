"""Health, backup and restore, checks, and the commands that run the portal."""
