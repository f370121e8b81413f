"""What is read: journal pages, the diary, marks by course, calendar, notices."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from uuid_utils.compat import uuid7

from cli.building import marks as building
from contracts.gradebook.calendar import Calendar
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from kernel.errors import Forbidden, NotFound
from kernel.texts import Text
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.courses import tables as courses_tables
from services.gradebook.lessons import tables as lessons_tables
from services.gradebook.marks import tables as marks_tables
from services.gradebook.people import tables as people_tables
from tests.kit.calls import call, statements
from tests.kit.databases import on_both

STAFF = ["teacher", "homeroom", "director", "deputy", "methodologist"]
FAMILY = ["parent", "student"]


def taken_back(school: Any, mark: dict[str, Any]) -> None:
    command = {"mark_id": mark["id"], "value": None, "reason": "was not there", "version": mark["version"]}
    call(school.service, Marks.change_mark, school.teacher, **command)


def changed(school: Any, mark: dict[str, Any], value: str) -> None:
    command = {"mark_id": mark["id"], "value": value, "reason": "typed wrongly", "version": mark["version"]}
    call(school.service, Marks.change_mark, school.teacher, **command)


def filled(school: Any, lessons: int, per_lesson: int = 1) -> None:
    """More lessons of the course, each with a mark of every student."""
    for number in range(lessons):
        lesson_id = uuid7()
        row = school.lesson_row(lesson_id, school.course_id, school.today - timedelta(number % 5 + 1), number)
        school.save(lessons_tables.Lesson, row)
        marks = [{"student_id": student_id, "value": "4"} for student_id in school.students]
        kinds = [school.answer_id, school.control_id][:per_lesson]
        for kind_id in kinds:
            command = {"lesson_id": lesson_id, "kind_id": kind_id, "marks": marks}
            call(school.service, Marks.post_marks, school.teacher, **command)


# --- the school


def test_calendar_and_kinds_are_read_by_every_member(school: Any, engine: Engine) -> None:
    for actor in (school.parent, school.student, school.teacher, school.director):
        with statements(engine) as sent:
            (year,) = call(school.service, Calendar.calendar, actor)["years"]
        assert [term["title"] for term in year["terms"]] == ["I", "II"]
        assert len(sent) == 2
        kinds = call(school.service, Marks.kinds, actor)["kinds"]
        assert [(kind["name"], kind["weight"]) for kind in kinds] == [
            ("Контрольная работа", "2.5"),
            ("Ответ на уроке", "1"),
        ]
    with pytest.raises(Forbidden):
        call(school.service, Calendar.calendar, school.actor("operator"))


# --- the journal


def page(school: Any, actor: Any, **more: Any) -> dict[str, Any]:
    command = {"course_id": school.course_id, "term_id": school.term_id, **more}
    return call(school.service, Journal.journal_page, actor, **command)


def test_a_journal_page_holds_lessons_students_marks_and_means_of_its_term(school: Any) -> None:
    school.post(0, "5")
    school.post(0, "2", kind_id=school.control_id)
    school.post(1, "н/а")
    taken_back(school, school.post(2, "3"))
    found = page(school, school.teacher)
    assert found["course"]["title"] == "Algebra 7A"
    assert found["term"]["title"] == "I"
    assert found["student_ids"] == sorted(map(str, school.students))
    assert [lesson["id"] for lesson in found["lessons"]] == [
        str(school.lesson_id),
        str(school.future_lesson_id),
    ]
    assert sorted(mark["value"] or "" for mark in found["marks"]) == ["", "2", "5", "н/а"]
    means = {entry["student_id"]: entry["mean"] for entry in found["means"]}
    assert means[str(school.students[0])] == {
        "value": "2.86", "numerator": "10", "denominator": "3.5", "counted": 2, "left_out": 0,
    }  # fmt: skip
    assert means[str(school.students[1])] == {
        "value": None, "numerator": "0", "denominator": "0", "counted": 0, "left_out": 1,
    }  # fmt: skip
    assert means[str(school.students[2])]["left_out"] == 0
    assert page(school, school.teacher, term_id=school.later_term_id)["lessons"] == []


def test_a_journal_page_is_read_by_staff_and_written_by_the_teacher(school: Any) -> None:
    for reader in STAFF:
        assert page(school, getattr(school, reader))["may_write"] is (reader == "teacher")
    assert page(school, school.service_actor("printing"))["may_write"] is False


def test_the_journal_is_closed_to_students_and_parents(school: Any) -> None:
    for actor in (
        school.parent,
        school.student,
        school.actor("operator"),
        school.service_actor("notifications"),
    ):
        with pytest.raises(Forbidden):
            page(school, actor)


def test_another_teachers_page_and_another_schools_do_not_exist(school: Any, another_school: Any) -> None:
    with pytest.raises(NotFound):
        page(school, school.other_teacher)
    with pytest.raises(NotFound):
        page(school, school.director, course_id=another_school.course_id)
    with pytest.raises(NotFound):
        page(school, school.director, term_id=another_school.term_id)


def test_a_term_of_another_year_is_not_the_courses(school: Any) -> None:
    year_id, term_id = uuid7(), uuid7()
    dates = {"starts_on": school.day(-500), "ends_on": school.day(-200)}
    school.save(calendar_tables.Year, {"id": year_id, "title": "Last year", **dates})
    school.save(calendar_tables.Term, {"id": term_id, "year_id": year_id, "title": "I", **dates})
    with pytest.raises(NotFound):
        page(school, school.teacher, term_id=term_id)


def test_a_homeroom_teacher_reads_a_group_that_a_student_of_the_class_is_in(school: Any) -> None:
    assert page(school, school.homeroom, course_id=school.group_id)["course"]["class_id"] is None
    with pytest.raises(NotFound):
        page(school, school.homeroom, course_id=school.first_course_id)


@pytest.mark.parametrize(
    ("since", "until", "in_first_term", "in_second"),
    [(20, None, True, True), (21, None, False, True), (-100, 20, True, False), (-100, 21, True, True)],
)
def test_a_page_holds_who_was_in_the_course_on_any_day_of_its_term(
    school: Any, since: int, until: int | None, in_first_term: bool, in_second: bool
) -> None:
    student = uuid7()
    member = school.member_row(school.course_id, student, since) | {"until": until and school.day(until)}
    school.save(courses_tables.CourseMember, member)
    for term_id, was_in in ((school.term_id, in_first_term), (school.later_term_id, in_second)):
        assert (str(student) in page(school, school.teacher, term_id=term_id)["student_ids"]) is was_in


def test_a_page_costs_the_same_however_much_is_on_it(school: Any, engine: Engine) -> None:
    with statements(engine) as empty:
        page(school, school.teacher)
    filled(school, 12, per_lesson=2)
    with statements(engine) as full:
        found = page(school, school.teacher)
    assert len(found["marks"]) == 12 * 2 * 3
    assert len(full) == len(empty) == 3, full


# --- the family


def diary(school: Any, actor: Any, student_id: UUID | None = None, **more: Any) -> dict[str, Any]:
    command = {"student_id": student_id or school.students[0], "date": school.today, **more}
    return call(school.service, Journal.diary_week, actor, **command)


def lessons_on(found: dict[str, Any], day: Any) -> list[dict[str, Any]]:
    lessons: list[dict[str, Any]] = next(
        entry["lessons"] for entry in found["days"] if entry["date"] == day.isoformat()
    )
    return lessons


def test_a_diary_week_has_seven_days_with_lessons_homework_and_marks(school: Any) -> None:
    posted = school.post(0, "2", kind_id=school.control_id, comment="see me")
    changed(school, posted, "3")
    school.post(1, "5")
    command = {"lesson_id": school.lesson_id, "version": 1, "topic": "Sums", "homework": "No. 5"}
    call(school.service, Lessons.describe_lesson, school.teacher, **command)
    found = diary(school, school.parent)
    monday = school.today - timedelta(school.today.weekday())
    assert found["starts_on"] == monday.isoformat()
    assert [entry["date"] for entry in found["days"]] == [(monday + timedelta(n)).isoformat() for n in range(7)]
    algebra, *others = lessons_on(found, school.today)
    assert {lesson["title"] for lesson in others} == {"Biology 7A", "Choir"}
    by_title = {lesson["title"]: lesson for lesson in (algebra, *others)}
    assert by_title["Algebra 7A"]["topic"] == "Sums"
    assert by_title["Algebra 7A"]["homework"] == "No. 5"
    assert by_title["Algebra 7A"]["marks"] == [
        {
            "id": posted["id"],
            "value": "3",
            "kind": "Контрольная работа",
            "weight": "2.5",
            "comment": "see me",
            "changed": True,
            "previous": "2",
        }
    ]
    assert by_title["Biology 7A"]["marks"] == []


@on_both
@pytest.mark.parametrize(
    ("states", "previous"),
    [
        ([("4", "see the notebook")], None),
        ([("3", "")], "4"),
        ([("3", ""), ("3", "see the notebook")], "4"),
        ([("3", ""), ("4", "")], "3"),
        ([(None, ""), ("3", "")], "4"),
        ([(None, ""), ("4", "")], None),
    ],
)
def test_a_mark_says_which_value_it_replaced_and_a_comment_replaces_none(
    school: Any, engine: Engine, states: list[tuple[str | None, str]], previous: str | None
) -> None:
    state = school.post(0, "4")
    untouched = school.post(0, "5", kind_id=school.control_id)
    student = {"student_id": school.students[0]}
    with statements(engine) as before:
        call(school.service, Journal.marks_of, school.parent, **student)
    for value, comment in states:
        command = {"mark_id": state["id"], "reason": "typed wrongly", "version": state["version"]}
        state = call(school.service, Marks.change_mark, school.teacher, value=value, comment=comment, **command)
    with statements(engine) as after:
        term = call(school.service, Journal.marks_of, school.parent, **student)
    trend = call(school.service, Journal.subject_trend, school.student, course_id=school.course_id, **student)
    week = [mark for one in lessons_on(diary(school, school.parent), school.today) for mark in one["marks"]]
    pages = [
        [mark for one in term["subjects"] for mark in one["marks"]],
        [mark for one in trend["terms"] for mark in one["marks"]],
        week,
    ]
    for marks in pages:
        told = {mark["id"]: (mark["changed"], mark["previous"]) for mark in marks}
        assert told == {state["id"]: (previous is not None, previous), untouched["id"]: (False, None)}
    assert len(before) == len(after)


def test_a_mark_taken_back_is_in_no_page_of_the_family(school: Any) -> None:
    taken_back(school, school.post(0, "2"))
    found = diary(school, school.parent)
    assert all(lesson["marks"] == [] for entry in found["days"] for lesson in entry["lessons"])
    assert all(subject["marks"] == [] for subject in marks_of(school, school.parent)["subjects"])


def test_lessons_before_joining_a_course_are_not_in_the_diary_unless_marked(school: Any) -> None:
    newcomer, earlier_id = uuid7(), uuid7()
    school.save(people_tables.StudentCopy, {"student_id": newcomer, "revision": 1, "class_id": school.class_id})
    school.save(courses_tables.CourseMember, school.member_row(school.course_id, newcomer, since=1))
    assert lessons_on(diary(school, school.director, newcomer), school.today) == []
    lesson = school.lesson_row(school.lesson_id, school.course_id, school.today)
    work = building.work(lesson, school.answer_id, source_id="x")
    school.save(marks_tables.Work, work)
    school.save(marks_tables.Mark, building.mark(work, lesson, newcomer, "5", earlier_id))
    (shown,) = lessons_on(diary(school, school.director, newcomer), school.today)
    assert shown["marks"][0]["id"] == str(earlier_id)


def monday(school: Any, weeks: int = 0) -> date:
    """The Monday of the present week, or of one that is so many weeks later."""
    found: date = school.today + timedelta(weeks * 7 - school.today.weekday())
    return found


def course(school: Any, title: str, since: int = -100, until: int | None = None) -> UUID:
    """A course of the first student's."""
    course_id = uuid7()
    school.save(courses_tables.Course, {
        "id": course_id, "title": title, "subject_id": subject_of(school), "class_id": None, "year_id": school.year_id,
    })  # fmt: skip
    member = school.member_row(course_id, school.students[0], since)
    ends_on = None if until is None else school.day(until)
    school.save(courses_tables.CourseMember, member | {"until": ends_on})
    return course_id


