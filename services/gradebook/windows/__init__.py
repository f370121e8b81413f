"""Until when a record may still be written."""
