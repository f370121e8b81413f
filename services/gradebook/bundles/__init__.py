"""Imports: OneRoster bundles, and journals of other systems."""
