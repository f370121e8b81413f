"""The page of the journal's grid: its columns, rows and cells, and what may be entered in them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update
from uuid_utils.compat import uuid7

from contracts.gradebook.sheets import Sheets
from kernel.auth import Actor
from kernel.errors import Forbidden, NotFound
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.courses import tables as courses_tables
from services.gradebook.lessons import tables as lessons_tables
from services.gradebook.marks import tables as marks_tables
from tests.gradebook.journal.test_entrypoints import filled, taken_back
from tests.gradebook.marks.test_columns import imported
from tests.gradebook.sheets.test_entries import enter, entry
from tests.kit.calls import call, statements
from tests.kit.databases import on_both


def sheet(school: Any, actor: Actor | None = None, course: Any = None) -> dict[str, Any]:
    command = {"course_id": course or school.course_id, "term_id": school.term_id}
    return call(school.service, Sheets.sheet, actor or school.teacher, **command)


def texts(page: dict[str, Any]) -> dict[tuple[str, str, str], str]:
    """Student, day and kind of work → text."""
    return {
        (page["rows"][row]["student_id"], page["columns"][column]["date"], page["columns"][column]["kind"]): text
        for row, column, text, *_ in page["marks"]
    }


@on_both
def test_a_lesson_has_a_column_for_each_kind_of_work_in_it_and_one_without_any(school: Any) -> None:
    school.post(0, "5", comment="good")
    school.post(1, "4", kind_id=school.control_id)
    page = sheet(school)
    first, second, third = page["columns"]
    assert [(one["kind"], one["weight"], one["first"]) for one in (first, second, third)] == [
        ("Ответ на уроке", "1", True), ("Контрольная работа", "2.5", False), ("Ответ на уроке", "1", True)
    ]  # fmt: skip
    assert [one["lesson_id"] for one in (first, second, third)] == [
        str(school.lesson_id), str(school.lesson_id), str(school.future_lesson_id)
    ]  # fmt: skip
    students, day = list(map(str, school.students)), str(school.today)
    assert texts(page) == {
        (students[0], day, "Ответ на уроке"): "5", (students[1], day, "Контрольная работа"): "4"
    }  # fmt: skip
    (answer,) = [cell for cell in page["marks"] if cell[2] == "5"]
    assert (answer[3], answer[5], answer[6]) == (1, "good", "")
    assert [row["student_id"] for row in page["rows"]] == sorted(students)
    assert {row["student_id"]: row["mean"] for row in page["rows"]}[students[0]] == "5.00"


def test_marks_taken_back_leave_their_cell_and_their_column_empty(school: Any) -> None:
    taken_back(school, school.post(0, "5", kind_id=school.control_id))
    page = sheet(school)
    assert page["marks"] == []
    assert {one["kind"] for one in page["columns"]} == {"Ответ на уроке"}


def test_what_an_import_brought_beside_a_mark_stands_beside_it(school: Any) -> None:
    imported(school, 0, "3")
    imported(school, 0, "2")
    (cell,) = sheet(school)["marks"]
    assert (cell[2], cell[6]) == ("3", "2")
    posted = school.post(0, "5", comment="here")
    (cell,) = sheet(school)["marks"]
    assert cell[2:] == ["5", 1, posted["id"], "here", "2 3"] or cell[2:] == ["5", 1, posted["id"], "here", "3 2"]
    (answer,) = enter(school, entry(school, 0, "4", f"m{cell[3]}", reason="typed wrongly"))
    assert answer["marks"]["mark_id"] == cell[4], "what is shown is what is changed"


def test_columns_say_what_may_be_entered_in_them_and_why_not(school: Any) -> None:
    cancelled = {**school.lesson_row(uuid7(), school.course_id, school.day(-1)), "state": "cancelled"}
    school.save(lessons_tables.Lesson, {**cancelled, "reason": "карантин"})
    page = sheet(school)
    past, today, future = page["columns"]
    assert [one["writable"] for one in (past, today, future)] == [False, True, False]
    assert [one["refusal"] and one["refusal"]["rule"] for one in (past, today, future)] == [
        "lesson-cancelled", None, "lesson-in-future"
    ]  # fmt: skip
    assert [one["held"] for one in (past, today, future)] == [False, True, False]
    assert [one["absences"] for one in (past, today, future)] == [False, True, False]
    assert past["reason"] == "карантин"
    read = sheet(school, school.director)
    assert {one["refusal"]["rule"] for one in read["columns"]} == {"not-your-course"}
    assert read["may_write"] is False


def test_a_closed_term_takes_neither_marks_nor_absences(school: Any) -> None:
    with school.service.unit_of_work.of(school.id) as session:
        moved = update(lessons_tables.Lesson).where(lessons_tables.Lesson.id == school.lesson_id)
        session.execute(moved.values(date=school.day(-10)))
    school.end_term(5)
    (column,) = sheet(school)["columns"]
    assert (column["refusal"]["rule"], column["absences"]) == ("term-closed", False)


def test_kinds_of_work_say_the_marks_of_their_scale(school: Any) -> None:
    assert {" ".join(kind["marks"]) for kind in sheet(school)["kinds"]} == {"5 4 3 2 1"}


def test_whose_absences_one_enters_is_the_policys(school: Any) -> None:
    assert sheet(school)["absences"] == "none"
    own = sheet(school, school.homeroom)
    assert (own["absences"], {row["own"] for row in own["rows"]}) == ("own", {True})
    assert sheet(school, school.director)["absences"] == "none"
    school.vote(teachers_enter_absences=True)
    assert sheet(school)["absences"] == "all"
    assert sheet(school, school.homeroom)["absences"] == "own"


def test_rows_of_grade_1_take_no_marks_and_say_why(school: Any) -> None:
    (row,) = sheet(school, course=school.first_course_id)["rows"]
    assert (row["takes_marks"], row["refusal"]["rule"]) == (False, "no-marks-in-grade-1")
    chosen = {row["student_id"]: row["takes_marks"] for row in sheet(school, course=school.group_id)["rows"]}
    assert chosen == {str(school.students[0]): True, str(school.first_grader): False}


def test_days_before_joining_and_after_leaving_are_shaded(school: Any) -> None:
    for back in (4, 2):
        school.save(lessons_tables.Lesson, school.lesson_row(uuid7(), school.course_id, school.day(-back)))
    with school.service.unit_of_work.of(school.id) as session:
        member = courses_tables.CourseMember
        late = update(member).where(member.course_id == school.course_id, member.student_id == school.students[0])
        session.execute(late.values(since=school.day(-1)))
        gone = update(member).where(member.course_id == school.course_id, member.student_id == school.students[1])
        session.execute(gone.values(until=school.day(-3)))
    page = sheet(school)
    rows = [row["student_id"] for row in page["rows"]]
    shades = {rows[row]: (first, last, why) for row, first, last, why in page["shades"]}
    assert shades == {str(school.students[0]): (0, 1, "not-yet"), str(school.students[1]): (1, 3, "left")}


def test_holidays_of_the_grade_within_the_term_are_told(school: Any) -> None:
    def off(name: str, first: int, grades: list[int]) -> dict[str, Any]:
        days = {"first": school.day(first), "last": school.day(first + 6)}
        return {"id": uuid7(), "year_id": school.year_id, "kind": "holidays", "name": name, **days,
                "grades": grades}  # fmt: skip

    school.save(
        calendar_tables.DayOff, off("осенние", -30, []), off("для первых", -60, [1]), off("весенние", 60, []),
    )  # fmt: skip
    assert [one["title"] for one in sheet(school)["holidays"]] == ["осенние"]


def test_a_mark_of_a_student_who_is_in_the_course_no_more_has_a_row(school: Any) -> None:
    school.post(0, "5")
    with school.service.unit_of_work.of(school.id) as session:
        member = courses_tables.CourseMember
        gone = update(member).where(member.course_id == school.course_id, member.student_id == school.students[0])
        session.execute(gone.values(since=school.day(-90), until=school.day(-90)))
    page = sheet(school)
    assert str(school.students[0]) in [row["student_id"] for row in page["rows"]]
    assert len(page["marks"]) == 1


@pytest.mark.parametrize("who", ["other_teacher", "parent", "student"])
def test_others_do_not_see_it(school: Any, who: str) -> None:
    with pytest.raises(NotFound if who == "other_teacher" else Forbidden):
        sheet(school, getattr(school, who))


def test_a_term_of_another_division_is_not_found(school: Any) -> None:
    with pytest.raises(NotFound):
        call(school.service, Sheets.sheet, school.teacher, course_id=school.course_id, term_id=school.other_course_id)


def test_the_number_of_statements_does_not_depend_on_what_is_there(school: Any, engine: Any) -> None:
    with statements(engine) as few:
        sheet(school)
    filled(school, 5, per_lesson=2)
    with statements(engine) as many:
        page = sheet(school)
    assert len(page["marks"]) == 30
    assert len(few) == len(many) == 5
    assert school.count(marks_tables.Mark) == 30
