"""Thematic plans as schools keep them."""
