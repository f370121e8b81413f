"""Checks of lessons: who looked, and whom they entered as absent or late."""
