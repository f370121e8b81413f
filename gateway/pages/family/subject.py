"""The page of a student's marks in one course over the year."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.journal import Journal
from gateway.door.asking import ask
from gateway.door.auth import operation
from gateway.pages.family.plot import HEIGHT, LEFT, WIDTH, plot_of
from gateway.pages.frame import children, shown
from kernel.errors import NotFound

blueprint = Blueprint("subject", __name__)


@blueprint.route("/marks/<id:student_id>/subjects/<id:course_id>")
@operation(Journal.subject_trend)
def trend(student_id: UUID, course_id: UUID) -> Answer | str | tuple[str, int]:
    """The marks with the mean after each: a plot, and a table of the same figures."""
    try:
        found = ask(Journal.subject_trend, student_id=student_id, course_id=course_id)
    except NotFound as refusal:
        return children.closed(refusal, student_id)
    today = shown.today()
    return render_template(
        "family/subject.html",
        found=found,
        plot=plot_of(found, today),
        size=(WIDTH, HEIGHT, LEFT),
        today=today,
        **children.shown_student(student_id),
    )
