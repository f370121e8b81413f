"""Answers calls about lessons: lists a teacher's day, adds lessons, describes them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.attendance.checks import LessonChecked
from contracts.gradebook.lessons import AddLesson, DescribeLesson, LessonId, Lessons, SoughtLessons, TeacherDay
from kernel.auth import Actor
from kernel.contract import given
from kernel.data import inbox
from kernel.data.received import Received
from kernel.errors import Conflict
from kernel.running.entrypoints import Entrypoints, on_event, rpc
from services.gradebook.calendar import queries as calendar_queries
from services.gradebook.calendar.rules.year_calendar import YearCalendar
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.courses.queries import shifts as shifts_queries
from services.gradebook.courses.rules.teaching import teaches_on
from services.gradebook.lessons import changing, permissions, queries, recording, views
from services.gradebook.lessons.rules import lessons, states
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy.rules.policy import Place
from services.gradebook.rows import View, missing
from services.gradebook.windows import queries as windows_queries
from services.gradebook.windows import views as windows_views
from services.gradebook.windows.queries import Held, Windows
from services.gradebook.windows.rules.closed_terms import term_of_lesson
from services.gradebook.windows.rules.deadlines import Duty

#: How far back a day without lessons looks for lessons without a topic.
_BACK: Final = timedelta(days=14)
_NOTHING: Final[View] = {"next": None, "without_topic": []}


class LessonsEntrypoints(Entrypoints):
    """Answers calls about lessons: lists a teacher's day, adds lessons, describes them."""

    @on_event(LessonChecked)
    def on_lesson_checked(self, received: Received[LessonChecked]) -> None:
        """Note that attendance keeps something of a lesson, so that the timetable leaves it where it is."""
        with self.unit_of_work.once(received) as session:
            recording.note_checked(session, received.tenant, received.event.lesson_id)

    @rpc(Lessons.day)
    def day(self, actor: Actor, command: TeacherDay) -> View:
        """A teacher's lessons on a date."""
        teacher_id = permissions.whose_day(actor, command.teacher_id)
        if teacher_id is None:
            return {"lessons": [], **_NOTHING}
        with self.unit_of_work(actor) as session:
            found = queries.day_of_teacher(session, teacher_id, command.date)
            times = shifts_queries.times_of(
                session, {row.year_id: row.year_version for row in found if row.number is not None}
            )
            around = _NOTHING if found else _around(session, teacher_id, command.date)
            windows = Windows(session)
            timed = [
                views.timed_lesson(row, queries.taken(session, row), times, _window(windows, row)) for row in found
            ]
        return {"lessons": timed, **around}

    @rpc(Lessons.lesson)
    def lesson(self, actor: Actor, command: LessonId) -> View:
        """A lesson with its students on its date and its teachers."""
        with self.unit_of_work(actor) as session:
            row = queries.lesson(session, command.lesson_id, actor.person_id)
            if not courses_permissions.may_read_day(actor, queries.ties(row, actor.person_id), row.date):
                raise missing("lesson", row.id)
            members = courses_queries.members_on(session, row.course_id, row.date)
            teachers = courses_queries.teachers_on(session, row.course_id, row.date)
            shown = changing.shown(session, row, Windows(session))
        if row.teacher_id is not None and row.teacher_id not in teachers:
            teachers.append(row.teacher_id)
        return {**shown, **views.standing(row), "student_ids": list(members), "teacher_ids": teachers}

    @rpc(Lessons.many_lessons)
    def many_lessons(self, actor: Actor, command: SoughtLessons) -> View:
        """Those of these lessons that the actor may read, with students and teachers."""
        with self.unit_of_work(actor) as session:
            today = policy_queries.today_of(policy_queries.setting(session))
            windows = Windows(session)
            shown = [
                _of_many(session, actor, row, windows)
                for row in queries.many(session, command.lesson_ids, actor.person_id)
                if courses_permissions.may_read_day(actor, queries.ties(row, actor.person_id), row.date)
            ]
        return {"today": today, "lessons": shown}

    @rpc(Lessons.add_lesson)
    def add_lesson(self, actor: Actor, command: AddLesson) -> View:
        """Add a lesson to a course of the actor's, with the first entry of its history."""
        day, number = command.date, command.number
        with self.unit_of_work(actor) as session:
            course = courses_queries.course(session, command.course_id, actor.person_id, lock=True)
            ties = courses_queries.course_ties(course)
            courses_permissions.check_writes_course(actor, ties, missing("course", course.id))
            lessons.check_date_in_year(day, course.starts_on, course.ends_on)
            year = calendar_queries.year_of(session, course.year_id)
            lessons.check_day_of_lesson(day, year, course.grade, course.division, works_anyway=command.works_anyway)
            windows, lesson = Windows(session, year), _to_be_held(session, course, day, year)
            windows.check(lesson, "date")
            present = queries.lesson_at(session, course.id, day, number)
            if present is not None and present.state != states.State.DROPPED:
                states.check_is_held(present.state, day)
                raise Conflict(
                    "The course has a lesson with this number on {date} already.",
                    rule="lesson-exists",
                    field="number",
                    date=day,
                )
            topic = command.topic.strip()
            late = windows.late(lesson, [Duty.TOPIC] if topic else [], command.reason)
            if present is None:
                row = recording.new_lesson(session, actor, course.id, day, number, topic, late)
            else:
                row = recording.lesson_again(session, actor, course.id, day, number, topic, late, present)
            return inbox.answer(session, {**row, "title": course.title, "class_id": course.class_id})

    @rpc(Lessons.describe_lesson)
    def describe_lesson(self, actor: Actor, command: DescribeLesson) -> View:
        """Set topic and homework of a lesson of a course of the actor's; announces new homework to its students."""
        with self.unit_of_work(actor) as session:
            lesson = changing.change_description(session, actor, command.lesson_id, command.version)
            row, before = lesson.row, lesson.description
            after = lessons.described(before, given(command), row.date)
            if after.due is not None and after.due != before.due:
                _check_due(session, row, after.due)
            changed = {} if after == before else changing.described(session, actor, lesson, after, command.reason)
            return inbox.answer(session, changing.shown(session, row, lesson.windows, **changed))


