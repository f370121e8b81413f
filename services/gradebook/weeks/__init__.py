"""Weeks of lessons, as classes, teachers, classrooms and students have them; free classrooms."""
