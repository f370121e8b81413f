"""Marks that come along when a student moves to another class, on real SQL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from uuid_utils.compat import uuid7

from cli.building import copies, write
from contracts.gradebook.journal import Journal
from contracts.gradebook.marks import Marks
from contracts.gradebook.openings import Openings
from contracts.gradebook.sheets import Sheets
from contracts.gradebook.term_marks import TermMarks
from kernel.clock import now
from kernel.errors import Forbidden, Invalid, NotFound
from services.gradebook.calendar.tables import Term
from services.gradebook.courses.tables import Course, CourseMember, CourseTeacher
from services.gradebook.lessons.tables import Lesson
from services.gradebook.people.tables import StudentCopy
from services.gradebook.term_marks.tables import TermMark, TermMarkRevision, TermSheet, TermSheetStep
from tests.gradebook.sheets.test_entries import entry
from tests.kit.calls import call, statements
from tests.kit.databases import on_both


class Move:
    """The first student of 7A moved to 7B, with 5 5 4 in algebra; 7B gave a 3 since."""

    def __init__(self, school: Any) -> None:
        self.school = school
        self.student: UUID = school.students[0]
        self.other_student = uuid7()
        self.new_teacher = school.actor("teacher")
        self.new_homeroom = school.actor("teacher")
        self.class_id, self.course_id, self.lesson_id = uuid7(), uuid7(), uuid7()
        self.days = [school.day(-20), school.day(-15), school.day(-12)]
        for day, value in zip(self.days, "554", strict=True):
            self._mark(school.course_id, school.teacher, day, value)
        self._move()
        self._mark(self.course_id, self.new_teacher, school.day(-2), "3", self.lesson_id)

    def _mark(self, course_id: UUID, teacher: Any, day: Any, value: str, lesson_id: UUID | None = None) -> None:
        lesson = lesson_id or uuid7()
        self.school.save(Lesson, self.school.lesson_row(lesson, course_id, day))
        command = {"lesson_id": lesson, "student_id": self.student, "value": value}
        call(self.school.service, Marks.post_mark, teacher, **command)

    def _move(self) -> None:
        """Until ten days ago in 7A, since eight days ago in 7B."""
        school = self.school
        seventh_b = copies.Class(self.class_id, "7B", 7, (), self.new_homeroom.person_id)
        write(school.service.unit_of_work, school.id, copies.copies([seventh_b], {}))
        with school.service.unit_of_work.of(school.id) as session:
            subject_id = session.scalars(select(Course.subject_id).where(Course.id == school.course_id)).one()
            ended = update(CourseMember).where(
                CourseMember.course_id == school.course_id, CourseMember.student_id == self.student
            )
            session.execute(ended.values(until=school.day(-10)))
            moved = update(StudentCopy).where(StudentCopy.student_id == self.student)
            session.execute(moved.values(class_id=self.class_id))
        course = {"id": self.course_id, "title": "Algebra 7B", "subject_id": subject_id, "class_id": self.class_id}
        school.save(Course, {**course, "year_id": school.year_id})
        school.save(CourseTeacher, {"course_id": self.course_id, "teacher_id": self.new_teacher.person_id})
        school.save(CourseMember, school.member_row(self.course_id, self.student, -8))

    def leaves(self, course_id: UUID, last: int) -> None:
        """The student leaves a course on a day counted from today."""
        school = self.school
        with school.service.unit_of_work.of(school.id) as session:
            ended = update(CourseMember).where(
                CourseMember.course_id == course_id, CourseMember.student_id == self.student
            )
            session.execute(ended.values(until=school.day(last)))

    def joins_third(self, since: int) -> UUID:
        """The student leaves 7B for a third course."""
        school, third = self.school, uuid7()
        self.leaves(self.course_id, since - 1)
        with school.service.unit_of_work.of(school.id) as session:
            subject_id = session.scalars(select(Course.subject_id).where(Course.id == school.course_id)).one()
        course = {"id": third, "title": "Algebra 7C", "subject_id": subject_id, "class_id": uuid7()}
        school.save(Course, {**course, "year_id": school.year_id})
        school.save(CourseMember, school.member_row(third, self.student, since))
        return third

    def has_term_mark(self, course_id: UUID, term_id: UUID, value: str) -> None:
        """The student has a term mark in a course, which the family sees."""
        place = {"course_id": course_id, "term_id": term_id, "kind": "term", "student_id": self.student}
        state = {"reason": "", "comment": "", "version": 1, "set_by": self.school.teacher.person_id, "set_at": now()}
        self.school.save(TermMark, {"id": uuid7(), **place, **state, "value": value, "first_shown": value})

    def terms_meet_on(self, last: int) -> None:
        """The first term ends on a day counted from today, the second begins on the next one."""
        school = self.school
        with school.service.unit_of_work.of(school.id) as session:
            session.execute(update(Term).where(Term.id == school.term_id).values(ends_on=school.day(last)))
            later = update(Term).where(Term.id == school.later_term_id)
            session.execute(later.values(starts_on=school.day(last + 1)))

    def sheet(self, course_id: UUID, actor: Any) -> dict[str, Any]:
        """The grid of a course."""
        return call(self.school.service, Sheets.sheet, actor, course_id=course_id, term_id=self.school.term_id)

    def new_row(self) -> dict[str, Any]:
        """The student's row of the new course's grid."""
        (row,) = self.sheet(self.course_id, self.new_teacher)["rows"]
        return row

    def enter(self, lesson_id: UUID, text: str, **more: Any) -> dict[str, Any]:
        """An entry in a cell of the old course, by its teacher."""
        school = self.school
        given = entry(school, 0, text, lesson_id=lesson_id, **more)
        command = {"course_id": school.course_id, "entries": [given]}
        (answer,) = call(school.service, Sheets.enter_cells, school.teacher, **command)["answers"]
        return answer

    def of(self, what: Any, actor: Any, **more: Any) -> dict[str, Any]:
        """A question about the new course's term."""
        command = {"course_id": self.course_id, "term_id": self.school.term_id, **more}
        return call(self.school.service, what, actor, **command)


