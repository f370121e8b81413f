"""The pure rules of absences: records of lessons, days and weeks, ranges."""
