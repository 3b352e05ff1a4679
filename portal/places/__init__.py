"""Lokalsamfunn, where things are, and the map."""
