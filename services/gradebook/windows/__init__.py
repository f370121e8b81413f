"""Deadlines of records, periods in which they may be changed, and the methodologist's openings of them."""
