"""Support, follow, arguments, questions and comments on any thing that allows it."""
