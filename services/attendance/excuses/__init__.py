"""Excuses of families."""
