"""Pages of teachers: the day, the journal, columns of marks."""
