"""The curriculum: hours a week by subject and grade."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.calendar import GRADES
from contracts.gradebook.subjects import Subjects
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms
from gateway.pages.methodologist import years
from kernel.errors import Refused

blueprint = Blueprint("curriculum", __name__)

#: The most hours a week of a grade, in weeks of five and six days (SanPiN 1.2.3685-21, table 6.6).
MOST: Final = {
    1: (21, 21), 2: (23, 26), 3: (23, 26), 4: (23, 26), 5: (29, 32), 6: (30, 33), 7: (32, 35), 8: (33, 36),
    9: (33, 36), 10: (34, 37), 11: (34, 37),
}  # fmt: skip


@blueprint.route("/year/curriculum", methods=["GET"])
@operation(Subjects.set_curriculum)
def page() -> str:
    """Hours a week as a table of subjects and grades."""
    return _page()


@blueprint.route("/year/curriculum", methods=["POST"])
@operation(Subjects.set_curriculum)
def save() -> Answer | tuple[str, int]:
    """Save the hours that differ from those that the page was shown with."""
    typed = {key: text for key in forms.suffixes("hours-") if (text := forms.text(f"hours-{key}")) is not None}
    shown = {key: forms.text(f"was-{key}") for key in typed}
    changed = [key for key in typed if typed[key] != shown[key]]
    year_id = forms.identifier(forms.text("year"), "year")
    try:
        if changed:
            hours = [_cell(key, typed[key]) for key in changed]
            carry_out(Subjects.set_curriculum, year_id=year_id, version=forms.number("version") or 0, hours=hours)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(problem, typed, forms.faults_of_rows(problem, "hours", changed)), problem.status
    flash(gettext("Saved."))
    return redirect(url_for("curriculum.page", year=year_id), 303)


def _cell(key: str, hours: str) -> dict[str, Any]:
    """What a field of the table says; its name has the grade and the subject."""
    grade, _, subject_id = key.partition("-")
    return {"grade": grade, "subject_id": forms.identifier(subject_id, "subject_id"), "hours": hours}


def _page(
    problem: problems.Problem | None = None,
    typed: dict[str, str] | None = None,
    faults: dict[str, str] | None = None,
) -> str:
    known = years.years()
    year = years.chosen_of(known)
    nothing: dict[str, Any] = {"version": 0, "hours": [], "totals": []}
    curriculum = ask(Subjects.curriculum, year_id=year["id"]) if year else nothing
    return render_template(
        "methodologist/curriculum.html",
        years=known,
        year=year,
        subjects=ask(Subjects.subjects)["subjects"],
        grades=GRADES,
        saved={f"{one['grade']}-{one['subject_id']}": one["hours"] for one in curriculum["hours"]},
        totals={one["grade"]: Decimal(one["hours"]) for one in curriculum["totals"]},
        most=MOST,
        version=curriculum["version"],
        problem=problem,
        typed=typed,
        faults=faults or {},
        sums=_sums(curriculum["hours"]),
    )


def _sums(hours: list[dict[str, Any]]) -> dict[str, str]:
    """Subject → its hours in all grades."""
    sums: dict[str, Decimal] = {}
    for one in hours:
        sums[one["subject_id"]] = sums.get(one["subject_id"], Decimal(0)) + Decimal(one["hours"])
    return {subject: f"{total.normalize():f}" for subject, total in sums.items()}
