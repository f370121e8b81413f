"""When homework is due, and how much of it a day takes."""
