"""Copies of identity's students, guardians and classes."""
