"""What an import of a bundle did, as its tests look at it."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from sqlalchemy import select

from contracts.identity.people import StudentsChanged
from services.identity.classes import tables as classes_tables
from services.identity.people import tables as people_tables
from tests.identity.conftest import School, counts, events


def person(school: School, source_id: str) -> people_tables.Person:
    with school.service.unit_of_work.of(school.id) as session:
        return session.scalars(select(people_tables.Person).where(people_tables.Person.source_id == source_id)).one()


def roles(school: School, source_id: str) -> set[str]:
    wanted = select(people_tables.Role.role).where(
        people_tables.Role.person_id == person(school, source_id).id, people_tables.Role.held
    )
    with school.service.unit_of_work.of(school.id) as session:
        return set(session.scalars(wanted))


def classes_of(school: School, source_id: str) -> list[tuple[str, date, date | None]]:
    """Classes of a student, with the time in each."""
    student_id = person(school, source_id).id
    with school.service.unit_of_work.of(school.id) as session:
        rows = session.execute(
            select(classes_tables.SchoolClass.name, classes_tables.Enrolment.since, classes_tables.Enrolment.until)
            .join(classes_tables.SchoolClass, classes_tables.SchoolClass.id == classes_tables.Enrolment.class_id)
            .where(classes_tables.Enrolment.student_id == student_id)
            .order_by(classes_tables.Enrolment.since, classes_tables.SchoolClass.name)
        )
        return [(row.name, row.since, row.until) for row in rows]


def announced(school: School) -> set[str]:
    """Students who were announced."""
    return {
        student_id
        for row in events(school.service, StudentsChanged.NAME)
        if row.tenant_id == school.id
        for student_id in msgspec.json.decode(row.body)["student_ids"]
    }


def changes(status: dict[str, Any]) -> dict[str, tuple[int, int, int]]:
    """Kind → created, changed, removed, of the kinds to which something was done."""
    return {kind: (a, b, d) for kind, (a, b, _, d) in counts(status).items() if a or b or d}
