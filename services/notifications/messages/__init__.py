"""Messages: recipients of an event, contents of letters, sending."""
