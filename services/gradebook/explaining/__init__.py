"""Values that carry their explanation."""
