"""Pages of the administration: the school itself."""
