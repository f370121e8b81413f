"""The pure rules of messages: recipients and texts."""
