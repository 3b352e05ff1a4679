"""Løsninger: practices that work, shared between municipalities, and who has taken them in use."""
