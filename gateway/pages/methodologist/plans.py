"""Thematic plans by subject and grade: begun, copied; and who heads which subject's association."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.plans import Plans
from contracts.identity.people import People
from gateway.composed.names import in_list
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, kept, shown
from kernel.errors import Invalid, Refused

blueprint = Blueprint("plans", __name__)

#: Plans that are shown at once: more stand in parts, by grades.
_AT_ONCE: Final = 30
#: A school's grades.
GRADES = range(1, 12)


@blueprint.route("/year/plans")
@operation(Plans.plans)
def page() -> str:
    """The plans of a year, those of the query's subject and grade."""
    return _plans_page()


@blueprint.route("/year/plans", methods=["POST"])
@operation(Plans.add_plan)
def add() -> Answer | tuple[str, int]:
    """Begin a plan, then show it."""
    try:
        made = carry_out(
            Plans.add_plan,
            subject_id=forms.identifier(forms.text("subject_id"), "subject_id"),
            grade=forms.number("grade"),
            year_id=forms.identifier(forms.text("year_id"), "year_id"),
            title=forms.text("title"),
        )
    except Refused as refusal:
        return refused(refusal, "new")
    return redirect(url_for("plan.page", plan_id=made["id"]), 303)


@blueprint.route("/year/plans/copies", methods=["POST"])
@operation(Plans.copy_plan)
def copy() -> Answer | tuple[str, int]:
    """Copy a plan into a year, then show the copy."""
    try:
        made = carry_out(
            Plans.copy_plan,
            plan_id=forms.identifier(forms.text("plan_id"), "plan_id"),
            year_id=forms.identifier(forms.text("year_id"), "year_id"),
            grade=forms.number("grade"),
        )
    except Refused as refusal:
        return refused(refusal, "copy")
    flash(gettext("The plan has been copied. It is a draft: look it through."))
    return redirect(url_for("plan.page", plan_id=made["id"]), 303)


@blueprint.route("/year/plans/heads")
@operation(Plans.set_subjects)
def heads() -> str:
    """The heads of subject associations, and the subjects of each."""
    return _heads_page()


@blueprint.route("/year/plans/heads/<id:person_id>", methods=["POST"])
@operation(Plans.set_subjects)
def set_subjects(person_id: UUID) -> Answer | tuple[str, int]:
    """Save the subjects of a head."""
    try:
        chosen = [forms.identifier(one, "subject_ids") for one in request.form.getlist("subject_ids")]
        carry_out(Plans.set_subjects, person_id=person_id, subject_ids=chosen)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _heads_page(problem), problem.status
    flash(gettext("Saved."))
    return redirect(url_for("plans.heads") + f"#head-{person_id}", 303)


def chosen_year(wanted: UUID | str | None = None) -> dict[str, Any]:
    """The year with this id; without one the present year, or the newest. Raises `Invalid` where there is none."""
    years = kept.years()
    today = shown.today().isoformat()
    of_id = [one for one in years if wanted and one["id"] == str(wanted)]
    of_today = [one for one in years if one["starts_on"] <= today <= one["ends_on"]]
    found = next(iter([*of_id, *of_today, *years]), None)
    if found is None:
        raise Invalid("The school has no academic year yet.", rule="no-year")
    return found


def _plans_page(problem: problems.Problem | None = None, where: str = "") -> str:
    if not kept.years():
        return render_template("methodologist/plans.html", year=None, problem=problem)
    year = chosen_year(forms.queried_id("year") or request.form.get("year_id"))
    subject_id, grade = forms.queried_id("subject"), request.args.get("grade", "")
    found = ask(
        Plans.plans,
        year_id=year["id"],
        subject_id=subject_id,
        grade=int(grade) if grade.isascii() and grade.isdigit() else None,
    )["plans"]
    parts = sorted({one["grade"] for one in found}) if len(found) > _AT_ONCE else []
    if parts:
        grade = str(parts[0])
        found = [one for one in found if one["grade"] == parts[0]]
    subjects = ask(Plans.associations)["subjects"]
    return render_template(
        "methodologist/plans.html",
        years=kept.years(),
        year=year,
        plans=found,
        in_parts=bool(parts) or (grade != "" and subject_id is None),
        subjects=subjects,
        mine=[one for one in subjects if one["mine"]],
        chosen={"subject": str(subject_id or ""), "grade": grade},
        grades=GRADES,
        sources=_sources(subjects) if shown.allowed(Plans.copy_plan) else [],
        problem=problem,
        where=where,
    )


def _sources(subjects: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The plans that the visitor may copy: those of the subjects that the visitor works on, of all years."""
    mine = {one["subject_id"] for one in subjects if one["mine"]}
    years = {one["id"]: one["title"] for one in kept.years()}
    found = ask(Plans.plans)["plans"] if mine else []
    return [{**one, "year": years.get(one["year_id"], "")} for one in found if one["subject_id"] in mine]


def refused(refusal: Refused, where: str) -> tuple[str, int]:
    """The page of plans with the reason why one of its forms was refused: `new`, `copy` or `file`."""
    problem = problems.of_refusal(refusal)
    return _plans_page(problem, where), problem.status


def _heads_page(problem: problems.Problem | None = None) -> str:
    people = in_list(ask(People.people, role="plan_head", limit=200)["people"])
    subjects = ask(Plans.associations)["subjects"]
    return render_template("methodologist/plan-heads.html", people=people, subjects=subjects, problem=problem)
