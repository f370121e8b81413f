"""Marks that students bring along from other courses of the same subject."""
