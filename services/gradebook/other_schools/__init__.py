"""Marks of other schools, entered from their documents."""
