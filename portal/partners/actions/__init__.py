"""What people and the worker do with partners: let them in, suspend them, tell them and take in what they tell."""
