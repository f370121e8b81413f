"""What the school's rules say of subjects, curriculum, courses, their teachers and groups."""
