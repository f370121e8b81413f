"""The schema of printing."""

from __future__ import annotations

from kernel.data import migrations


def test_the_migrations_make_the_tables_that_are_declared(database_url: str) -> None:
    migrations.upgrade("printing", database_url)
    assert migrations.differences("printing", database_url) == []
