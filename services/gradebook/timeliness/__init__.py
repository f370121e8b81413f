"""Overdue duties in keeping the journal."""
