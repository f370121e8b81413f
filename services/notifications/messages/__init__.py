"""Messages: whom an event concerns, what a letter says, and sending it."""
