"""The pure rules of warnings: runs and shares."""
