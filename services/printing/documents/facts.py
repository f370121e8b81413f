"""Fetches the data of a journal page from the services that own them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.attendance.checks import Checks
from contracts.gradebook.journal import Journal
from contracts.identity.classes import Classes
from contracts.identity.people import People
from contracts.identity.schools import Schools
from kernel.contract import given, in_parts
from kernel.names import Name
from kernel.running.providers import Ask
from services.printing.documents.rules import spread
from services.printing.documents.tables import PrintJob


def journal(ask: Ask, job: PrintJob) -> dict[str, Any]:
    """The data of the page for the template, as their owners have them now."""
    page = ask(Journal.journal_page, course_id=job.course_id, term_id=job.term_id)
    people = sorted({*page.student_ids, *page.course.teacher_ids})
    lessons = [lesson.id for lesson in page.lessons]
    names = {
        str(one.id): Name(one.family_name, one.given_name, one.patronymic, one.birth_year)
        for ids in in_parts(people)
        for one in ask(People.names, person_ids=ids).people
    }
    checks = [check for ids in in_parts(lessons) for check in ask(Checks.lesson_checks, lesson_ids=ids).checks]
    (school,) = ask(Schools.schools).schools
    class_name = _class_name(ask, page.course.class_id)
    return spread.journal(
        given(page), names=names, checks=map(given, checks), school=school.name, class_name=class_name
    )


def _class_name(ask: Ask, class_id: UUID | None) -> str:
    if class_id is None:
        return ""
    classes = ask(Classes.class_facts, class_ids=[class_id]).classes
    return classes[0].name if classes else ""
