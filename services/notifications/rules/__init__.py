"""The pure rules of notifications: whom to tell, in which words, and when to try again."""
