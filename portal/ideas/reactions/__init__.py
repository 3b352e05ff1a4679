"""What the idea bank does when others' events happen, and when the worker comes to what it asked for."""
