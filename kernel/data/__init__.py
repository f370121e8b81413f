"""A service's database: transactions, tenants, outbox, inbox, parked messages, migrations."""
