"""The journal's grid: its page, and changes of many cells at once."""
