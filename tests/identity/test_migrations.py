"""The migrations make exactly the tables that the code declares, walled by school."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa

from kernel.data import migrations
from kernel.data.database import UnitOfWork, make_engine
from services.identity.people.tables import Person
from services.identity.schools.tables import School


def test_the_migrated_schema_is_the_declared_one(database_url):
    migrations.upgrade("identity", database_url)
    assert migrations.differences("identity", database_url) == []


def test_names_that_were_folded_less_are_folded_again(database_url):
    migrations.upgrade("identity", database_url, "0005")
    engine = make_engine(database_url)
    unit_of_work, school_id = UnitOfWork(engine), uuid4()
    names = ("О’Нил", "Римская-Корсакова", "Анна")  # an apostrophe
    with unit_of_work.of(school_id) as session:
        session.execute(sa.insert(School), [{"id": school_id, "name": "Лицей", "time_zone": "UTC", "identifier": ""}])
        more = {"given_name": "", "patronymic": "", "search_name": ""}
        rows = [{"school_id": school_id, "id": uuid4(), "family_name": name, **more} for name in names]
        session.execute(sa.insert(Person), rows)
    migrations.upgrade("identity", database_url)
    with unit_of_work.of(school_id) as session:
        found = session.scalars(sa.select(Person.search_name).order_by(Person.search_name)).all()
    engine.dispose()
    assert list(found) == ["анна", "онил", "римская корсакова"]
