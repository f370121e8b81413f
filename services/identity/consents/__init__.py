"""Consents of guardians."""