@pytest.fixture
def move(school: Any) -> Move:
    return Move(school)


def own(page: dict[str, Any], move: Move) -> dict[str, Any]:
    (row,) = [row for row in page["rows"] if row["student_id"] == str(move.student)]
    return row


@on_both
def test_p36_the_new_page_shows_the_marks_as_brought_with_their_origin_and_counts_them(move: Move) -> None:
    page = move.sheet(move.course_id, move.new_teacher)
    (brought,) = page["brought"]
    assert [(mark["text"], mark["date"]) for mark in brought["marks"]] == [
        (value, str(day)) for value, day in zip("554", move.days, strict=True)
    ]
    origin = {"title": "Algebra 7A", "class_name": "7A", "until": str(move.school.day(-10))}
    assert brought["origin"] == {**origin, "school": "", "document": ""}
    row = move.new_row()
    assert (row["mean"], row["counted"], row["takes_marks"]) == ("4.25", 4, True)
    assert [cell[2] for cell in page["marks"]] == ["3"], "a cell is of a lesson of the course"


def test_p36_the_old_page_keeps_the_marks_closed(move: Move) -> None:
    page = move.sheet(move.school.course_id, move.school.teacher)
    row = own(page, move)
    assert ([cell[2] for cell in page["marks"]], row["mean"]) == (["5", "5", "4"], "4.67")
    assert (row["takes_marks"], row["refusal"]["rule"], page["brought"]) == (False, "student-moved", [])
    assert all(one["takes_marks"] for one in page["rows"] if one is not row), "nobody else's are closed"
    (column,) = [one for one in page["columns"] if one["date"] == str(move.days[2])]
    answer = move.enter(column["lesson_id"], "2", seen="m1", reason="typed wrongly")
    assert (answer["state"], answer["refusal"]["rule"]) == ("refused", "student-moved")
    free = next(one for one in page["columns"] if one["date"] == str(move.school.today))
    assert move.enter(free["lesson_id"], "5")["refusal"]["rule"] == "student-not-in-course"


