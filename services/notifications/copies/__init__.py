"""What notifications knows of students and their guardians, as identity told it."""
