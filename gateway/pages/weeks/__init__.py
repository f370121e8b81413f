"""Weeks of lessons for everybody: one's own, a child's, a class's, a teacher's, a classroom's; free classrooms."""