def test_p36_closed_marks_are_closed_on_every_way_and_the_methodologist_opens_them(move: Move) -> None:
    school = move.school
    page = move.sheet(school.course_id, school.teacher)
    (cell,) = [cell for cell in page["marks"] if cell[2] == "4"]
    lesson_id = page["columns"][cell[1]]["lesson_id"]
    change = {"mark_id": cell[4], "value": "3", "version": 1, "reason": "typed wrongly"}
    of_column = {"student_id": move.student, "value": "3", "version": 1}
    refused = [
        (Marks.change_mark, change),
        (Marks.set_column, {"lesson_id": lesson_id, "marks": [of_column], "reason": "typed wrongly"}),
        (Marks.post_mark, {"lesson_id": lesson_id, "student_id": move.student, "value": "3"}),
    ]
    for what, command in refused:
        with pytest.raises(Invalid) as refusal:
            call(school.service, what, school.teacher, **command)
        assert refusal.value.rule == "student-moved"
    opened = {"of": "course", "of_id": school.course_id, "first": move.days[0], "last": school.today}
    more = {"until": now() + timedelta(days=1), "reason": "Ошибка в отметке"}
    call(school.service, Openings.open_lessons, school.methodologist, **opened, **more)
    call(school.service, Marks.change_mark, school.teacher, **change)
    assert own(move.sheet(school.course_id, school.teacher), move)["takes_marks"]
    assert move.new_row()["mean"] == "4.00", "a correction counts where the student is"


def test_p36_the_term_mark_is_one_and_is_set_in_the_new_course(move: Move) -> None:
    school = move.school
    (row,) = move.of(TermMarks.course_term_marks, move.new_teacher)["rows"]
    assert (row["computed"]["text"], row["computed"]["mean"], row["computed"]["counted"]) == ("4", "4.25", 4)
    old = own(call(school.service, TermMarks.course_term_marks, school.teacher, **body_of(school)), move)
    assert (old["refusal"]["rule"], old["left_on"]) == ("left-the-course", str(school.day(-10)))
    entries = [{"student_id": move.student, "value": "4"}]
    (answer,) = move.of(TermMarks.set_term_marks, move.new_teacher, entries=entries)["answers"]
    assert answer["state"] == "saved"
    of_class = {"class_id": move.class_id, "term_id": school.term_id}
    page = call(school.service, TermMarks.class_term_marks, move.new_homeroom, **of_class)
    cells = {cell["course_id"]: cell for cell in page["cells"]}
    assert str(school.course_id) not in cells, "the course that was left has no column"
    assert (cells[str(move.course_id)]["value"], cells[str(move.course_id)]["mean"]) == ("4", "4.25")


def test_p36_the_journal_of_the_new_class_shows_what_was_brought(move: Move) -> None:
    of_class = {"class_id": move.class_id, "term_id": move.school.term_id}
    page = call(move.school.service, TermMarks.class_journal, move.new_homeroom, **of_class)
    cells = {cell["course_id"]: cell for cell in page["cells"] if cell["student_id"] == str(move.student)}
    assert str(move.school.course_id) not in cells, "the course that was left has no column"
    cell = cells[str(move.course_id)]
    assert (cell["mean"], cell["earlier"]) == ("4.25", 0)
    assert [(one["value"], one["brought"]) for one in cell["last"]] == [
        ("5", True), ("5", True), ("4", True), ("3", False)
    ]  # fmt: skip


def test_p36_the_figure_opens_with_the_origin_of_each_mark(move: Move) -> None:
    found = move.of(TermMarks.explained_term_mark, move.school.parent, student_id=move.student)
    assert [(one["text"], (one["origin"] or {}).get("class_name")) for one in found["inputs"]] == [
        ("5", "7A"), ("5", "7A"), ("4", "7A"), ("3", None)
    ]  # fmt: skip
    forecast = move.of(TermMarks.forecast_term_mark, move.school.parent, student_id=move.student, target="5")
    assert forecast["computed"]["mean"] == "4.25"


