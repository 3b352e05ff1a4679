"""Samskaping: what a municipality, organisations and residents make together, and who decides what in it."""
