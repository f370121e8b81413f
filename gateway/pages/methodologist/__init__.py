"""Pages of the methodologist: people, imports, prints."""
