"""Credentials: issued by the school, changed by their owner."""
