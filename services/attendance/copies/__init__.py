"""What attendance knows of students, classes and lessons, as their owners told it."""
