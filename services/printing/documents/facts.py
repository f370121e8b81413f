"""Fetches the data of a journal page from the services that own them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.attendance.checks import Checks
from contracts.gradebook.journal import JournalPageView
from contracts.identity.classes import Classes
from contracts.identity.people import People
from contracts.identity.schools import Schools
from kernel.clock import local_date, now
from kernel.contract import given, in_parts
from kernel.names import Name
from kernel.running.providers import Ask
from services.printing.documents.rules import spread


def journal(ask: Ask, page: JournalPageView) -> dict[str, Any]:
    """The data of a page for the template, as their owners have them now.

    Printing asks for what the gradebook does not have by itself: who may see the page may see it printed.
    """
    people = sorted({*page.student_ids, *page.course.teacher_ids})
    lessons = [lesson.id for lesson in page.lessons]
    names = {
        str(one.id): Name(one.family_name, one.given_name, one.patronymic, one.birth_year)
        for ids in in_parts(people)
        for one in ask(People.names, person_ids=ids, as_service=True).people
    }
    checks = [
        check
        for ids in in_parts(lessons)
        for check in ask(Checks.lesson_checks, lesson_ids=ids, as_service=True).checks
    ]
    (school,) = ask(Schools.schools, as_service=True).schools
    return spread.journal(
        given(page),
        names=names,
        checks=map(given, checks),
        school=school.name,
        class_name=_class_name(ask, page.course.class_id),
        made_on=local_date(now(), school.time_zone),
    )


def _class_name(ask: Ask, class_id: UUID | None) -> str:
    if class_id is None:
        return ""
    classes = ask(Classes.class_facts, class_ids=[class_id], as_service=True).classes
    return classes[0].name if classes else ""
