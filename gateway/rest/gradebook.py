"""Calendar, courses, lessons, marks, the diary."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, request

from contracts.gradebook.calendar import Calendar
from contracts.gradebook.courses import Courses
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import AddLesson, Lessons
from contracts.gradebook.marks import Marks, PostMark
from gateway.composed import diary as composed_diary
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.door.http import answered, expected_version, versioned
from gateway.rest.forms import (
    CourseFilter,
    DiaryDate,
    DiaryView,
    JournalTerm,
    LessonChange,
    MarkChange,
    MarkColumn,
    MarksSpan,
)
from gateway.rest.openapi import PREFIX, ApiBlueprint, changes_version

blueprint = ApiBlueprint("gradebook", __name__, "Calendar, courses, lessons, marks, the diary.")

Values = dict[str, Any]


@blueprint.route("/calendar")
@operation(Calendar.calendar)
@blueprint.response(200, Calendar.calendar.answer)
def calendar() -> Response:
    """Academic years and their terms."""
    return answered(ask(Calendar.calendar))


@blueprint.route("/kinds")
@operation(Marks.kinds)
@blueprint.response(200, Marks.kinds.answer)
def kinds() -> Response:
    """Kinds of work and their weights."""
    return answered(ask(Marks.kinds))


@blueprint.route("/courses")
@operation(Courses.courses)
@blueprint.arguments(CourseFilter, location="query")
@blueprint.response(200, Courses.courses.answer)
def courses(query: Values) -> Response:
    """The courses one may see: one's own, of a class, or all."""
    return answered(ask(Courses.courses, **query))


@blueprint.route("/courses/<id:course_id>/journal")
@operation(Journal.journal_page)
@blueprint.arguments(JournalTerm, location="query")
@blueprint.response(200, Journal.journal_page.answer)
def journal(query: Values, course_id: UUID) -> Response:
    """A course's journal page for a term."""
    return answered(ask(Journal.journal_page, course_id=course_id, **query))


@blueprint.route("/teachers/me/days/<day:day>")
@operation(Lessons.day)
@blueprint.response(200, Lessons.day.answer)
def own_day(day: date) -> Response:
    """One's own lessons on a date."""
    return answered(ask(Lessons.day, date=day))


@blueprint.route("/teachers/<id:teacher_id>/days/<day:day>")
@operation(Lessons.day)
@blueprint.response(200, Lessons.day.answer)
def teachers_day(teacher_id: UUID, day: date) -> Response:
    """A teacher's lessons on a date."""
    return answered(ask(Lessons.day, date=day, teacher_id=teacher_id))


@blueprint.route("/lessons", methods=["POST"])
@operation(Lessons.add_lesson)
@blueprint.arguments(AddLesson)
@blueprint.response(201, Lessons.add_lesson.answer)
def add_lesson(body: Values) -> Response:
    """Enter a lesson of one's course."""
    lesson = carry_out(Lessons.add_lesson, **body)
    return versioned(lesson, 201, Location=f"{PREFIX}/lessons/{lesson['id']}")


@blueprint.route("/lessons/<id:lesson_id>")
@operation(Lessons.lesson)
@blueprint.response(200, Lessons.lesson.answer)
def lesson(lesson_id: UUID) -> Response:
    """A lesson with those taught and those teaching."""
    return versioned(ask(Lessons.lesson, lesson_id=lesson_id))


@blueprint.route("/lessons/<id:lesson_id>", methods=["PATCH"])
@operation(Lessons.describe_lesson)
@changes_version
@blueprint.arguments(LessonChange)
@blueprint.response(200, Lessons.describe_lesson.answer)
def describe_lesson(body: Values, lesson_id: UUID) -> Response:
    """Topic and homework of a lesson."""
    version = expected_version(request)
    return versioned(carry_out(Lessons.describe_lesson, lesson_id=lesson_id, version=version, **body))


@blueprint.route("/marks", methods=["POST"])
@operation(Marks.post_mark)
@blueprint.arguments(PostMark)
@blueprint.response(201, Marks.post_mark.answer)
def post_mark(body: Values) -> Response:
    """Set a mark in a lesson of one's course."""
    return versioned(carry_out(Marks.post_mark, **body), 201)


@blueprint.route("/lessons/<id:lesson_id>/marks", methods=["POST"])
@operation(Marks.post_marks)
@blueprint.arguments(MarkColumn)
@blueprint.response(201, Marks.post_marks.answer)
def post_marks(body: Values, lesson_id: UUID) -> Response:
    """Set a column of marks at once: all of them, or none."""
    return answered(carry_out(Marks.post_marks, lesson_id=lesson_id, **body), 201)


@blueprint.route("/marks/<id:mark_id>", methods=["PATCH"])
@operation(Marks.change_mark)
@changes_version
@blueprint.arguments(MarkChange)
@blueprint.response(200, Marks.change_mark.answer)
def change_mark(body: Values, mark_id: UUID) -> Response:
    """Change a mark or take it back; the history keeps what it was."""
    version = expected_version(request)
    return versioned(carry_out(Marks.change_mark, mark_id=mark_id, version=version, **body))


@blueprint.route("/marks/<id:mark_id>/history")
@operation(Marks.mark_history)
@blueprint.response(200, Marks.mark_history.answer)
def mark_history(mark_id: UUID) -> Response:
    """Every state a mark had."""
    return answered(ask(Marks.mark_history, mark_id=mark_id))


@blueprint.route("/students/<id:student_id>/diary")
@operation(Journal.diary_week)
@blueprint.arguments(DiaryDate, location="query")
@blueprint.response(200, DiaryView)
def diary(query: Values, student_id: UUID) -> Response:
    """A student's week: homework, marks, absences. It comes without absences while attendance is away."""
    return answered(composed_diary.diary(student_id, query["date"]))


@blueprint.route("/students/<id:student_id>/marks")
@operation(Journal.marks_of)
@blueprint.arguments(MarksSpan, location="query")
@blueprint.response(200, Journal.marks_of.answer)
def marks_of(query: Values, student_id: UUID) -> Response:
    """A student's marks and means by course."""
    return answered(ask(Journal.marks_of, student_id=student_id, **query))
