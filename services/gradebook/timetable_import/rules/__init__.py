"""What names of a file mean, and what its timetable would change: pure."""
