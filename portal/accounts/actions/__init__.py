"""Writing: one function per thing a person can do with accounts, organisations and settings."""
