"""Figures of a student's attendance."""
