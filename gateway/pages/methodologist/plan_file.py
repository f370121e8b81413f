"""A file of a thematic plan: handed in, looked at, its columns named, taken as a draft."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.plans import LONGEST_TITLE, MEANINGS, Plans
from gateway.composed import plans as composed_plans
from gateway.door import language, problems
from gateway.door.asking import LONG_TIMEOUT, ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, kept
from gateway.pages.methodologist import plans
from kernel.errors import Refused

blueprint = Blueprint("plan_file", __name__)

#: Meaning → what a select calls it. The last four are read, but are no part of a plan.
MEANING_WORDS: Final = {
    "topic": lazy_gettext("Topic"),
    "section": lazy_gettext("Section"),
    "hours": lazy_gettext("Hours"),
    "content": lazy_gettext("Content elements"),
    "control": lazy_gettext("Control work"),
    "homework": lazy_gettext("Homework"),
    "number": lazy_gettext("Number of the lesson"),
    "planned": lazy_gettext("Planned date"),
    "actual": lazy_gettext("Actual date"),
    "notes": lazy_gettext("Notes"),
}
assert set(MEANING_WORDS) == set(MEANINGS)


@blueprint.route("/year/plans/file", methods=["POST"])
@operation(Plans.read_plan_file)
def hand_in() -> Answer | tuple[str, int]:
    """Take the file, then show what it would become."""
    try:
        file = composed_plans.hand_in(request)
    except Refused as refusal:
        return plans.refused(refusal, "file")
    title = PurePath((request.files["file"].filename or "").replace("\0", "")).stem[-LONGEST_TITLE:]
    subject_id, grade, year_id = (forms.text(name) for name in ("subject_id", "grade", "year_id"))
    shown = url_for("plan_file.page", file=file, title=title, subject_id=subject_id, grade=grade, year_id=year_id)
    return redirect(shown, 303)


@blueprint.route("/year/plans/file")
@operation(Plans.read_plan_file)
def page() -> Answer | tuple[str, int] | str:
    """What the file would become, with the columns as the query names them."""
    if "file" not in request.args:
        return redirect(url_for("plans.page"), 303)
    try:
        return _page(request.args)
    except Refused as refusal:
        return plans.refused(refusal, "file")


@blueprint.route("/year/plans/file/take", methods=["POST"])
@operation(Plans.import_plan)
def take() -> Answer | tuple[str, int]:
    """Make a draft of the file, then show it."""
    named = _named(request.form)
    try:
        made = carry_out(
            Plans.import_plan,
            timeout=LONG_TIMEOUT,
            file=forms.text("file"),
            columns=[{"letters": letters, "meaning": meaning} for letters, meaning in named.items()],
            subject_id=forms.identifier(forms.text("subject_id"), "subject_id"),
            grade=forms.number("grade"),
            year_id=forms.identifier(forms.text("year_id"), "year_id"),
            title=forms.text("title"),
        )
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        if refusal.field == "file":
            return plans.refused(refusal, "file")
        return _page(request.form, problem), problem.status
    flash(gettext("The plan has been taken from the file. It is a draft: look it through."))
    return redirect(url_for("plan.page", plan_id=made["id"]), 303)


def _named(given: MultiDict[str, str]) -> dict[str, str]:
    """Column → the meaning that people gave it: the select `column-B`, where it differs from what `auto-B` was."""
    prefix = "column-"
    named = {name.removeprefix(prefix): value for name, value in given.items() if name.startswith(prefix)}
    return {letters: meaning for letters, meaning in named.items() if meaning != given.get(f"auto-{letters}", "")}


def _page(given: MultiDict[str, str], problem: problems.Problem | None = None) -> str:
    reading = composed_plans.read(given["file"], _named(given))
    columns = [
        {**one, "meaning": one["meaning"] or "", "auto": given.get(f"auto-{one['letters']}", one["meaning"] or "")}
        for one in reading["columns"]
    ]
    return render_template(
        "methodologist/plan-file.html",
        reading=reading,
        columns=columns,
        faults=[{**one, "message": one[language.code()]} for one in reading["faults"]],
        meanings=MEANING_WORDS,
        subjects=[one for one in ask(Plans.associations)["subjects"] if one["mine"]],
        years=kept.years(),
        grades=plans.GRADES,
        chosen={name: given.get(name, "") for name in ("file", "subject_id", "grade", "year_id", "title")},
        problem=problem,
    )
