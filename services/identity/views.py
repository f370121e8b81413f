"""Answers made of rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from services.identity.rules.names import full_name
from services.identity.tables import BundleImport, Consent, ImportedSchool, Person, School, SchoolClass


def name(person: Person) -> str:
    """The whole name."""
    return full_name(person.family_name, person.given_name, person.patronymic)


def named(person: Person) -> dict[str, Any]:
    """A `NameView`."""
    return {
        "id": person.id,
        "family_name": person.family_name,
        "given_name": person.given_name,
        "patronymic": person.patronymic,
        "name": name(person),
    }


def person(row: Person, roles: Collection[str], login: str | None) -> dict[str, Any]:
    """A `PersonView`."""
    return {
        **named(row),
        "roles": sorted(roles),
        "email": row.email,
        "phone": row.phone,
        "login": login,
        "source_id": row.source_id,
    }


def school(row: School | ImportedSchool) -> dict[str, Any]:
    """A `SchoolView`."""
    school_id = row.id if isinstance(row, School) else row.school_id
    return {"id": school_id, "name": row.name, "source_id": row.source_id, "time_zone": row.time_zone}


def school_class(row: SchoolClass, students: int) -> dict[str, Any]:
    """A `ClassView`."""
    return {
        "id": row.id,
        "name": row.name,
        "grade": row.grade,
        "homeroom_teacher_id": row.homeroom_teacher_id,
        "students": students,
    }


def class_list(row: SchoolClass, enrolled: Iterable[Row[Person, date, date | None]], today: date) -> dict[str, Any]:
    """A `ClassListView`; the number of students is that of those who are in the class on `today`."""
    listed = [(student, since, until) for student, since, until in enrolled]
    present = {student.id for student, since, _ in listed if since <= today}
    return {
        **school_class(row, len(present)),
        "enrolled": [{**named(student), "since": since, "until": until} for student, since, until in listed],
    }


def membership(
    row: Person,
    at: School,
    roles: Collection[str],
    children: Collection[tuple[Person, str | None]],
    homeroom: Collection[SchoolClass],
) -> dict[str, Any]:
    """A `MembershipView`."""
    return {
        "school_id": at.id,
        "school_name": at.name,
        "person_id": row.id,
        "name": name(row),
        "roles": sorted(roles),
        "children": [
            {"student_id": child.id, "name": name(child), "class_name": class_name} for child, class_name in children
        ],
        "homeroom": [{"class_id": led.id, "name": led.name} for led in homeroom],
    }


def consent(row: Consent) -> dict[str, Any]:
    """A `ConsentView`."""
    return {
        "guardian_id": row.guardian_id,
        "student_id": row.student_id,
        "purpose": row.purpose,
        "granted": row.granted,
        "since": row.since,
    }


def student_fact(
    row: Person, guardians: Collection[Person], purposes: Mapping[tuple[UUID, UUID], list[str]]
) -> dict[str, Any]:
    """A `StudentFactView`; `purposes` are those consented to by (student, guardian)."""
    return {
        "student_id": row.id,
        "revision": row.revision,
        "name": name(row),
        "class_id": row.class_id,
        "guardians": [
            {
                "guardian_id": guardian.id,
                "email": guardian.email,
                "language": guardian.language,
                "purposes": purposes.get((row.id, guardian.id), []),
            }
            for guardian in guardians
        ],
    }


def class_fact(row: SchoolClass) -> dict[str, Any]:
    """A `ClassFactView`."""
    return {
        "class_id": row.id,
        "revision": row.revision,
        "name": row.name,
        "grade": row.grade,
        "homeroom_teacher_id": row.homeroom_teacher_id,
    }


def bundle_import(row: BundleImport, schools: Collection[ImportedSchool]) -> dict[str, Any]:
    """An `ImportView`; the counts are those of all its schools together."""
    counts: dict[str, list[int]] = {}
    for imported in schools:
        for kind, figures in imported.counts.items():
            counts[kind] = [a + b for a, b in zip(counts.get(kind, [0, 0, 0, 0]), figures)]
    return {
        "id": row.id,
        "status": row.status,
        "dry_run": row.dry_run,
        "file_name": row.file_name,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
        "schools": [school(imported) for imported in schools],
        "counts": [
            {"kind": kind, **dict(zip(("created", "changed", "unchanged", "removed"), figures))}
            for kind, figures in counts.items()
        ],
        "faults": row.faults,
    }
