"""The addresses under /delta/ and the list of what one follows."""
