"""Answers composed of several calls, for the API and the pages."""
