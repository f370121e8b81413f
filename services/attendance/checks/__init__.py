"""Checks of lessons: who checked, and whom they recorded as absent or late."""
