"""Deliveries: what is due to whom, what was sent, and what could not be."""
