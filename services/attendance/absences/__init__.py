"""Absences of students: rules, records and views."""
