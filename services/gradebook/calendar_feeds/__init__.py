"""Calendar feeds: a person's lessons at a secret address."""
