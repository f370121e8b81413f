"""Absence codes, lesson checks, absences."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from contracts.attendance.absences import Absences
from contracts.attendance.checks import Checks
from contracts.attendance.codes import Codes
from gateway.composed import journal as composed_journal
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.door.http import answered
from gateway.rest.forms import AbsencesSpan, LessonCheck
from gateway.rest.openapi import ApiBlueprint

blueprint = ApiBlueprint("attendance", __name__, "Absence codes, lesson checks, absences.")

Values = dict[str, Any]


@blueprint.route("/absence-codes")
@operation(Codes.codes)
@blueprint.response(200, Codes.codes.answer)
def codes() -> Response:
    """The school's dictionary of absence codes."""
    return answered(ask(Codes.codes))


@blueprint.route("/lessons/<id:lesson_id>/check")
@operation(Checks.lesson_checks)
@blueprint.response(200, Checks.check_lesson.answer)
def lesson_check(lesson_id: UUID) -> Response:
    """Who was absent from a lesson; 404 while nobody checked it."""
    return answered(composed_journal.lesson_check(lesson_id))


@blueprint.route("/lessons/<id:lesson_id>/check", methods=["PUT"])
@operation(Checks.check_lesson)
@blueprint.arguments(LessonCheck)
@blueprint.response(200, Checks.check_lesson.answer)
def check_lesson(body: Values, lesson_id: UUID) -> Response:
    """Mark a lesson checked and who was absent or late; everyone not named was there."""
    return answered(carry_out(Checks.check_lesson, lesson_id=lesson_id, **body))


@blueprint.route("/students/<id:student_id>/absences")
@operation(Absences.absences_of)
@blueprint.arguments(AbsencesSpan, location="query")
@blueprint.response(200, Absences.absences_of.answer)
def absences_of(query: Values, student_id: UUID) -> Response:
    """A student's absences."""
    return answered(ask(Absences.absences_of, student_id=student_id, **query))
