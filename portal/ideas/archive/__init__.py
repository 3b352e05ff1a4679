"""Case packages for the archive: what is in one, its Noark-shaped XML, its documents as PDF/A, and the ZIP."""
