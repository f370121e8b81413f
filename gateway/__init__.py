"""The only door: REST under /api/v1 and the web pages. It tells who asks and enforces roles; services decide."""
