"""The schema of notifications."""

from __future__ import annotations

from kernel.data import migrations


def test_the_migrations_make_the_tables_that_are_declared(engine):
    assert migrations.differences("notifications", engine.url.render_as_string(hide_password=False)) == []
