"""Marks carry what their column and its lesson say, whoever writes the marks and whatever moves."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from cli.building import lessons, marks, write
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.tables import Mark
from services.gradebook.service import GradebookService
from tests.gradebook.bundles.test_entrypoints import Pages, identifier, imported
from tests.kit.calls import call
from tests.kit.databases import on_both
from tests.kit.marks import copies_and_originals

pytestmark = on_both


def check(service: GradebookService, number: int) -> None:
    copies, originals = copies_and_originals(service.unit_of_work)
    assert len(copies) == number
    assert copies == originals


def test_marks_of_every_writer_say_what_their_lesson_says(school: Any) -> None:
    changed = school.post(0, "5")
    command = {"mark_id": changed["id"], "value": "4", "reason": "typed wrongly", "version": 1}
    call(school.service, Marks.change_mark, school.teacher, **command)
    place = {"course_id": school.course_id, "date": school.day(-3), "works_anyway": True}
    unnumbered = call(school.service, Lessons.add_lesson, school.teacher, **place)["id"]
    column = [{"student_id": student, "value": "3"} for student in school.students]
    for kind_id in (school.answer_id, school.control_id):
        entered = {"lesson_id": unnumbered, "kind_id": kind_id, "marks": column}
        call(school.service, Marks.post_marks, school.teacher, **entered)
    lesson = lessons.lesson(uuid7(), school.course_id, school.day(-5), 4)
    built = marks.column(lesson, school.answer_id, school.students)
    write(school.service.unit_of_work, school.id, lessons.lessons([lesson]), built)
    check(school.service, 10)


def test_marks_of_a_bundle_follow_their_line_item(service: GradebookService) -> None:
    """Its next version moves the first line item to a day with a numbered lesson, and the second to another kind."""
    school_id = uuid4()
    service.ask = pages = Pages()
    imported(service, school_id)
    check(service, 3)
    lesson = lessons.lesson(uuid7(), UUID(identifier("course")), date(2025, 9, 11), 2)
    write(service.unit_of_work, school_id, lessons.lessons([lesson]))
    pages.rows["works"][0]["date"], pages.rows["works"][1]["kind_id"] = "2025-09-11", identifier("control")
    pages.rows["marks"][0]["value"] = "2"
    assert imported(service, school_id)["counts"]["works"] == [0, 2, 0, 0]
    check(service, 3)
    with service.unit_of_work.of(school_id) as session:
        of_first = select(Mark.lesson_id, Mark.number).where(Mark.work_id == UUID(identifier("w1")))
        assert {tuple(row) for row in session.execute(of_first)} == {(lesson["id"], 2)}


@pytest.mark.parametrize("number", [None, 3])
def test_marks_follow_their_lesson_and_no_other(school: Any, number: int | None) -> None:
    place = {"course_id": school.course_id, "date": school.today, "number": 2, "works_anyway": True}
    stays = call(school.service, Lessons.add_lesson, school.teacher, **place)["id"]
    school.post(0, "5")
    school.post(0, "4", lesson_id=stays)
    moved = {"date": school.day(-2), "number": number, "course_id": school.other_course_id}
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == school.lesson_id).values(moved))
        rows = session.execute(select(Mark.date, Mark.number, Mark.course_id).order_by(Mark.date)).all()
    assert [tuple(row) for row in rows] == [tuple(moved.values()), (school.today, 2, school.course_id)]
    check(school.service, 2)
