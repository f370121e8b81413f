"""The term marks of a class in all its courses: the homeroom teacher checks them, the methodologist locks them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.term_marks import CHECKED, LOCKED, OPEN, TermMarks
from contracts.identity.classes import Classes
from gateway.composed import term_marks as composed
from gateway.composed.names import names_of, texts
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import earlier, forms, kinds_of_marks
from kernel.contract import Rpc
from kernel.errors import Refused
from kernel.names import INITIALS

blueprint = Blueprint("class_terms", __name__)


@blueprint.route("/classes/<id:class_id>/term-marks", methods=["GET"])
@operation(TermMarks.class_term_marks)
def page(class_id: UUID) -> str:
    """Students down, courses across, of the query's term or of the present one."""
    return _page(class_id, forms.queried_id("term"))


@blueprint.route("/classes/<id:class_id>/term-marks/check", methods=["POST"])
@operation(TermMarks.check_term_marks)
def check(class_id: UUID) -> Answer | tuple[str, int]:
    """Note that the marks were looked through."""
    return _done(TermMarks.check_term_marks, class_id, gettext("The term marks are checked."))


@blueprint.route("/classes/<id:class_id>/term-marks/lock", methods=["POST"])
@operation(TermMarks.lock_term_marks)
def lock(class_id: UUID) -> Answer | tuple[str, int]:
    """Lock the marks."""
    return _done(TermMarks.lock_term_marks, class_id, gettext("The term marks are locked."))


@blueprint.route("/classes/<id:class_id>/term-marks/then")
@operation(TermMarks.class_term_marks)
def then(class_id: UUID) -> str | tuple[str, int]:
    """The same as they stood at the query's day and time, to be read; a form where it names none."""
    term_id, kind = forms.queried_id("term"), kinds_of_marks.queried()

    def read(moment: datetime) -> dict[str, Any]:
        return _sheet(composed.of_class(class_id, term_id, kind, moment))

    return earlier.page(
        "homeroom/term-marks-then.html",
        read,
        class_id=class_id,
        kind=kind,
        asked={name: value for name, value in kinds_of_marks.place(term_id, kind).items() if value},
        name=_name(class_id),
        heads=kinds_of_marks.HEADS,
    )


def _done(method: Rpc, class_id: UUID, said: str) -> Answer | tuple[str, int]:
    term_id = forms.needed_id("term")
    try:
        carry_out(method, class_id=class_id, term_id=term_id, kind=kinds_of_marks.queried())
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(class_id, term_id, problem), problem.status
    flash(said)
    return redirect(
        url_for("class_terms.page", class_id=class_id, **kinds_of_marks.place(term_id, kinds_of_marks.queried())), 303
    )


def _page(class_id: UUID, term_id: UUID | None, problem: problems.Problem | None = None) -> str:
    found = composed.of_class(class_id, term_id, kinds_of_marks.queried())
    states = {course["state"] for course in found["courses"]}
    return render_template(
        "homeroom/term-marks.html",
        **_sheet(found),
        name=_name(class_id),
        heads=kinds_of_marks.HEADS,
        earlier=earlier.offered(),
        may_check=found["may_check"] and bool(states - {CHECKED, LOCKED}),
        may_lock=found["may_lock"] and bool(states - {LOCKED}),
        waiting=[course for course in found["courses"] if course["state"] == OPEN],
        problem=problem,
    )


def _sheet(found: dict[str, Any]) -> dict[str, Any]:
    """What the table of a class shows."""
    teachers = {one for course in found["courses"] for one in course["teacher_ids"]}
    return {
        "found": found,
        "place": kinds_of_marks.place(found["term"]["id"], found["kind"]),
        "cells": {(cell["student_id"], cell["course_id"]): cell for cell in found["cells"]},
        "teachers": texts(names_of(teachers), INITIALS) if teachers else {},
    }


def _name(class_id: UUID) -> str:
    classes: list[dict[str, Any]] = ask(Classes.classes)["classes"]
    return next((str(one["name"]) for one in classes if one["id"] == str(class_id)), "")
