"""Writes the gradebook's part of bundles, and how far that is."""
