"""Who people are: schools, people, classes, consents, accounts, sessions, and the import of bundles."""
