"""Each wall between schools holds alone: the ORM's on either database, PostgreSQL's without the ORM."""

from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Mapper

from kernel.data.tenancy import SETTING, WrongTenant
from services.identity import tables
from tests.identity.bundles import SmallBundle


def tenants_classes() -> list[type[Any]]:
    mappers: list[Mapper[Any]] = list(tables.Base.registry.mappers)
    return sorted(
        (mapper.class_ for mapper in mappers if issubclass(mapper.class_, tables.SchoolRow)),
        key=lambda cls: cls.__name__,
    )


def test_every_table_with_a_school_but_those_of_imports_belongs_to_it():
    with_school = {name for name, table in tables.Base.metadata.tables.items() if "school_id" in table.columns}
    assert with_school - {cls.__tablename__ for cls in tenants_classes()} == {"bundle_import", "imported_school"}


def test_a_session_of_one_school_reads_and_writes_no_row_of_another(imports, school, another_school):
    imports.run(school.methodologist, SmallBundle().zip())
    for cls in tenants_classes():
        assert another_school.count(cls) == 0
    with pytest.raises(WrongTenant):
        school.save(tables.Role, {"school_id": another_school.id, "person_id": school.id, "role": "teacher"})


@pytest.mark.parametrize(
    "engine", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True, ids=["postgres"]
)
def test_postgresql_itself_shows_a_school_its_own_rows_only(imports, school, another_school, engine: Engine):
    imports.start(school.methodologist, SmallBundle().zip())
    imports.check()
    filled = ("person", "role", "guardianship", "school_class", "enrolment", "import_page")
    for table in filled:
        seen = []
        for tenant in (str(school.id), str(another_school.id), ""):
            with engine.begin() as connection:
                connection.execute(
                    text("select set_config(:setting, :tenant, true)"), {"setting": SETTING, "tenant": tenant}
                )
                seen.append(connection.scalar(select(func.count()).select_from(text(table))))
        assert seen[0] > 0
        assert seen[1:] == [0, 0]