def lesson(school: Any, course_id: UUID, day: date, number: int = 1, **more: Any) -> str:
    row = school.lesson_row(uuid7(), course_id, day, number) | more
    school.save(lessons_tables.Lesson, row)
    return str(row["id"])


def due_on(school: Any, day: date, course_id: UUID) -> tuple[dict[str, list[str]], list[str]]:
    """What of a course the diary shows as due on a day: lesson → homework, and homework beside the lessons."""
    found = next(
        one for one in diary(school, school.parent, date=day)["days"] if one["date"] == day.isoformat()
    )  # fmt: skip
    at_lessons = {
        one["lesson_id"]: [given["homework"] for given in one["due_homework"]]
        for one in found["lessons"]
        if one["course_id"] == str(course_id)
    }
    return at_lessons, [given["homework"] for given in found["due_homework"] if given["course_id"] == str(course_id)]


def test_d10_homework_is_shown_at_the_lesson_at_which_it_is_due_and_where_it_was_given(school: Any) -> None:
    tuesday, thursday = monday(school) + timedelta(1), monday(school) + timedelta(3)
    geometry = course(school, "Geometry")
    giving = lesson(school, geometry, tuesday, homework="No. 5", homework_due=thursday)
    first, second = (lesson(school, geometry, thursday, number) for number in (2, 3))
    assert due_on(school, thursday, geometry) == ({first: ["No. 5"], second: []}, [])
    assert due_on(school, tuesday, geometry) == ({giving: []}, [])
    shown = {one["lesson_id"]: one for one in lessons_on(diary(school, school.parent), tuesday)}[giving]
    assert (shown["homework"], shown["due_on"]) == ("No. 5", thursday.isoformat())
    (given,) = {one["lesson_id"]: one for one in lessons_on(diary(school, school.parent), thursday)}[first][
        "due_homework"
    ]
    assert given.pop("to_do")
    assert given == {
        "lesson_id": giving, "given_on": tuesday.isoformat(), "course_id": str(geometry), "title": "Geometry",
        "homework": "No. 5",
    }  # fmt: skip


