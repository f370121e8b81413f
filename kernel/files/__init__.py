"""Files that people hand in: kept by content, apart from databases and messages."""
