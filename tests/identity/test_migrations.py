"""The migrations make exactly the tables that the code declares, walled by school."""

from kernel.data import migrations


def test_the_migrated_schema_is_the_declared_one(database_url):
    migrations.upgrade("identity", database_url)
    assert migrations.differences("identity", database_url) == []
