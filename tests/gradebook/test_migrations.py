"""The migrated schema is the declared one."""

from sqlalchemy import Engine

from kernel.data import migrations
from tests.kit.databases import on_both


@on_both
def test_the_migrations_make_the_tables_that_are_declared(engine: Engine) -> None:
    assert migrations.differences("gradebook", engine.url.render_as_string(hide_password=False)) == []
