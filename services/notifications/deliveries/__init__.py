"""Deliveries: messages that are due, were sent, or were given up."""
