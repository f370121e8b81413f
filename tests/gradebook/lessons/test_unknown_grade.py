"""A lesson of a class of unknown grade takes neither marks nor homework until somebody says the grade."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from uuid_utils.compat import uuid7

from cli.building import copies
from contracts.gradebook.homework import Homework
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from kernel.errors import Invalid
from services.gradebook.courses import tables as courses_tables
from services.gradebook.homework import tables as homework_tables
from services.gradebook.lessons import tables as lessons_tables
from services.gradebook.marks import tables as marks_tables
from services.gradebook.people import tables as people_tables
from tests.kit.calls import call, statements

CLUB = "Клуб робототехники"


@pytest.fixture
def club(school: Any) -> Any:
    """The school, whose class of the teacher's course is of a grade that nobody has said."""
    say(school, school.class_id, name=CLUB, grade=None)
    return school


def say(school: Any, class_id: UUID, **values: Any) -> None:
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(
            update(people_tables.ClassCopy).where(people_tables.ClassCopy.class_id == class_id).values(values)
        )


def lesson_of(school: Any, lesson_id: UUID | None = None) -> dict[str, Any]:
    return call(school.service, Lessons.lesson, school.teacher, lesson_id=lesson_id or school.lesson_id)


def taken(shown: dict[str, Any]) -> tuple[bool, bool, str | None]:
    return shown["takes_marks"], shown["takes_homework"], shown["grade_unknown_of"]


def describe(school: Any, lesson_id: UUID | None = None, **what: Any) -> dict[str, Any]:
    shown = lesson_of(school, lesson_id)
    command = {"lesson_id": shown["id"], "version": shown["version"], **what}
    return call(school.service, Lessons.describe_lesson, school.teacher, **command)


def set_column(school: Any, lesson_id: UUID, **entry: Any) -> list[dict[str, Any]]:
    command = {"lesson_id": lesson_id, "reason": "Описка", "marks": [entry]}
    return call(school.service, Marks.set_column, school.teacher, **command)["marks"]


def test_p01_every_way_to_a_mark_is_refused_and_names_the_class(club: Any) -> None:
    with pytest.raises(Invalid) as posted:
        club.post(0, "5")
    with pytest.raises(Invalid) as column:
        set_column(club, club.lesson_id, student_id=club.students[0], value="5")
    for refused, field in ((posted, "student_id"), (column, "marks.0.student_id")):
        assert (refused.value.rule, refused.value.field) == ("grade-unknown", field)
        assert refused.value.params["school_class"] == CLUB
    assert club.count(marks_tables.Mark) == 0


def test_p01_homework_is_refused_in_every_form_and_the_topic_is_taken(club: Any) -> None:
    for refused in (
        lambda: describe(club, homework="§ 5"),
        lambda: call(
            club.service, Homework.set_homework, club.teacher, lesson_id=club.lesson_id, version=0, minutes=20
        ),
    ):
        with pytest.raises(Invalid) as told:
            refused()
        assert (told.value.rule, told.value.field) == ("grade-unknown", "homework")
    assert describe(club, topic="Датчики")["topic"] == "Датчики"
    assert club.count(homework_tables.HomeworkDetail) == 0


def test_lesson_day_and_journal_say_for_which_class_they_wait(club: Any) -> None:
    assert taken(lesson_of(club)) == (False, False, CLUB)
    day = call(club.service, Lessons.day, club.teacher, date=club.today)["lessons"]
    assert {one["title"]: taken(one) for one in day} == {
        "Algebra 7A": (False, False, CLUB), "Reading 1B": (False, False, None), "Choir": (True, False, CLUB),
    }  # fmt: skip
    page = call(club.service, Journal.journal_page, club.teacher, course_id=club.course_id, term_id=club.term_id)
    assert {taken(one) for one in page["lessons"]} == {(False, False, CLUB)}


@pytest.mark.parametrize("said", [{"grade": 7}, {"several_grades": True}])
def test_what_somebody_says_lets_marks_and_homework_in(club: Any, said: dict[str, Any]) -> None:
    say(club, club.class_id, **said)
    assert taken(lesson_of(club)) == (True, True, None)
    assert club.post(0, "5")["value"] == "5"
    assert describe(club, homework="§ 5")["homework"] == "§ 5"


