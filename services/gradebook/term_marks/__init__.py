"""Marks of terms and years, with their explanation."""
