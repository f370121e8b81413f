"""Each wall between schools holds alone: the ORM's on either database, PostgreSQL's without the ORM."""

from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Mapper

from contracts.identity.appointments import Appointments
from contracts.identity.classes import Classes
from contracts.identity.consents import Consents
from contracts.identity.credentials import Credentials
from contracts.identity.people import People
from kernel.data.tenancy import SETTING, SchoolRow, WrongTenant
from kernel.errors import Forbidden, NotFound
from services.identity import base
from services.identity.people import tables as people_tables
from tests.identity.small_bundle import SmallBundle
from tests.kit.calls import call
from tests.kit.databases import on_both
from tests.kit.people import add_operator


def tenants_classes() -> list[type[Any]]:
    mappers: list[Mapper[Any]] = list(base.Base.registry.mappers)
    return sorted(
        (mapper.class_ for mapper in mappers if issubclass(mapper.class_, SchoolRow)),
        key=lambda cls: cls.__name__,
    )


def test_every_table_with_a_school_but_those_of_which_an_operators_rows_have_none_belongs_to_it():
    with_school = {name for name, table in base.Base.metadata.tables.items() if "school_id" in table.columns}
    of_several = {"bundle_import", "imported_school", "credential_order"}
    assert with_school - {cls.__tablename__ for cls in tenants_classes()} == of_several


@on_both
def test_a_session_of_one_school_reads_and_writes_no_row_of_another(imports, school, another_school):
    imports.run(school.methodologist, SmallBundle().zip())
    for cls in tenants_classes():
        assert another_school.count(cls) == 0
    with pytest.raises(WrongTenant):
        school.save(people_tables.Role, {"school_id": another_school.id, "person_id": school.id, "role": "teacher"})


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


def test_another_schools_people_and_classes_are_as_if_they_did_not_exist(service, school, school_class, another_school):
    stranger, keeper = another_school.teacher, another_school.methodologist
    ids = [school.student.person_id]
    school.guardian(school.parent, school.student)
    assert call(service, People.names, stranger, person_ids=ids)["people"] == []
    assert call(service, Classes.classes, stranger)["classes"] == []
    assert call(service, People.student_facts, another_school.gradebook(), person_ids=ids)["students"] == []
    assert call(service, People.present_people, another_school.gradebook(), person_ids=ids)["people"] == []
    assert call(service, People.people, keeper, query="анисимов")["people"] == []
    refused = [
        (Consents.consents, keeper, {"person_id": ids[0]}),
        (Classes.class_list, stranger, {"class_id": school_class}),
        (People.set_contact, keeper, {"person_id": ids[0], "email": None}),
        (Credentials.order_credentials, keeper, {"person_ids": ids}),
        (Appointments.appoint, another_school.director, {"person_id": school.teacher.person_id, "role": "deputy"}),
        (
            Consents.record_consent, keeper,
            {"guardian_id": school.parent.person_id, "student_id": ids[0], "purpose": "portal", "granted": True},
        ),
    ]  # fmt: skip
    for method, actor, command in refused:
        with pytest.raises(NotFound):
            call(service, method, actor, **command)


def test_an_operator_sees_no_schools_inside(service, school):
    for method in (Classes.classes, People.people):
        with pytest.raises(Forbidden):
            call(service, method, add_operator(service))
