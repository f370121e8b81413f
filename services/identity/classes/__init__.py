"""Classes and their students' enrolments."""
