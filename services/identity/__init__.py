"""Identity: schools, people, classes, consents, accounts, sessions, and imports of bundles."""