@pytest.mark.parametrize("is_set", [True, False])
def test_d10_homework_given_weeks_before_the_holidays_is_due_after_them(school: Any, is_set: bool) -> None:
    geometry = course(school, "Geometry")
    before, after = monday(school) + timedelta(4), monday(school, weeks=3) + timedelta(1)
    lesson(school, geometry, before - timedelta(1), homework="Old")
    giving = lesson(school, geometry, before, homework="No. 5", homework_due=after if is_set else None)
    due = lesson(school, geometry, after)
    lesson(school, geometry, after + timedelta(2))
    assert due_on(school, after, geometry) == ({due: ["No. 5"]}, [])
    assert due_on(school, after + timedelta(2), geometry)[1] == []
    shown = {one["lesson_id"]: one for one in lessons_on(diary(school, school.parent), before)}
    assert shown[giving]["due_on"] == after.isoformat()


def test_d10_homework_without_a_day_is_not_due_at_a_second_lesson_of_the_same_day(school: Any) -> None:
    geometry, friday = course(school, "Geometry"), monday(school) + timedelta(4)
    lesson(school, geometry, friday, 1, homework="No. 5")
    second = lesson(school, geometry, friday, 2)
    assert due_on(school, friday, geometry)[0][second] == []
    (shown, _) = [one for one in lessons_on(diary(school, school.parent), friday) if one["title"] == "Geometry"]
    assert (shown["homework"], shown["due_on"]) == ("No. 5", None)
    after = lesson(school, geometry, friday + timedelta(3))
    assert due_on(school, friday + timedelta(3), geometry) == ({after: ["No. 5"]}, [])


