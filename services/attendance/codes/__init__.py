"""The dictionary of absence codes."""
