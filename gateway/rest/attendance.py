"""Absence codes, lesson checks, absences."""

from __future__ import annotations

from contracts.attendance.absences import Absences
from contracts.attendance.checks import Checks, LessonCheckView
from contracts.attendance.codes import Codes
from gateway.composed import lesson_checks
from gateway.rest.openapi import ApiBlueprint
from gateway.rest.routes import get, post, put

blueprint = ApiBlueprint("attendance", __name__, "Absence codes, lesson checks, absences.")

ROUTES = (
    get("/absence-codes", Codes.codes),
    get(
        "/lessons/{lesson_id}/check",
        Checks.lesson_checks,
        answer=lesson_checks.lesson_check,
        view=LessonCheckView,
    ),
    put("/lessons/{lesson_id}/check", Checks.check_lesson),
    get("/lessons/{lesson_id}/students/{student_id}/absence/history", Checks.absence_history),
    get("/courses/{course_id}/absences-before", Checks.absences_before),
    post("/absences", Checks.enter_absences, status=200),
    get("/students/{student_id}/absences", Absences.absences_of),
    get("/classes/{class_id}/absences", Absences.absences_of_class),
)
