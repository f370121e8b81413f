"""Thematic plans: made, attached to courses, and compared with what was taught."""