def test_p36_the_family_sees_the_subject_once_with_all_marks(move: Move) -> None:
    found = call(move.school.service, Journal.marks_of, move.school.parent, student_id=move.student)
    by_title = {one["title"]: one for one in found["subjects"]}
    assert "Algebra 7A" not in by_title
    subject = by_title["Algebra 7B"]
    assert ([mark["value"] for mark in subject["marks"]], subject["mean"]["value"]) == (["5", "5", "4", "3"], "4.25")
    assert [(mark["origin"] or {}).get("title") for mark in subject["marks"]] == ["Algebra 7A"] * 3 + [None]


def test_p36_a_printed_page_and_its_means_count_what_was_brought(move: Move) -> None:
    page = move.of(Journal.journal_page, move.new_teacher)
    ((mean,),) = ([one["mean"]["value"] for one in page["means"]],)
    assert (mean, [mark["text"] for mark in page["brought"][0]["marks"]]) == ("4.25", ["5", "5", "4"])


def test_term_marks_of_the_old_course_count_in_the_year_of_the_new_one(move: Move) -> None:
    """Whoever moves between two terms has a term mark in each of the two courses."""
    school = move.school
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Term).where(Term.id == school.term_id).values(ends_on=school.day(-10)))
        session.execute(update(Term).where(Term.id == school.later_term_id).values(starts_on=school.day(-9)))
    state = {
        "value": "5",
        "reason": "",
        "comment": "",
        "version": 1,
        "set_by": school.teacher.person_id,
        "set_at": now(),
    }
    place = {"course_id": school.course_id, "term_id": school.term_id, "kind": "term", "student_id": move.student}
    school.save(TermMark, {"id": uuid7(), **place, **state, "first_shown": None})
    second = {"term_id": school.later_term_id}
    later = [{"student_id": move.student, "value": "4", "reason": "Решение учителя"}]
    move.of(TermMarks.set_term_marks, move.new_teacher, **second, entries=later)
    year = {**second, "kind": "year"}
    (row,) = move.of(TermMarks.course_term_marks, move.new_teacher, **year)["rows"]
    assert (row["computed"]["mean"], row["computed"]["counted"]) == ("4.50", 2)
    found = move.of(TermMarks.explained_term_mark, move.new_teacher, student_id=move.student, **year)
    assert [(one["text"], (one["origin"] or {}).get("class_name")) for one in found["inputs"]] == [
        ("5", "7A"), ("4", None)
    ]  # fmt: skip
    page = call(
        school.service, TermMarks.class_term_marks, move.new_homeroom, class_id=move.class_id, kind="year", **second
    )
    means = {cell["course_id"]: cell["mean"] for cell in page["cells"]}
    assert means[str(move.course_id)] == "4.50"


def test_lessons_before_the_move_are_told_to_who_reads_the_new_course_alone(move: Move) -> None:
    found = move.of(Sheets.lessons_before, move.new_teacher)
    ((one),) = found["students"]
    assert (one["student_id"], len(one["lesson_ids"])) == (str(move.student), 3)
    with pytest.raises(NotFound):
        move.of(Sheets.lessons_before, move.school.teacher)


def test_a_page_costs_as_many_statements_however_many_moved(move: Move) -> None:
    school = move.school
    with statements(school.service.unit_of_work.engine) as first:
        move.sheet(move.course_id, move.new_teacher)
    for student in school.students[1:]:
        with school.service.unit_of_work.of(school.id) as session:
            ended = update(CourseMember).where(
                CourseMember.course_id == school.course_id, CourseMember.student_id == student
            )
            session.execute(ended.values(until=school.day(-10)))
        school.save(CourseMember, school.member_row(move.course_id, student, -8))
    with statements(school.service.unit_of_work.engine) as second:
        assert len(move.sheet(move.course_id, move.new_teacher)["brought"]) == 3
    assert len(second) == len(first)


