"""The tables of the exchange between portals."""
