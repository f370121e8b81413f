"""Readers of files of timetables, whatever program wrote them."""
