"""Prepares a year from an earlier one: what would be copied with its numbers, then the step."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.next_year import NextYear
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms
from gateway.pages.methodologist import years
from kernel.errors import Refused

blueprint = Blueprint("next_year", __name__)


@blueprint.route("/year/next", methods=["GET"])
@operation(NextYear.next_year)
def page() -> str:
    """What the year after the chosen one would get."""
    return _page()


@blueprint.route("/year/next", methods=["POST"])
@operation(NextYear.prepare_next_year)
def take() -> Answer | tuple[str, int]:
    """Copy what was chosen of it."""
    chosen = [forms.identifier(one, "class_ids") for one in request.form.getlist("class_ids") if one]
    to_year_id = forms.identifier(forms.text("to"), "to")
    try:
        copied = carry_out(
            NextYear.prepare_next_year,
            from_year_id=forms.identifier(forms.text("year"), "year"),
            to_year_id=to_year_id,
            fingerprint=forms.text("fingerprint"),
            class_ids=chosen,
            across_classes="across" in request.form,
            teachers="teachers" in request.form,
            curriculum="curriculum" in request.form,
            bells="bells" in request.form,
            plans="plans" in request.form,
        )
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(problem), problem.status
    told = gettext(
        "Copied: courses %(courses)s, teachers %(teachers)s, students in them %(members)s, hours %(hours)s, "
        "schedules of bells %(bells)s, thematic plans %(plans)s."
    )
    flash(told % copied)
    return redirect(url_for("year_courses.overview", year=to_year_id), 303)


def _page(problem: problems.Problem | None = None) -> str:
    known = years.years()
    year = years.chosen_of(known)
    later = [one for one in known if year and one["starts_on"] > year["starts_on"]][::-1]
    wanted = request.values.get("to")
    to_year = next((one for one in later if one["id"] == wanted), later[0] if later else None)
    found: dict[str, Any] | None = None
    if year and to_year:
        found = ask(NextYear.next_year, from_year_id=year["id"], to_year_id=to_year["id"])
    typed = set(request.form.getlist("class_ids")) if problem else None
    return render_template(
        "methodologist/next-year.html",
        years=known,
        year=year,
        later=later,
        to_year=to_year,
        found=found,
        typed=typed,
        problem=problem,
    )