def test_who_moves_on_in_the_next_term_leaves_the_figures_of_the_ended_one_as_they_were(move: Move) -> None:
    """From 7A to 7B in the first term, to 7C in the second: the first term's mark is that of 7B, with marks of 7A."""
    school, third = move.school, move.joins_third(-1)
    move.terms_meet_on(-5)
    page = move.sheet(move.course_id, move.new_teacher)
    assert [len(one["marks"]) for one in page["brought"]] == [3]
    (row,) = move.of(TermMarks.course_term_marks, move.new_teacher)["rows"]
    assert (row["computed"]["mean"], row["computed"]["counted"], row["refusal"]) == ("4.67", 3, None)
    of_class = {"class_id": move.class_id, "term_id": school.term_id}
    cells = call(school.service, TermMarks.class_term_marks, move.new_homeroom, **of_class)["cells"]
    assert {cell["course_id"]: cell["mean"] for cell in cells if cell["course_id"] != str(school.other_course_id)} == {
        str(move.course_id): "4.67", str(school.group_id): None
    }  # fmt: skip
    later = call(school.service, Sheets.sheet, school.director, course_id=third, term_id=school.later_term_id)
    assert [one["marks"][0]["text"] for one in later["brought"] if one["marks"]] == ["3"]


def test_who_comes_back_in_the_next_term_has_the_mark_of_the_ended_one_where_the_term_ended(move: Move) -> None:
    school = move.school
    move.leaves(move.course_id, -2)
    school.save(CourseMember, school.member_row(school.course_id, move.student, -1))
    move.terms_meet_on(-5)
    (row,) = move.of(TermMarks.course_term_marks, move.new_teacher)["rows"]
    assert (row["computed"]["mean"], row["computed"]["counted"], row["refusal"]) == ("4.67", 3, None)
    assert move.sheet(school.course_id, school.teacher)["brought"] == []
    later = {"course_id": school.course_id, "term_id": school.later_term_id}
    page = call(school.service, Sheets.sheet, school.teacher, **later)
    assert [(one["origin"]["title"], len(one["marks"])) for one in page["brought"]] == [("Algebra 7B", 1)]


def test_who_moves_between_two_terms_leaves_the_marks_open_where_the_ended_one_was(move: Move) -> None:
    """Its teacher goes on to enter marks until the term is closed: they count nowhere else."""
    school = move.school
    move.leaves(school.course_id, -3)
    with school.service.unit_of_work.of(school.id) as session:
        joined = update(CourseMember).where(CourseMember.course_id == move.course_id)
        session.execute(joined.values(since=school.day(-1)))
    move.terms_meet_on(-3)
    page = move.sheet(school.course_id, school.teacher)
    row = own(page, move)
    assert (row["takes_marks"], row["refusal"], row["mean"]) == (True, None, "4.67")
    (cell,) = [cell for cell in page["marks"] if cell[2] == "4"]
    change = {"seen": "m1", "reason": "typed wrongly"}
    assert move.enter(page["columns"][cell[1]]["lesson_id"], "5", **change)["state"] == "saved"
    entries = [{"student_id": move.student, "value": "5"}]
    (answer,) = call(school.service, TermMarks.set_term_marks, school.teacher, **body_of(school), entries=entries)[
        "answers"
    ]
    assert answer["state"] == "saved"
    assert move.sheet(move.course_id, move.new_teacher)["brought"] == []


def test_a_mark_of_the_course_that_was_joined_wins_over_one_that_was_set_before_in_its_year(move: Move) -> None:
    """Also where somebody else of the class is in the course that was left: the page of the class shows both."""
    school = move.school
    other = school.students[1]
    with school.service.unit_of_work.of(school.id) as session:
        moved = update(StudentCopy).where(StudentCopy.student_id == other)
        session.execute(moved.values(class_id=move.class_id))
    third = move.joins_third(-1)
    school.save(CourseMember, school.member_row(move.course_id, other), school.member_row(third, other))
    for course_id, value in ((third, "5"), (move.course_id, "3"), (school.course_id, "2")):
        move.has_term_mark(course_id, school.term_id, value)
    move.has_term_mark(third, school.later_term_id, "5")
    year = {"term_id": school.later_term_id, "kind": "year"}
    page = call(school.service, TermMarks.class_term_marks, move.new_homeroom, class_id=move.class_id, **year)
    means = {cell["course_id"]: cell["mean"] for cell in page["cells"] if cell["student_id"] == str(move.student)}
    assert means[str(third)] == "5.00"
    found = call(school.service, TermMarks.course_term_marks, school.director, course_id=third, **year)
    assert own(found, move)["computed"]["mean"] == "5.00"
    family = call(school.service, TermMarks.student_term_marks, school.parent, student_id=move.student)
    (subject,) = [one for one in family["subjects"] if one["course_id"] == str(third)]
    assert [mark["value"] for mark in subject["marks"]] == ["5", "5"]


