"""The pure rules of messages: whom to tell, and in which words."""
