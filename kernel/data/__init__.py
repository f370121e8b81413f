"""A service's database: transactions, tenants, events out and in, migrations."""
