"""Deadlines of records, and periods in which cells may be changed."""
