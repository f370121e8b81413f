"""The commands, answers and events of printing."""
