"""Rows of two schools with the very same ids stay apart: in every join and subquery."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from contracts.gradebook.calendar import Calendar
from contracts.gradebook.courses import Courses
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from tests.kit.calls import call
from tests.kit.databases import on_both

pytestmark = on_both


def everything(school: Any) -> dict[str, Any]:
    """What each page says in the school."""
    service, student_id = school.service, school.students[0]
    notices = school.service_actor("notifications")
    wanted: list[tuple[Any, Any, dict[str, Any]]] = [
        (Calendar.calendar, school.parent, {}),
        (Marks.kinds, school.parent, {}),
        (Courses.courses, school.director, {}),
        (Courses.courses, school.homeroom, {"class_id": school.class_id}),
        (Lessons.day, school.teacher, {"date": school.today}),
        (Lessons.lesson, school.homeroom, {"lesson_id": school.lesson_id}),
        (Journal.journal_page, school.teacher, {"course_id": school.course_id, "term_id": school.term_id}),
        (Journal.diary_week, school.parent, {"student_id": student_id, "date": school.today}),
        (
            Journal.marks_of,
            school.homeroom,
            {"student_id": student_id, "starts_on": school.day(-100), "ends_on": school.day(100)},
        ),
        (Journal.notices, notices, {"lesson_ids": [school.lesson_id]}),
    ]
    return {f"{method} {actor.roles}": call(service, method, actor, **command) for method, actor, command in wanted}


def test_a_school_with_the_same_ids_changes_nothing_here(school: Any) -> None:
    posted = school.post(0, "5")
    before = everything(school)
    same = {field.name: getattr(school, field.name) for field in fields(school) if field.name not in ("service", "id")}
    twin = type(school)(school.service, **same)
    theirs = twin.post(0, "2", comment="theirs")
    command = {"lesson_id": twin.lesson_id, "version": 1, "topic": "theirs", "homework": "theirs"}
    call(twin.service, Lessons.describe_lesson, twin.teacher, **command)
    assert everything(school) == before
    assert "theirs" in str(everything(twin))
    assert posted["id"] not in str(everything(twin))
    changed = {"mark_id": theirs["id"], "value": "3", "reason": "typed wrongly", "version": 1}
    call(twin.service, Marks.change_mark, twin.teacher, **changed)
    assert everything(school) == before
