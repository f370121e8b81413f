"""Marks, from kinds of work to their history."""
