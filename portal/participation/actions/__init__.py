"""What people do: support, follow, write, edit, withdraw."""
