"""Print jobs: order a journal page, follow the jobs, download the documents."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.courses import Courses
from contracts.printing.documents import Documents
from gateway.composed import downloads, print_jobs
from gateway.door import problems
from gateway.door.asking import ask
from gateway.door.auth import operation
from gateway.pages.frame import forms, kept, shown
from kernel.errors import Refused

blueprint = Blueprint("printing_pages", __name__)

#: States of jobs that change without the visitor: the page updates itself while a job is in one of them.
GOING_ON = frozenset({"waiting", "rendering"})


@blueprint.route("/print", methods=["GET"])
@operation(Documents.jobs)
def jobs() -> str:
    """The print jobs, and a form to order another."""
    return _page()


@blueprint.route("/print", methods=["POST"])
@operation(Documents.order_journal_page)
def order() -> Answer | tuple[str, int]:
    """Order a journal page."""
    try:
        print_jobs.order_journal_page(
            course_id=forms.identifier(forms.text("course_id"), "course_id"),
            term_id=forms.identifier(forms.text("term_id"), "term_id"),
        )
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(problem), problem.status
    return redirect(url_for("printing_pages.jobs"), 303)


@blueprint.route("/print/<id:job_id>/document")
@operation(Documents.document_part)
def document(job_id: UUID) -> Response:
    """The document of a finished job."""
    return downloads.download(job_id)


def _page(problem: problems.Problem | None = None) -> str:
    found = print_jobs.print_jobs()["jobs"]
    may_order = shown.allowed(Documents.order_journal_page)
    return render_template(
        "methodologist/print.html",
        jobs=found,
        going_on=any(job["state"] in GOING_ON for job in found),
        may_order=may_order,
        courses=ask(Courses.courses)["courses"] if may_order else [],
        years=kept.years() if may_order else [],
        problem=problem,
    )
