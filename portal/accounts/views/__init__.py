"""The pages of signing in, the profile and the administration."""