def test_grade_one_that_somebody_says_bans_both(club: Any) -> None:
    say(club, club.class_id, grade=1)
    with pytest.raises(Invalid) as refused:
        club.post(0, "5")
    assert refused.value.rule == "no-marks-in-grade-1"


def test_the_grade_of_the_course_itself_is_enough(club: Any) -> None:
    with club.service.unit_of_work.of(club.id) as session:
        session.get_one(courses_tables.Course, (club.id, club.course_id)).grade = 7
    assert taken(lesson_of(club)) == (True, True, None)
    assert club.post(0, "5")["value"] == "5"


def test_in_a_group_across_classes_each_student_is_of_the_grade_of_the_own_class(club: Any) -> None:
    joined = uuid7()
    club.save(courses_tables.CourseMember, club.member_row(club.group_id, joined))
    for table, rows in copies.copies([copies.Class(uuid7(), "6Б", 6, (joined,))], {}):
        club.save(table, *rows)
    assert set_column(club, club.group_lesson_id, student_id=joined, value="4")[0]["value"] == "4"
    for student, rule in ((club.students[0], "grade-unknown"), (club.first_grader, "no-marks-in-grade-1")):
        with pytest.raises(Invalid) as refused:
            set_column(club, club.group_lesson_id, student_id=student, value="4")
        assert refused.value.rule == rule
    say(club, club.first_class_id, grade=2)
    with pytest.raises(Invalid) as homework:
        describe(club, club.group_lesson_id, homework="Ноты")
    assert (homework.value.rule, homework.value.params["school_class"]) == ("grade-unknown", CLUB)
    say(club, club.class_id, several_grades=True)
    assert describe(club, club.group_lesson_id, homework="Ноты")["homework"] == "Ноты"


def test_a_club_of_several_grades_keeps_the_ban_for_a_student_of_grade_one(club: Any) -> None:
    say(club, club.class_id, several_grades=True)
    club.save(courses_tables.CourseMember, club.member_row(club.course_id, club.first_grader))
    with pytest.raises(Invalid) as refused:
        set_column(club, club.lesson_id, student_id=club.first_grader, value="5")
    assert refused.value.rule == "no-marks-in-grade-1"
    with pytest.raises(Invalid) as homework:
        describe(club, homework="§ 5")
    assert homework.value.rule == "no-homework-in-grade-1"


def test_a_group_whose_students_are_of_no_class_waits_for_the_grade_of_the_course(school: Any) -> None:
    course_id, lesson_id, student = uuid7(), uuid7(), uuid7()
    with school.service.unit_of_work.of(school.id) as session:
        subject_id = session.get_one(courses_tables.Course, (school.id, school.course_id)).subject_id
    row = {"id": course_id, "title": "Хор", "subject_id": subject_id, "class_id": None, "year_id": school.year_id}
    school.save(courses_tables.Course, row)
    school.save(courses_tables.CourseTeacher, {"course_id": course_id, "teacher_id": school.teacher.person_id})
    school.save(courses_tables.CourseMember, school.member_row(course_id, student))
    school.save(lessons_tables.Lesson, school.lesson_row(lesson_id, course_id, school.today))
    assert taken(lesson_of(school, lesson_id)) == (False, False, "")
    with pytest.raises(Invalid) as refused:
        set_column(school, lesson_id, student_id=student, value="5")
    assert (refused.value.rule, "school_class" in refused.value.params) == ("grade-unknown", False)


def test_a_mark_that_was_there_can_be_taken_back_and_not_changed(school: Any) -> None:
    mark = school.post(0, "4")
    say(school, school.class_id, name=CLUB, grade=None)
    change = {"mark_id": mark["id"], "version": 1, "reason": "Описка"}
    with pytest.raises(Invalid) as refused:
        call(school.service, Marks.change_mark, school.teacher, **change, value="5")
    assert (refused.value.rule, refused.value.field) == ("grade-unknown", "value")
    assert call(school.service, Marks.change_mark, school.teacher, **change, value=None)["value"] is None


def test_knowing_the_grades_costs_no_statement(school: Any, engine: Any) -> None:
    counts = []
    for lesson_id in (school.lesson_id, school.group_lesson_id):
        with statements(engine) as seen:
            lesson_of(school, lesson_id)
        counts.append(len(seen))
    assert counts[0] == counts[1]
