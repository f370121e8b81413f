"""What the school's rules say of a past that is taken over. Pure."""