def test_d10_homework_due_on_a_day_without_a_lesson_of_its_course_stands_there_by_itself(school: Any) -> None:
    geometry, sunday = course(school, "Geometry"), monday(school) + timedelta(6)
    lesson(school, geometry, sunday - timedelta(12), homework="Project", homework_due=sunday)
    lesson(school, geometry, sunday - timedelta(2))
    assert due_on(school, sunday, geometry) == ({}, ["Project"])


@pytest.mark.parametrize(
    ("since", "until", "has_it"), [(0, None, True), (1, None, True), (2, None, False), (-9, 0, False), (-9, 1, True)]
)
def test_d10_who_is_in_the_course_on_the_due_day_has_the_homework(
    school: Any, since: int, until: int | None, has_it: bool
) -> None:
    geometry = course(school, "Geometry", since, until)
    lesson(school, geometry, school.day(-3), homework="No. 5", homework_due=school.day(1))
    lesson(school, geometry, school.day(1))
    at_lessons, beside = due_on(school, school.day(1), geometry)
    assert (list(at_lessons.values()), beside) == ([["No. 5"]] if has_it else [], [])


def marks_of(school: Any, actor: Any, student_id: UUID | None = None, **more: Any) -> dict[str, Any]:
    span = {"starts_on": school.day(-100), "ends_on": school.day(100)}
    command = {"student_id": student_id or school.students[0], **span, **more}
    return call(school.service, Journal.marks_of, actor, **command)


