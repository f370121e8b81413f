"""Ways out to people, each with its own idea of what is final."""
