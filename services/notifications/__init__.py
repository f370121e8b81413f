"""Notifications: families are told what matters, once, by e-mail."""
