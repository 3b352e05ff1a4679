"""What is read about partners and told to them."""
