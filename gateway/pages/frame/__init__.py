"""What all pages share: the session, forms, how values are shown."""
