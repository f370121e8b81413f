"""Opens, reads and checks OneRoster bundles (1.1 and 1.2, CSV) and splits them into roster and grades. Pure."""