def test_of_two_courses_that_were_left_the_mark_of_the_later_one_counts(move: Move) -> None:
    school, third = move.school, move.joins_third(-1)
    for course_id, value in ((move.course_id, "3"), (school.course_id, "2")):
        move.has_term_mark(course_id, school.term_id, value)
    move.has_term_mark(third, school.later_term_id, "3")
    year = {"term_id": school.later_term_id, "kind": "year"}
    found = call(school.service, TermMarks.course_term_marks, school.director, course_id=third, **year)
    assert own(found, move)["computed"]["mean"] == "3.00"
    page = call(school.service, TermMarks.class_term_marks, move.new_homeroom, class_id=move.class_id, **year)
    assert {cell["course_id"]: cell["mean"] for cell in page["cells"]}[str(third)] == "3.00"
    family = call(school.service, TermMarks.student_term_marks, school.parent, student_id=move.student)
    (subject,) = [one for one in family["subjects"] if one["course_id"] == str(third)]
    assert [mark["value"] for mark in subject["marks"]] == ["3", "3"]


def test_the_family_sees_marks_that_came_along_to_a_course_of_another_division(move: Move) -> None:
    """7B goes by half-years: its mean has the marks that 7A gave by quarters, for the family as for the teacher."""
    school, half = move.school, uuid7()
    with school.service.unit_of_work.of(school.id) as session:
        like = session.execute(select(Term.__table__).where(Term.id == school.term_id)).mappings().one()
        session.execute(update(Course).where(Course.id == move.course_id).values(division="halves"))
    school.save(Term, {**like, "id": half, "title": "1 полугодие", "division": "halves"})
    page = call(school.service, Sheets.sheet, move.new_teacher, course_id=move.course_id, term_id=half)
    assert page["rows"][0]["mean"] == "4.25"
    found = call(school.service, Journal.marks_of, school.parent, student_id=move.student, term_id=half)
    (subject,) = [one for one in found["subjects"] if one["title"] == "Algebra 7B"]
    assert ([mark["value"] for mark in subject["marks"]], subject["mean"]["value"]) == (["5", "5", "4", "3"], "4.25")
    quarter = call(school.service, Journal.marks_of, school.parent, student_id=move.student, term_id=school.term_id)
    assert [mark["value"] for one in quarter["subjects"] if one["title"] == "Algebra 7A" for mark in one["marks"]] == [
        "5", "5", "4"
    ]  # fmt: skip


def test_who_taught_the_new_course_before_the_student_came_reads_nothing_that_came_along(move: Move) -> None:
    school, former = move.school, move.school.actor("teacher")
    taught = {"course_id": move.course_id, "teacher_id": former.person_id}
    school.save(CourseTeacher, {**taught, "since": school.day(-100), "until": school.day(-12)})
    assert move.sheet(move.course_id, former)["brought"] == []
    assert move.of(Journal.journal_page, former)["brought"] == []
    assert move.of(Sheets.lessons_before, former)["students"] == []
    with pytest.raises(Forbidden):
        move.of(TermMarks.explained_term_mark, former, student_id=move.student)
    with pytest.raises(Forbidden):
        move.of(TermMarks.forecast_term_mark, former, student_id=move.student)


def body_of(school: Any) -> dict[str, Any]:
    return {"course_id": school.course_id, "term_id": school.term_id}


