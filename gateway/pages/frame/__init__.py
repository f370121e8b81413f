"""What all pages share: the session, reading of forms, formatting of values."""
