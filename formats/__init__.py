"""Readers of common file formats as plain cells, dates and elements. They know nothing about schools."""
