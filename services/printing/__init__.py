"""Journals on paper: print jobs and their documents."""
