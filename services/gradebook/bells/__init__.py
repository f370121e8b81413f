"""Bells: which lesson of the day begins and ends when, by kind of day and shift."""
