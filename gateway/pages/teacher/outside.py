"""Asks the teacher about a lesson that the timetable has no more: was it held?"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.lessons import Lessons
from contracts.gradebook.timetable import Timetable
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, shown
from kernel.errors import Refused

blueprint = Blueprint("outside", __name__)


@blueprint.route("/lessons/<id:lesson_id>/outside", methods=["GET"])
@operation(Timetable.settle_lesson)
def page(lesson_id: UUID) -> str:
    """The question."""
    return _page(lesson_id)


@blueprint.route("/lessons/<id:lesson_id>/outside", methods=["POST"])
@operation(Timetable.settle_lesson)
def settle(lesson_id: UUID) -> Answer | tuple[str, int]:
    """Save the answer, then show the day."""
    lesson, held = ask(Lessons.lesson, lesson_id=lesson_id), forms.text("held") == "yes"
    try:
        carry_out(Timetable.settle_lesson, lesson_id=lesson_id, held=held)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(lesson_id, problem), problem.status
    flash(gettext("Saved."))
    return redirect(url_for("teaching.day", day=lesson["date"]), 303)


def _page(lesson_id: UUID, problem: problems.Problem | None = None) -> str:
    lesson, today = ask(Lessons.lesson, lesson_id=lesson_id), shown.today().isoformat()
    return render_template("teacher/outside.html", lesson=lesson, today=today, problem=problem)
