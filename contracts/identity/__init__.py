"""The commands, answers and events of identity."""
