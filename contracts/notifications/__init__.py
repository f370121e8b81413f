"""The commands and answers of notifications."""