def _check_due(session: Session, lesson: queries.LessonRow, due: date) -> None:
    """Refuse a due day on which the course of a lesson has no lesson and cannot have one."""
    day = queries.due_day(session, lesson.course_id, due)
    if not day.has_lesson:
        year = calendar_queries.year_of(session, day.year_id)
        lessons.check_due_day(due, year, lesson.grade, day.division)


def _around(session: Session, teacher_id: UUID, day: date) -> View:
    """What lies around a teacher's day without lessons."""
    after = queries.next_of_teacher(session, teacher_id, day)
    without = queries.without_topic(session, teacher_id, day - _BACK, day)
    windows = Windows(session)
    shown = [(row, _window(windows, row)) for row in without]
    return {
        "next": changing.shown(session, after, windows) if after else None,
        "without_topic": [
            views.lesson(row, queries.taken(session, row), window) for row, window in shown if window["closed"] is None
        ],
    }


def _of_many(session: Session, actor: Actor, row: queries.LessonOfMany, windows: Windows) -> View:
    policy = policy_queries.policy_on(session, row, row.date)
    by_policy = policy.keeping.teachers_enter_absences.at(Place(row.grade, row.subject)).value
    teachers = courses_queries.teachers_of(row.teachers)
    held = [one.teacher_id for one in teachers if teaches_on(one.since, one.until, row.date)]
    ties = queries.ties(row, actor.person_id)
    return views.lesson_of_many(
        row,
        _window(windows, row)["closed"],
        list(courses_queries.members_of(row.members)),
        list(dict.fromkeys([*held, *([row.teacher_id] if row.teacher_id else [])])),
        enters_absences=courses_permissions.enters_absences(actor, ties, by_policy),
    )


def _window(windows: Windows, row: queries.LessonInTerm) -> View:
    return windows_views.of_lesson(windows, windows_queries.held(row, row.id))


def _to_be_held(session: Session, course: courses_queries.CourseRow, day: date, year: YearCalendar) -> Held:
    """A lesson that is to be entered, as its windows see it."""
    term = term_of_lesson(day, [one for one in year.terms if one.division == course.division])
    return Held(None, day, course, term, windows_queries.openings_of_course(session, course, course.id))
