"""The pure rules of a document's layout."""
