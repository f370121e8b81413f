"""The gradebook: calendar, courses, lessons, homework, marks with their history."""