def moved_after_the_term(move: Move) -> None:
    """The first term ended before the student left 7A for 7B, which has another student."""
    school = move.school
    move.leaves(school.course_id, -3)
    with school.service.unit_of_work.of(school.id) as session:
        for course_id in (school.other_course_id, school.group_id):
            gone = CourseMember.course_id == course_id, CourseMember.student_id == move.student
            session.execute(delete(CourseMember).where(*gone))
        joined = update(CourseMember).where(CourseMember.course_id == move.course_id)
        session.execute(joined.values(since=school.day(-2)))
    school.save(CourseMember, school.member_row(move.course_id, move.other_student))
    school.save(StudentCopy, {"student_id": move.other_student, "class_id": move.class_id, "revision": 1})
    move.terms_meet_on(-3)


def test_a_class_is_checked_and_locked_without_courses_that_a_newcomer_left_after_the_term(move: Move) -> None:
    """The marks of 7A in the first term were handed in there; 7B, which the student joined later, waits for none."""
    school = move.school
    moved_after_the_term(move)
    move.has_term_mark(school.course_id, school.term_id, "5")
    entries = [{"student_id": move.other_student, "value": "5", "reason": "Решение учителя"}]
    move.of(TermMarks.set_term_marks, move.new_teacher, entries=entries)
    move.of(TermMarks.hand_in_term_marks, move.new_teacher)
    of_class = {"class_id": move.class_id, "term_id": school.term_id}
    done = call(school.service, TermMarks.check_term_marks, move.new_homeroom, **of_class)
    assert [one["course_id"] for one in done["states"]] == [str(move.course_id)]
    call(school.service, TermMarks.lock_term_marks, school.methodologist, **of_class)


def test_a_course_that_a_newcomer_left_waits_until_it_was_handed_in_there(move: Move) -> None:
    school = move.school
    moved_after_the_term(move)
    long_ago, lately = (now() - timedelta(hours=hours) for hours in (4, 2))
    place = {"course_id": school.course_id, "term_id": school.term_id, "kind": "term"}
    said = {"reason": "", "comment": "", "version": 1, "set_by": school.teacher.person_id, "set_at": long_ago}
    mark_id, sheet_id = uuid7(), uuid7()
    mark = {"id": mark_id, **place, **said, "student_id": move.student, "value": "5", "first_shown": "5"}
    school.save(TermMark, mark)
    school.save(TermMarkRevision, {"term_mark_id": mark_id, **said, "value": "5"})
    step = {"state": "set", "version": 1, "changed_by": school.teacher.person_id, "changed_at": lately}
    school.save(TermSheet, {"id": sheet_id, **place, **step, "class_id": school.class_id})
    school.save(TermSheetStep, {"sheet_id": sheet_id, **step})
    states = []
    for as_of in (now() - timedelta(hours=3), now() - timedelta(hours=1)):
        of_class = {"class_id": move.class_id, "term_id": school.term_id, "as_of": as_of}
        columns = call(school.service, TermMarks.class_term_marks, school.director, **of_class)["courses"]
        states += [one["state"] for one in columns if one["course_id"] == str(school.course_id)]
    assert states == ["open", "locked"]


def test_who_was_in_no_course_when_a_term_ended_and_joined_one_after_it_gets_the_mark_in_that_which_was_left(
    move: Move,
) -> None:
    """As who comes into a class of groups, until somebody places them. Nobody has to wait for such a mark."""
    school = move.school
    move.leaves(school.course_id, -6)
    with school.service.unit_of_work.of(school.id) as session:
        joined = update(CourseMember).where(CourseMember.course_id == move.course_id)
        session.execute(joined.values(since=school.day(-1)))
    move.terms_meet_on(-3)
    page = call(school.service, TermMarks.course_term_marks, school.teacher, **body_of(school))
    assert (own(page, move)["refusal"], own(page, move)["left_on"]) == (None, str(school.day(-6)))
    assert [(one["class_id"], one["missing"]) for one in page["states"]] == [(str(school.class_id), 2)]
    entries = [{"student_id": move.student, "value": "5"}]
    (answer,) = call(school.service, TermMarks.set_term_marks, school.teacher, **body_of(school), entries=entries)[
        "answers"
    ]
    assert answer["state"] == "saved"
