"""Readers of what schools have: bytes in, neutral values and faults out; no exception for bad content."""
