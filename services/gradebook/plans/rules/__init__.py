"""What the school's rules say of thematic plans."""
