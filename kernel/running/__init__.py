"""A service at work: its container, entry points, timers and health."""