def test_marks_come_by_course_oldest_first_with_the_mean(school: Any) -> None:
    filled(school, 2)
    school.post(0, "5")
    school.post(0, "зач", kind_id=school.control_id)
    subjects = marks_of(school, school.parent)["subjects"]
    assert [subject["title"] for subject in subjects] == ["Algebra 7A", "Biology 7A", "Choir"]
    algebra = subjects[0]
    assert [mark["value"] for mark in algebra["marks"][:2]] == ["4", "4"]
    dates = [mark["date"] for mark in algebra["marks"]]
    assert dates == sorted(dates)
    explanation = algebra["mean"].pop("explanation")
    assert algebra["mean"] == {
        "value": "4.33", "numerator": "13", "denominator": "3", "counted": 3, "left_out": 1,
    }  # fmt: skip
    assert explanation == {
        "ru": [
            "Учтено: 4 × 1, 4 × 1, 5 × 1.",
            "Не учтено: зач — это не числовая отметка.",
            "(4 + 4 + 5) / 3 = 4,3333.",
            "Округлённо (половина вверх): 4,33.",
            "Основание: обычай школ.",
            "Правила школы, версия 0.",
        ],
        "en": [
            "Counted: 4 × 1, 4 × 1, 5 × 1.",
            "Left out: зач – it is not a number.",
            "(4 + 4 + 5) / 3 = 4.3333.",
            "Rounded (a half goes up): 4.33.",
            "By the usage of schools.",
            "The school's policy, version 0.",
        ],
    }
    assert subjects[1]["mean"]["value"] is None
    earlier = marks_of(school, school.parent, ends_on=school.day(-1))["subjects"]
    assert len(earlier[0]["marks"]) == 2


def test_courses_of_a_year_long_past_are_not_listed(school: Any) -> None:
    """A membership that nobody ended ends with its year."""
    assert marks_of(school, school.parent, starts_on=school.day(300), ends_on=school.day(400))["subjects"] == []


def test_a_mark_of_a_course_that_the_student_was_never_in_is_shown_with_its_course(school: Any) -> None:
    """An import may have brought it."""
    lesson = school.lesson_row(school.first_lesson_id, school.first_course_id, school.today)
    work = building.work(lesson, school.answer_id, source_id="x")
    school.save(marks_tables.Work, work)
    school.save(marks_tables.Mark, building.mark(work, lesson, school.students[0], "5"))
    by_title = {subject["title"]: subject for subject in marks_of(school, school.parent)["subjects"]}
    assert list(by_title) == ["Algebra 7A", "Biology 7A", "Choir", "Reading 1B"]
    assert [mark["value"] for mark in by_title["Reading 1B"]["marks"]] == ["5"]
    assert by_title["Choir"]["marks"] == []


@pytest.mark.parametrize("reader", [*FAMILY, "homeroom", "director", "deputy", "methodologist"])
def test_a_students_pages_are_read_by_the_family_the_homeroom_teacher_and_the_administration(
    school: Any, reader: str
) -> None:
    school.post(0, "5")
    actor = getattr(school, reader)
    assert marks_of(school, actor)["subjects"][0]["marks"][0]["value"] == "5"
    assert diary(school, actor)["student_id"] == str(school.students[0])


def test_a_students_pages_do_not_exist_for_anyone_else(school: Any, another_school: Any) -> None:
    unknown = uuid4()
    others = [
        school.other_parent, school.other_student, school.teacher, school.other_teacher,
        school.actor("parent", person_id=school.students[0]),
        school.actor("student", person_id=school.parent.person_id),
        another_school.director, another_school.actor("student", person_id=school.students[0]),
        another_school.actor("parent", person_id=school.parent.person_id),
    ]  # fmt: skip
    for actor in others:
        for read in (diary, marks_of):
            for student_id in (school.students[0], unknown):
                with pytest.raises(NotFound) as refused:
                    read(school, actor, student_id)
                assert refused.value.params == {"what": Text("student"), "id": str(student_id)}
                assert refused.value.rule == "no-such-student"


