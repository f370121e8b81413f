"""Print jobs: order a journal page, follow the jobs, download the documents."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext
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

#: Orders on one page.
PAGE: Final = 30
#: States of jobs that change without the visitor: the page updates itself while a job is in one of them.
GOING_ON = frozenset({"waiting", "rendering"})


@blueprint.route("/print", methods=["GET"])
@operation(Documents.jobs)
def jobs() -> str:
    """The print jobs, the newest first, and a form to order another."""
    return _page()


@blueprint.route("/print", methods=["POST"])
@operation(Documents.order_journal_page)
def order() -> Answer | tuple[str, int]:
    """Order a journal page. What prints the same already is shown instead."""
    try:
        job = print_jobs.order_journal_page(
            course_id=forms.identifier(forms.text("course_id"), "course_id"),
            term_id=forms.identifier(forms.text("term_id"), "term_id"),
        )
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(problem), problem.status
    if not job.get("existed"):  # an older version of printing does not send it
        return redirect(url_for("printing_pages.jobs"), 303)
    flash(_of_before(job))
    return redirect(url_for("printing_pages.jobs", same=job["id"]), 303)


@blueprint.route("/print/<id:job_id>/document")
@operation(Documents.document)
def document(job_id: UUID) -> Response:
    """The document of a finished job."""
    return downloads.document(job_id)


def _of_before(job: dict[str, Any]) -> str:
    """That an order led to a job which was there before."""
    words = {"title": job["title"], "moment": shown.moment(job["ordered_at"])}
    if job["state"] in GOING_ON:
        return gettext("“%(title)s” was ordered %(moment)s and is being made: see the first row.", **words)
    return gettext("“%(title)s” has not changed since it was ordered %(moment)s: see the first row.", **words)


def _page(problem: problems.Problem | None = None) -> str:
    """A page of jobs after the job `after`; the job `same`, which the last order led to, stands before them."""
    after, same = forms.queried_id("after"), forms.queried_id("same")
    page = print_jobs.print_jobs(limit=PAGE, after=after)
    found = page["jobs"]
    if same:
        found = [print_jobs.print_job(same), *(job for job in found if job["id"] != str(same))]
    may_order = shown.allowed(Documents.order_journal_page)
    courses = ask(Courses.courses)["courses"] if may_order else []
    divisions = _divisions(courses)
    return render_template(
        "methodologist/print.html",
        jobs=found,
        older=page["next"],
        newest=after is None,
        same=str(same) if same else None,
        going_on=any(job["state"] in GOING_ON for job in found),
        may_order=may_order,
        courses=_by_year(courses, {one["key"] for one in divisions}),
        divisions=divisions,
        problem=problem,
    )


def _by_year(courses: list[dict[str, Any]], keys: Collection[str]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The title of each year, newest first, and those of its courses that go by the divisions of these keys."""
    begun = [one for one in courses if _key(one["year_id"], one) in keys]
    found = [(year["title"], [one for one in begun if one["year_id"] == year["id"]]) for year in kept.years()]
    return [(title, of_year) for title, of_year in found if of_year]


def _key(year_id: str, shown_one: Mapping[str, Any]) -> str:
    """Of a course or a term: its year and division, as the page compares them."""
    return f"{year_id} {shown.division_of(shown_one)}"


def _divisions(courses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The divisions of years by which courses go, with the terms of each that have begun: those are on paper."""
    today = shown.today().isoformat()
    followed = {_key(course["year_id"], course) for course in courses}
    found = []
    for year in kept.years():
        for name, terms in shown.by_division(year["terms"]):
            begun = [term for term in terms if term["starts_on"] <= today]
            key = _key(year["id"], terms[0])
            if begun and key in followed:
                title = f"{year['title']}, {name}" if name else year["title"]
                found.append({"key": key, "title": title, "terms": begun})
    return found
