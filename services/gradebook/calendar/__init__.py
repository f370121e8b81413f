"""Academic years, terms and school days."""
