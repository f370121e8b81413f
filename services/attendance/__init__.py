"""Attendance: which lessons were checked, and who was absent or late."""
