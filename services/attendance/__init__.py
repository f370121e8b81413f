"""Attendance: checks of lessons, absences and lateness."""
