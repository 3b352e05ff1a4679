"""The observatory: the 39 indicators of ISO 18091, the rounds in which they are rated, and what came of it."""
