"""Reports for the administration."""
