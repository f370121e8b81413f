"""Lessons, their topics and homework."""
