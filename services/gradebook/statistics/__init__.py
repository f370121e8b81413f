"""Shares and standings of marks."""
