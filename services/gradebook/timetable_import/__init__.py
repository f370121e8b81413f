"""Timetables taken from files of schools."""
