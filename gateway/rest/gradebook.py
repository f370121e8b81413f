"""Calendar, courses, lessons, marks, the diary."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, request

from contracts.gradebook import AddLesson, Gradebook, PostMark
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
@operation(Gradebook.calendar)
@blueprint.response(200, Gradebook.calendar.answer)
def calendar() -> Response:
    """Academic years and their terms."""
    return answered(ask(Gradebook.calendar))


@blueprint.route("/kinds")
@operation(Gradebook.kinds)
@blueprint.response(200, Gradebook.kinds.answer)
def kinds() -> Response:
    """Kinds of work and their weights."""
    return answered(ask(Gradebook.kinds))


@blueprint.route("/courses")
@operation(Gradebook.courses)
@blueprint.arguments(CourseFilter, location="query")
@blueprint.response(200, Gradebook.courses.answer)
def courses(query: Values) -> Response:
    """The courses one may see: one's own, of a class, or all."""
    return answered(ask(Gradebook.courses, **query))


@blueprint.route("/courses/<id:course_id>/journal")
@operation(Gradebook.journal_page)
@blueprint.arguments(JournalTerm, location="query")
@blueprint.response(200, Gradebook.journal_page.answer)
def journal(query: Values, course_id: UUID) -> Response:
    """A course's journal page for a term."""
    return answered(ask(Gradebook.journal_page, course_id=course_id, **query))


@blueprint.route("/teachers/me/days/<day:day>")
@operation(Gradebook.day)
@blueprint.response(200, Gradebook.day.answer)
def own_day(day: date) -> Response:
    """One's own lessons on a date."""
    return answered(ask(Gradebook.day, date=day))


@blueprint.route("/teachers/<id:teacher_id>/days/<day:day>")
@operation(Gradebook.day)
@blueprint.response(200, Gradebook.day.answer)
def teachers_day(teacher_id: UUID, day: date) -> Response:
    """A teacher's lessons on a date."""
    return answered(ask(Gradebook.day, date=day, teacher_id=teacher_id))


@blueprint.route("/lessons", methods=["POST"])
@operation(Gradebook.add_lesson)
@blueprint.arguments(AddLesson)
@blueprint.response(201, Gradebook.add_lesson.answer)
def add_lesson(body: Values) -> Response:
    """Enter a lesson of one's course."""
    lesson = carry_out(Gradebook.add_lesson, **body)
    return versioned(lesson, 201, Location=f"{PREFIX}/lessons/{lesson['id']}")


@blueprint.route("/lessons/<id:lesson_id>")
@operation(Gradebook.lesson)
@blueprint.response(200, Gradebook.lesson.answer)
def lesson(lesson_id: UUID) -> Response:
    """A lesson with those taught and those teaching."""
    return versioned(ask(Gradebook.lesson, lesson_id=lesson_id))


@blueprint.route("/lessons/<id:lesson_id>", methods=["PATCH"])
@operation(Gradebook.describe_lesson)
@changes_version
@blueprint.arguments(LessonChange)
@blueprint.response(200, Gradebook.describe_lesson.answer)
def describe_lesson(body: Values, lesson_id: UUID) -> Response:
    """Topic and homework of a lesson."""
    version = expected_version(request)
    return versioned(carry_out(Gradebook.describe_lesson, lesson_id=lesson_id, version=version, **body))


@blueprint.route("/marks", methods=["POST"])
@operation(Gradebook.post_mark)
@blueprint.arguments(PostMark)
@blueprint.response(201, Gradebook.post_mark.answer)
def post_mark(body: Values) -> Response:
    """Set a mark in a lesson of one's course."""
    return versioned(carry_out(Gradebook.post_mark, **body), 201)


@blueprint.route("/lessons/<id:lesson_id>/marks", methods=["POST"])
@operation(Gradebook.post_marks)
@blueprint.arguments(MarkColumn)
@blueprint.response(201, Gradebook.post_marks.answer)
def post_marks(body: Values, lesson_id: UUID) -> Response:
    """Set a column of marks at once: all of them, or none."""
    return answered(carry_out(Gradebook.post_marks, lesson_id=lesson_id, **body), 201)


@blueprint.route("/marks/<id:mark_id>", methods=["PATCH"])
@operation(Gradebook.change_mark)
@changes_version
@blueprint.arguments(MarkChange)
@blueprint.response(200, Gradebook.change_mark.answer)
def change_mark(body: Values, mark_id: UUID) -> Response:
    """Change a mark or take it back; the history keeps what it was."""
    version = expected_version(request)
    return versioned(carry_out(Gradebook.change_mark, mark_id=mark_id, version=version, **body))


@blueprint.route("/marks/<id:mark_id>/history")
@operation(Gradebook.mark_history)
@blueprint.response(200, Gradebook.mark_history.answer)
def mark_history(mark_id: UUID) -> Response:
    """Every state a mark had."""
    return answered(ask(Gradebook.mark_history, mark_id=mark_id))


@blueprint.route("/students/<id:student_id>/diary")
@operation(Gradebook.diary_week)
@blueprint.arguments(DiaryDate, location="query")
@blueprint.response(200, DiaryView)
def diary(query: Values, student_id: UUID) -> Response:
    """A student's week: homework, marks, absences. It comes without absences while attendance is away."""
    return answered(composed_diary.diary(student_id, query["date"]))


@blueprint.route("/students/<id:student_id>/marks")
@operation(Gradebook.marks_of)
@blueprint.arguments(MarksSpan, location="query")
@blueprint.response(200, Gradebook.marks_of.answer)
def marks_of(query: Values, student_id: UUID) -> Response:
    """A student's marks and means by course."""
    return answered(ask(Gradebook.marks_of, student_id=student_id, **query))
