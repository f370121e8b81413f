"""Statistics of marks, and students' standings."""
