"""Courses that go by thematic plans: the topics that lessons take, and plan against fact."""
