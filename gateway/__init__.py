"""The HTTP gateway: REST under /api/v1 and the web pages. It identifies callers and checks roles; services decide."""
