"""Classrooms: where lessons are held."""
