"""Issues credentials, and carries orders of them from start to end."""
