"""The marks and means of a class in all its courses, for the homeroom teacher and those who keep the school."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from flask import Blueprint, render_template

from contracts.gradebook.term_marks import TermMarks
from contracts.identity.classes import Classes
from gateway.composed import class_journal as composed
from gateway.composed.names import names_of, texts
from gateway.door.asking import ask
from gateway.door.auth import operation
from gateway.pages.frame import forms
from kernel.errors import NotFound
from kernel.names import INITIALS

blueprint = Blueprint("class_journal", __name__)


@blueprint.route("/classes/<id:class_id>/journal")
@operation(TermMarks.class_journal)
def page(class_id: UUID) -> str:
    """Students down, courses across, of the query's term or of the present one."""
    term_id = forms.queried_id("term")
    classes = ask(Classes.classes)["classes"]
    name = next((str(one["name"]) for one in classes if one["id"] == str(class_id)), "")
    try:
        found = composed.of_class(class_id, term_id)
    except NotFound as refusal:
        if term_id is not None or refusal.rule != "no-such-term":
            raise
        return render_template("homeroom/journal.html", found=None, name=name)
    teachers = {one for course in found["courses"] for one in course["teacher_ids"]}
    return render_template(
        "homeroom/journal.html",
        found=found,
        name=name,
        cells={(cell["student_id"], cell["course_id"]): cell for cell in found["cells"]},
        needy=Counter(cell["student_id"] for cell in found["cells"] if cell["needs"]),
        teachers=texts(names_of(teachers), INITIALS) if teachers else {},
    )
