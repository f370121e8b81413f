"""Kinds of work, marks and their history."""
