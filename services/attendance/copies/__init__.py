"""Copies of students, classes and lessons that other services own."""
