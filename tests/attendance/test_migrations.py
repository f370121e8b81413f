"""The schema of attendance."""

from __future__ import annotations

from kernel.data import migrations
from tests.kit.databases import on_both

pytestmark = on_both


def test_the_migrations_make_the_tables_that_are_declared(engine):
    assert migrations.differences("attendance", engine.url.render_as_string(hide_password=False)) == []
