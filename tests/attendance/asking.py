"""What tests ask attendance: checks, absences, and the events it recorded."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from contracts.attendance.absences import Absences
from contracts.attendance.checks import Checks
from kernel.data.outbox import OutboxRow
from tests.kit.calls import call
from tests.kit.people import TODAY


def check(service, actor, lesson_id, *absences: tuple[Any, str] | tuple[Any, str, int]) -> dict[str, Any]:
    """Check a lesson; an absence is a student, a code and, for lateness, minutes."""
    entries = [
        {"student_id": who.person_id, "code": code, "minutes": m[0] if m else None} for who, code, *m in absences
    ]
    return call(service, Checks.check_lesson, actor, lesson_id=lesson_id, absences=entries)


def checks(service, actor, *lesson_ids) -> dict[str, dict[str, Any]]:
    answer = call(service, Checks.lesson_checks, actor, lesson_ids=list(lesson_ids))
    return {view["lesson_id"]: view for view in answer["checks"]}


def absences_of(service, actor, student, starts_on=TODAY, ends_on=TODAY) -> list[dict[str, Any]]:
    answer = call(
        service,
        Absences.absences_of,
        actor,
        student_id=student.person_id,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    assert answer["student_id"] == str(student.person_id)
    return answer["absences"]


def codes(view: dict[str, Any]) -> dict[str, str]:
    return {entry["student_id"]: entry["code"] for entry in view["absences"]}


def recorded(service, school, event="absence_recorded") -> list[OutboxRow]:
    """The school's events of a name that wait to be published."""
    with service.unit_of_work.of(school.id) as session:
        wanted = select(OutboxRow).where(OutboxRow.tenant_id == school.id, OutboxRow.event == event)
        return list(session.scalars(wanted))
