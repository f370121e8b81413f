"""Writes imports: their own state, and the rosters that they bring."""
