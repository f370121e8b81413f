"""The commands, answers and events of attendance."""
