"""People, organisations, roles, sign-in and the administration pages."""
