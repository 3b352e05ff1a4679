"""The open data: which sets there are, what their columns mean, and how their files and catalogue are made."""
