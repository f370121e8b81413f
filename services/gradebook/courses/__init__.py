"""Subjects, courses, their teachers and members."""
