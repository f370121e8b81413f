"""OneRoster bundles (1.1 and 1.2, CSV): opened, read, checked, and told apart into roster and grades. Pure."""
