"""Rows of two schools with the very same ids stay apart: in every join and subquery."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from contracts.gradebook.bells import Bells
from contracts.gradebook.calendar import Calendar
from contracts.gradebook.classrooms import Classrooms
from contracts.gradebook.course_plans import CoursePlans
from contracts.gradebook.courses import Courses
from contracts.gradebook.day_changes import DayChanges
from contracts.gradebook.groups import Groups
from contracts.gradebook.homework import FILES, Homework
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.load import Load
from contracts.gradebook.marks import Marks
from contracts.gradebook.openings import Openings
from contracts.gradebook.plans import Plans
from contracts.gradebook.policy import Policies
from contracts.gradebook.sheets import Sheets
from contracts.gradebook.subjects import Subjects
from contracts.gradebook.term_marks import TermMarks
from contracts.gradebook.timetable import Timetable
from contracts.gradebook.voting import Voting
from contracts.gradebook.weeks import Weeks
from kernel.clock import now
from kernel.files import kinds
from kernel.files.folder import FolderStore
from kernel.files.store import Place, take
from services.gradebook.lessons import tables as lessons_tables
from services.gradebook.policy.tables import PolicyVersion
from tests.kit.calls import call
from tests.kit.databases import on_both

pytestmark = on_both


def everything(school: Any, then: datetime) -> dict[str, Any]:
    """What each page says in the school, and what some say of an earlier moment."""
    service, student_id = school.service, school.students[0]
    notices = school.service_actor("notifications")
    wanted: list[tuple[Any, Any, dict[str, Any]]] = [
        (Calendar.calendar, school.parent, {}),
        (Calendar.schedule, school.parent, {"year_id": school.year_id}),
        (Bells.bells, school.parent, {"year_id": school.year_id}),
        (Timetable.timetable, school.teacher, {"year_id": school.year_id, "class_id": school.class_id, "check": True}),
        (Timetable.timetable_edits, school.teacher, {"year_id": school.year_id}),
        (Classrooms.classrooms, school.parent, {}),
        (DayChanges.lessons_of_day, school.director, {"date": school.today}),
        (DayChanges.changes_of_days, school.director, {"first": school.today, "last": school.today}),
        (Weeks.week, school.parent, {"date": school.today, "class_id": school.class_id}),
        (Weeks.week, school.parent, {"date": school.today, "teacher_id": school.teacher.person_id}),
        (Weeks.week, school.student, {"date": school.today, "student_id": student_id}),
        (Weeks.week_choices, school.parent, {}),
        (Weeks.free_classrooms, school.teacher, {"date": school.today, "number": 1}),
        (Calendar.calendar_changes, school.director, {"year_id": school.year_id}),
        (Marks.kinds, school.parent, {}),
        (Courses.courses, school.director, {}),
        (Courses.courses, school.homeroom, {"class_id": school.class_id}),
        (Courses.course, school.homeroom, {"course_id": school.course_id}),
        (Subjects.subjects, school.teacher, {}),
        (Subjects.curriculum, school.teacher, {"year_id": school.year_id}),
        (Groups.groups, school.teacher, {"course_id": school.course_id}),
        (Lessons.day, school.teacher, {"date": school.today}),
        (Lessons.lesson, school.homeroom, {"lesson_id": school.lesson_id}),
        (Marks.lesson_marks, school.homeroom, {"lesson_id": school.lesson_id}),
        (Journal.journal_page, school.teacher, {"course_id": school.course_id, "term_id": school.term_id}),
        (Sheets.sheet, school.teacher, {"course_id": school.course_id, "term_id": school.term_id}),
        *(
            (method, school.teacher, {"course_id": school.course_id, "term_id": school.term_id, "as_of": then})
            for method in (Journal.journal_page, Sheets.sheet, TermMarks.course_term_marks)
        ),
        *(
            (method, school.homeroom, {"student_id": student_id, "as_of": then})
            for method in (Journal.marks_of, TermMarks.student_term_marks)
        ),
        (TermMarks.class_term_marks, school.homeroom, {"class_id": school.class_id, "as_of": then}),
        (TermMarks.class_journal, school.homeroom, {"class_id": school.class_id}),
        (Lessons.many_lessons, school.teacher, {"lesson_ids": [school.lesson_id]}),
        (Journal.diary_week, school.parent, {"student_id": student_id, "date": school.today}),
        (Journal.diary_week, school.student, {"student_id": student_id, "date": school.day(3)}),
        (
            Journal.marks_of,
            school.homeroom,
            {"student_id": student_id, "starts_on": school.day(-100), "ends_on": school.day(100)},
        ),
        (Journal.marks_of, school.homeroom, {"student_id": student_id}),
        (Journal.subject_trend, school.parent, {"student_id": student_id, "course_id": school.course_id}),
        (Openings.openings, school.director, {}),
        (Policies.policy, school.teacher, {}),
        (Policies.policy_versions, school.teacher, {}),
        (Voting.preview_policy, school.director, {}),
        (Voting.policy_draft, school.director, {}),
        (Homework.homework, school.homeroom, {"lesson_id": school.lesson_id}),
        (Homework.homework_history, school.homeroom, {"lesson_id": school.lesson_id}),
        (Homework.homework_of_day, school.teacher, {"date": school.today}),
        (Homework.note, school.teacher, {"lesson_id": school.lesson_id}),
        (Load.homework_load, school.teacher, {"lesson_id": school.lesson_id}),
        (Plans.plans, school.director, {}),
        (Plans.associations, school.director, {}),
        (CoursePlans.offers, school.teacher, {"date": school.today}),
        (CoursePlans.progress, school.director, {}),
        (Journal.notices, notices, {"lesson_ids": [school.lesson_id]}),
    ]
    return {
        f"{method} {actor.roles} {sorted(command)}": call(service, method, actor, **command)
        for method, actor, command in wanted
    }


def give_homework(school: Any) -> None:
    """A file, a link, a task and a note."""
    lesson = {"lesson_id": school.lesson_id}
    task = {"student_ids": school.students[:1], "text": "theirs", "due": school.day(3)}
    link = {"url": "https://example.org", "title": "theirs"}
    more = {"version": 0, "minutes": 99, "links": [link], "tasks": [task]}
    call(school.service, Homework.set_homework, school.teacher, **lesson, **more)
    place, files = Place(FILES, school.id), school.service.files
    file = take(files, place, [b"theirs"], largest=10, allowed={kinds.TEXT}, field="file").sha256
    call(school.service, Homework.add_file, school.teacher, **lesson, file=file, name="theirs.txt")
    call(school.service, Homework.set_note, school.teacher, **lesson, text="theirs")
    call(school.service, Homework.set_done, school.student, **lesson, done=True)


def say_of_column(school: Any) -> None:
    """Its answers are hidden and count only if they help, and one student owes one."""
    column = {"lesson_id": school.lesson_id, "only_if_helps": True, "visible_from": now() + timedelta(days=1)}
    call(school.service, Marks.change_column, school.teacher, **column)
    entry = {"key": uuid7(), "lesson_id": school.lesson_id, "student_id": school.students[0], "text": "2 ."}
    command = {"course_id": school.course_id, "entries": [{**entry, "seen": "m1"}]}
    (answer,) = call(school.service, Sheets.enter_cells, school.teacher, **command)["answers"]
    assert answer["state"] == "saved"


def test_a_school_with_the_same_ids_changes_nothing_here(school: Any, tmp_path: Path) -> None:
    school.service.files = FolderStore(tmp_path)
    posted = school.post(0, "5")
    ours = {"lesson_id": school.lesson_id, "version": 1, "homework": "ours"}
    call(school.service, Lessons.describe_lesson, school.teacher, **ours)
    call(school.service, Voting.draft_policy, school.methodologist)
    ours = {"lesson_id": school.lesson_id, "minutes": 10, "version": 0}
    given = call(school.service, Homework.set_homework, school.teacher, **ours)
    assert given["version"] == 1
    then = now()
    before = everything(school, then)
    same = {field.name: getattr(school, field.name) for field in fields(school) if field.name not in ("service", "id")}
    twin = type(school)(school.service, **same)
    theirs = twin.post(0, "2", comment="theirs")
    command = {"lesson_id": twin.lesson_id, "version": 1, "topic": "theirs", "homework": "theirs"}
    twin.save(lessons_tables.Lesson, twin.lesson_row(uuid7(), twin.course_id, twin.day(2)))
    call(twin.service, Lessons.describe_lesson, twin.teacher, **command)
    theirs_closed = {"kind": "closed", "name": "theirs", "first": twin.today, "last": twin.today}
    days = {"days_off": [theirs_closed], "short_days": [{"date": twin.today}], "moved_days": [
        {"date": twin.today, "weekday": 2}]}  # fmt: skip
    call(twin.service, Calendar.change_days, twin.methodologist, year_id=twin.year_id, version=1, **days)
    grades = [{"grade": 7, "days_a_week": 5}]
    call(twin.service, Calendar.set_grades, twin.methodologist, year_id=twin.year_id, version=2, grades=grades)
    of_year = {"year_id": twin.year_id}
    bells = {
        "title": "theirs",
        "valid_from": twin.day(-1),
        "bells": [{"number": 1, "starts": "05:00", "ends": "06:00"}],
    }
    call(twin.service, Bells.set_bells, twin.methodologist, **of_year, version=3, **bells)
    call(twin.service, Bells.set_second_shift, twin.methodologist, **of_year, version=4, class_ids=[twin.class_id])
    call(twin.service, Classrooms.set_classrooms, twin.methodologist, classrooms=[{"name": "theirs"}])
    entry = {"course_id": twin.course_id, "weekday": 1, "number": 9}
    command = {"version": 0, "from_date": twin.day(1), "add": [entry]}
    call(twin.service, Timetable.edit_timetable, twin.methodologist, **of_year, **command)
    cancelled = [{"lesson_id": twin.group_lesson_id, "version": 0, "cancelled": True, "reason": "theirs"}]
    call(twin.service, DayChanges.change_lessons, twin.director, changes=cancelled)
    call(twin.service, Voting.draft_policy, twin.methodologist)
    adoption = {"valid_from": twin.today, "decision": "theirs", "version": 1}
    call(twin.service, Voting.adopt_policy, twin.director, **adoption)
    call(twin.service, Voting.draft_policy, twin.methodologist)
    change = {"path": "keeping.topic_days", "value": 5, "note": "theirs", "version": 1}
    call(twin.service, Voting.change_draft, twin.methodologist, **change)
    with twin.service.unit_of_work.of(school.id) as session:
        ids = dict(session.execute(select(PolicyVersion.number, PolicyVersion.id)).all())
    with twin.service.unit_of_work.of(twin.id) as session:
        session.execute(update(PolicyVersion).where(PolicyVersion.number == 1).values(id=ids[1]))
    give_homework(twin)
    say_of_column(twin)
    assert everything(school, then) == before
    assert "theirs" in str(everything(twin, now()))
    assert posted["id"] not in str(everything(twin, now()))
    subject = call(twin.service, Plans.associations, twin.director)["subjects"][0]["subject_id"]
    plan = {"subject_id": subject, "grade": 7, "year_id": twin.year_id, "title": "theirs"}
    call(twin.service, Plans.add_plan, twin.methodologist, **plan)
    changed = {"mark_id": theirs["id"], "value": "3", "reason": "typed wrongly", "version": 1}
    call(twin.service, Marks.change_mark, twin.teacher, **changed)
    assert everything(school, then) == before
    column = [
        {"student_id": twin.students[0], "value": "4", "version": 2},
        {"student_id": twin.students[1], "value": "5"},
    ]
    call(twin.service, Marks.set_column, twin.teacher, lesson_id=twin.lesson_id, marks=column, reason="typed wrongly")
    assert everything(school, then) == before
