"""What was not kept in time."""
