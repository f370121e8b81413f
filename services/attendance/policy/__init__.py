"""What a school decides about absences."""
