"""The forms of signing in, the profile and the administration."""
