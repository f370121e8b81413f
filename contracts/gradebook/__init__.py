"""The commands, answers and events of the gradebook."""
