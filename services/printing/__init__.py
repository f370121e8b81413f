"""Printing: print jobs and their documents."""
