"""The next academic year, prepared from one that is there."""