def test_a_students_pages_are_closed_to_roles_that_see_no_student(school: Any) -> None:
    for actor in (school.actor("operator"), school.actor("plan_head"), school.service_actor("printing")):
        for read in (diary, marks_of):
            with pytest.raises(Forbidden):
                read(school, actor, school.students[0])


def test_the_administration_is_told_of_a_student_who_does_not_exist(school: Any) -> None:
    with pytest.raises(NotFound):
        marks_of(school, school.director, uuid4())


def test_fifty_marks_in_ten_courses_cost_two_statements_and_a_week_four(school: Any, engine: Engine) -> None:
    for number in range(8):
        course_id = uuid7()
        school.save(courses_tables.Course, {
            "id": course_id, "title": f"Course {number}", "subject_id": subject_of(school), "class_id": None,
            "year_id": school.year_id,
        })  # fmt: skip
        school.save(courses_tables.CourseTeacher, {"course_id": course_id, "teacher_id": school.teacher.person_id})
        school.save(courses_tables.CourseMember, school.member_row(course_id, school.students[0]))
        homework = {"homework": "No. 5", "homework_due": school.today}
        lesson(school, course_id, school.day(-number - 1), number, **homework)
    filled(school, 25, per_lesson=2)
    with statements(engine) as sent:
        found = marks_of(school, school.parent)
    assert sum(len(subject["marks"]) for subject in found["subjects"]) == 50
    assert len(found["subjects"]) == 11
    assert len(sent) == 2, sent
    with statements(engine) as sent:
        week = diary(school, school.parent)
    assert sum(len(day["due_homework"]) for day in week["days"]) == 8
    assert len(sent) == 4, sent


def subject_of(school: Any) -> UUID:
    with school.service.unit_of_work.of(school.id) as session:
        found: UUID = session.get_one(courses_tables.Course, (school.id, school.course_id)).subject_id
    return found


# --- notices


def test_notices_say_what_marks_and_homework_are_in_two_statements(school: Any, engine: Engine) -> None:
    first = school.post(0, "5")
    second = school.post(1, "2")
    changed(school, second, "3")
    command = {
        "lesson_id": school.lesson_id,
        "version": 1,
        "homework": "No. 5",
        "homework_due": school.day(3),
    }
    call(school.service, Lessons.describe_lesson, school.teacher, **command)
    wanted = {"mark_ids": [first["id"], second["id"], uuid4()], "lesson_ids": [school.lesson_id, uuid4()]}
    with statements(engine) as sent:
        found = call(school.service, Journal.notices, school.service_actor("notifications"), **wanted)
    assert len(sent) == 2
    shared = {
        "title": "Algebra 7A", "date": school.today.isoformat(), "kind": "Ответ на уроке",
        "lesson_id": str(school.lesson_id),
    }  # fmt: skip
    assert sorted(found["marks"], key=lambda mark: mark["mark_id"]) == sorted(
        [
            {
                "mark_id": first["id"],
                "student_id": str(school.students[0]),
                "value": "5",
                "previous": None,
                **shared,
            },
            {
                "mark_id": second["id"],
                "student_id": str(school.students[1]),
                "value": "3",
                "previous": "2",
                **shared,
            },
        ],
        key=lambda mark: mark["mark_id"],
    )
    assert found["homework"] == [
        {
            "lesson_id": str(school.lesson_id), "title": "Algebra 7A", "date": school.today.isoformat(),
            "homework": "No. 5", "due": school.day(3).isoformat(), "links": [], "files": [], "tasks": [],
        }
    ]  # fmt: skip


def test_notices_are_for_one_service_and_one_school(school: Any, another_school: Any) -> None:
    posted = another_school.post(0, "5")
    lessons = [another_school.lesson_id]
    wanted = {"mark_ids": [posted["id"]], "lesson_ids": lessons, "changed_lesson_ids": lessons}
    found = call(school.service, Journal.notices, school.service_actor("notifications"), **wanted)
    assert found == {"marks": [], "homework": [], "changed_lessons": [], "term_marks": [], "owed": []}
    for actor in (school.director, school.teacher, school.parent, school.service_actor("printing")):
        with pytest.raises(Forbidden):
            call(school.service, Journal.notices, actor, mark_ids=[uuid4()])
