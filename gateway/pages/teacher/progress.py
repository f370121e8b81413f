"""Plan against fact: how far courses are in their plans, and how one catches up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.course_plans import CoursePlans
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, kept
from kernel.errors import Refused

blueprint = Blueprint("progress", __name__)


@blueprint.route("/plans/progress")
@operation(CoursePlans.progress)
def page() -> str:
    """The lag of the courses that the visitor may see, the longest first if asked so."""
    found = ask(CoursePlans.progress, year_id=forms.queried_id("year"), as_of=forms.queried_day("as_of"))
    behind = "behind" in request.args
    if behind:
        found["courses"] = sorted(
            (one for one in found["courses"] if float(one["behind"]) > 0), key=lambda one: -float(one["behind"])
        )
    return render_template("teacher/progress.html", found=found, years=kept.years(), behind=behind)


@blueprint.route("/plans/courses/<id:course_id>")
@operation(CoursePlans.course_plan)
def course(course_id: UUID) -> str:
    """A course's plan topic by topic, and for its teacher a form to catch up."""
    return _course_page(ask(CoursePlans.course_plan, course_id=course_id))


@blueprint.route("/plans/courses/<id:course_id>", methods=["POST"])
@operation(CoursePlans.adapt_course)
def adapt(course_id: UUID) -> Answer | tuple[str, int]:
    """Save which topics the course drops and joins."""
    chosen: dict[str, list[str]] = {"dropped": [], "joined": []}
    for topic in forms.suffixes("measure-"):
        measure = forms.text(f"measure-{topic}")
        if measure in chosen:
            chosen[measure].append(topic)
    try:
        ids = {name: [forms.identifier(one, name) for one in topics] for name, topics in chosen.items()}
        version = forms.number("version") or 0
        carry_out(
            CoursePlans.adapt_course,
            course_id=course_id, dropped=ids["dropped"], joined=ids["joined"], version=version,
        )  # fmt: skip
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        found = problem.present or ask(CoursePlans.course_plan, course_id=course_id)
        return _course_page(found, problem), problem.status
    flash(gettext("Saved."))
    return redirect(url_for("progress.course", course_id=course_id), 303)


def _course_page(found: dict[str, Any], problem: problems.Problem | None = None) -> str:
    proposed = {one["topic_id"]: one for one in found["proposal"]}
    topics = {one["id"]: one for one in found["topics"]}
    if problem:
        for topic in forms.suffixes("measure-"):
            if topic in topics:
                topics[topic]["measure"] = forms.text(f"measure-{topic}")
    return render_template(
        "teacher/course-plan.html", found=found, course=found["progress"], proposed=proposed, problem=problem
    )
