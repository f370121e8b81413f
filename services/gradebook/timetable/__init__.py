"""Timetables as schools keep them."""
