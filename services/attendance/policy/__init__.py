"""The school's policy on absences."""
