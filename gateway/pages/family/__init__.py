"""Pages of students and parents: the diary and marks."""
