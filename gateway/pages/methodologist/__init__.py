"""Pages of the methodologist: people, imports, print jobs."""
