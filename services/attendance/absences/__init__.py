"""Absences of students: what is recorded, announced, shown and told of."""
