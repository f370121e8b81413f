"""Selects the rows of whole pages and of notices."""
