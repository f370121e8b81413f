"""Copies of students and guardians that identity owns."""
