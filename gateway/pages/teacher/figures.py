"""A figure opened: what a student's term mark is made of, what it would be, and which marks a target needs."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, render_template, request

from contracts.gradebook.term_marks import FURTHER, TERM, TermMarks
from gateway.composed.names import names_of, texts
from gateway.door import problems
from gateway.door.asking import ask
from gateway.door.auth import operation
from gateway.pages.frame import forms, kinds_of_marks, shown
from gateway.pages.teacher import course_terms
from kernel.errors import Refused
from kernel.names import INITIALS

blueprint = Blueprint("figures", __name__)

_BETWEEN_MARKS: Final = re.compile(r"[\s,;]+")


@blueprint.route("/journal/<id:course_id>/students/<id:student_id>/term-mark")
@operation(TermMarks.explained_term_mark)
def term_mark(course_id: UUID, student_id: UUID) -> str | tuple[str, int]:
    """A student's computed term mark with its inputs; of the query's further marks and target, a forecast.

    Staff see the history of the set mark too.
    """
    term_id = forms.queried_id("term") or course_terms.present(course_id)
    kind = kinds_of_marks.queried()
    place: dict[str, Any] = {"course_id": course_id, "student_id": student_id, "term_id": term_id}
    found = ask(TermMarks.explained_term_mark, kind=kind, **place)
    revisions = (
        ask(TermMarks.term_mark_history, kind=kind, **place)["revisions"]
        if shown.allowed(TermMarks.term_mark_history)
        else []
    )
    people = names_of({str(student_id), *(one["set_by"] for one in revisions)})
    forecast, problem = _forecast(place) if kind == TERM else (None, None)
    page = render_template(
        "teacher/term-mark.html",
        found=found,
        heads=kinds_of_marks.HEADS,
        kinds=kinds_of_marks.NAMES,
        place=kinds_of_marks.place(term_id, kind),
        forecast=forecast,
        problem=problem,
        asked=request.args,
        name=people.get(str(student_id)),
        revisions=revisions,
        authors=texts(people, INITIALS),
    )
    return (page, problem.status) if problem else page


def _forecast(place: dict[str, Any]) -> tuple[dict[str, Any], problems.Problem | None]:
    """The forecast that the query asks for; without it, and the problem, where the query cannot be read."""
    kind_id = request.args.get("kind") or None
    marks = [one for one in _BETWEEN_MARKS.split(request.args.get("what", "").strip()) if one][:FURTHER]
    asked: dict[str, Any] = {
        "what_if": [{"kind_id": kind_id, "text": one} for one in marks],
        "target": request.args.get("target") or None,
    }
    try:
        return ask(TermMarks.forecast_term_mark, **place, **asked), None
    except Refused as refusal:
        return ask(TermMarks.forecast_term_mark, **place), problems.of_refusal(refusal)
