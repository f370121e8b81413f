"""Readers of files that schools have."""
