"""Pages that read across lessons and marks."""
