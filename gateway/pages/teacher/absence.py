"""The history of a student's absence from a lesson."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template

from contracts.attendance.checks import Checks
from gateway.composed.names import names_of, texts
from gateway.door.asking import ask
from gateway.door.auth import operation
from gateway.pages.frame import forms
from kernel.names import INITIALS

blueprint = Blueprint("absence", __name__)


@blueprint.route("/lessons/<id:lesson_id>/students/<id:student_id>/absence")
@operation(Checks.absence_history)
def history(lesson_id: UUID, student_id: UUID) -> str:
    """Who noted what of a student in the lesson and when, and when the student's class was checked."""
    found = ask(Checks.absence_history, lesson_id=lesson_id, student_id=student_id)
    people = {one["changed_by"] for one in found["revisions"]} | {one["checked_by"] for one in found["checks"]}
    names = names_of({str(student_id), *people} - {None})
    return render_template(
        "teacher/absence-history.html",
        found=found,
        name=names.get(str(student_id)),
        authors=texts({one: name for one, name in names.items() if one in people}, INITIALS),
        course=forms.queried_id("course"),
        term=forms.queried_id("term"),
    )
