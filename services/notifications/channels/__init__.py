"""Channels that carry messages to people: SMTP, or a folder."""
