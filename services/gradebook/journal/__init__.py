"""Read-only pages that combine lessons and marks."""
