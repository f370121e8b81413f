"""Prepares a year from an earlier one: what would be copied with its numbers, then the step."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.calendar import HOLIDAYS, Calendar
from contracts.gradebook.next_year import NextYear
from contracts.gradebook.plans import Plans
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms
from gateway.pages.methodologist import years
from kernel.errors import Refused

blueprint = Blueprint("next_year", __name__)

#: What was copied → its words before a number.
COPIED_WORDS: Final = {
    "courses": lazy_gettext("courses"),
    "teachers": lazy_gettext("teachers of courses"),
    "members": lazy_gettext("students in courses"),
    "hours": lazy_gettext("entries of the curriculum"),
    "bells": lazy_gettext("schedules of bells"),
    "plans": lazy_gettext("thematic plans"),
}


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
    parts = ", ".join(f"{words} — {copied[name]}" for name, words in COPIED_WORDS.items() if copied[name])
    if parts:
        flash(gettext("Copied: %(parts)s.", parts=parts))
    else:
        flash(gettext("Nothing was copied: nothing was chosen that is not there already."))
    return redirect(url_for("next_year.page", year=forms.text("year"), to=to_year_id, _anchor="left"), 303)


def _page(problem: problems.Problem | None = None) -> str:
    known = years.years()
    year = years.chosen_of(known)
    later = [one for one in known if year and one["starts_on"] > year["starts_on"]][::-1]
    wanted = request.values.get("to")
    to_year = next((one for one in later if one["id"] == wanted), later[0] if later else None)
    found: dict[str, Any] | None = None
    left: dict[str, Any] = {}
    if year and to_year:
        found = ask(NextYear.next_year, from_year_id=year["id"], to_year_id=to_year["id"])
        left = _left(to_year["id"])
    typed = set(request.form.getlist("class_ids")) if problem else None
    return render_template(
        "methodologist/next-year.html",
        years=known,
        year=year,
        later=later,
        to_year=to_year,
        found=found,
        left=left,
        typed=typed,
        problem=problem,
    )


def _left(year_id: str) -> dict[str, Any]:
    """How much a year has of what is not copied: terms, holidays, weeks of grades, plans by their state."""
    schedule = ask(Calendar.schedule, year_id=year_id)
    states = Counter(one["state"] for one in ask(Plans.plans, year_id=year_id)["plans"])
    return {
        "terms": len(schedule["terms"]),
        "holidays": sum(one["kind"] == HOLIDAYS for one in schedule["days_off"]),
        "grades": sum(one["said"] for one in schedule["grades"]),
        "drafts": states["draft"],
        "submitted": states["submitted"],
        "attached": states["attached"],
    }
