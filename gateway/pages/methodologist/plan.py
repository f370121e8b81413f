"""One thematic plan: its topics as rows of a form, its history, its courses."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.marks import Marks
from contracts.gradebook.plans import LONGEST, Plans
from gateway.composed.names import names_of, texts
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, kept
from kernel.errors import Refused
from kernel.names import INITIALS

blueprint = Blueprint("plan", __name__)

Row = dict[str, Any]
#: The fields of a row, each as often in the form as there are rows.
FIELDS: Final = ("id", "section", "topic", "hours", "content", "control", "homework")
EMPTY: Final[Row] = {**dict.fromkeys(FIELDS, ""), "hours": "1"}


@blueprint.route("/year/plans/<id:plan_id>")
@operation(Plans.plan)
def page(plan_id: UUID) -> str:
    """The plan: a form for those who may change it."""
    plan = ask(Plans.plan, plan_id=plan_id)
    return _page(plan, plan["topics"] or [EMPTY])


@blueprint.route("/year/plans/<id:plan_id>", methods=["POST"])
@operation(Plans.change_plan)
def change(plan_id: UUID) -> Answer | str | tuple[str, int]:
    """Save the form, and submit the plan if asked to; or show it with a row added, moved or removed."""
    rows, (deed, _, place) = _typed(), forms.text("do").partition(":")
    if deed in _EDITS:
        rows, at = _edited(rows, deed, int(place) if place.isascii() and place.isdigit() else len(rows) - 1)
        return _page(ask(Plans.plan, plan_id=plan_id), rows, at=at)
    rows = [row for row in rows if any(row[name] for name in FIELDS if name != "hours")]
    topics = [{**row, "id": row["id"] or None} for row in rows]
    try:
        version = forms.number("version") or 0
        saved = carry_out(Plans.change_plan, plan_id=plan_id, title=forms.text("title"), topics=topics, version=version)
        if deed == "submit":
            carry_out(Plans.submit_plan, plan_id=plan_id, version=saved["version"])
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        plan = problem.present or ask(Plans.plan, plan_id=plan_id)
        return _page(plan, rows, problem=problem), problem.status
    flash(gettext("The plan has been submitted.") if deed == "submit" else gettext("Saved."))
    return redirect(url_for("plan.page", plan_id=plan_id), 303)


@blueprint.route("/year/plans/<id:plan_id>/history")
@operation(Plans.plan_history)
def history(plan_id: UUID) -> str:
    """Every change of the plan; with the query's version, what the plan was then."""
    version = request.args.get("version", "")
    known = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None
    found = ask(Plans.plan_history, plan_id=plan_id, version=known)
    people = {one["changed_by"] for one in found["revisions"] if one["changed_by"]}
    names = texts(names_of(people), INITIALS) if people else {}
    return render_template("methodologist/plan-history.html", found=found, names=names)


@blueprint.route("/year/plans/<id:plan_id>/courses")
@operation(Plans.plan)
def courses(plan_id: UUID) -> str:
    """The courses that go by the plan; forms to attach it, to return and to delete it."""
    return _courses_page(plan_id)


@blueprint.route("/year/plans/<id:plan_id>/courses", methods=["POST"])
@operation(Plans.attach_plan)
def attach(plan_id: UUID) -> Answer | tuple[str, int]:
    """Save which courses go by the plan."""
    chosen = request.form.getlist("course_ids")
    try:
        ids = [forms.identifier(one, "course_ids") for one in chosen]
        carry_out(Plans.attach_plan, plan_id=plan_id, course_ids=ids, version=forms.number("version") or 0)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _courses_page(plan_id, problem, chosen), problem.status
    flash(gettext("Saved."))
    return redirect(url_for("plan.courses", plan_id=plan_id), 303)


@blueprint.route("/year/plans/<id:plan_id>/return", methods=["POST"])
@operation(Plans.return_plan)
def give_back(plan_id: UUID) -> Answer | tuple[str, int]:
    """Make a submitted plan a draft again."""
    try:
        version = forms.number("version") or 0
        carry_out(Plans.return_plan, plan_id=plan_id, note=forms.text("note"), version=version)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _courses_page(plan_id, problem), problem.status
    flash(gettext("The plan is a draft again."))
    return redirect(url_for("plan.page", plan_id=plan_id), 303)


@blueprint.route("/year/plans/<id:plan_id>/delete", methods=["POST"])
@operation(Plans.delete_plan)
def delete(plan_id: UUID) -> Answer | tuple[str, int]:
    """Delete a draft."""
    try:
        carry_out(Plans.delete_plan, plan_id=plan_id, version=forms.number("version") or 0)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _courses_page(plan_id, problem), problem.status
    flash(gettext("The plan has been deleted."))
    return redirect(url_for("plans.page"), 303)


def _typed() -> list[Row]:
    """The rows of the form, in order."""
    columns = [[text.replace("\r\n", "\n").strip() for text in request.form.getlist(name)] for name in FIELDS]
    return [dict(zip(FIELDS, row)) for row in zip(*columns)]


def _edited(rows: list[Row], deed: str, place: int) -> tuple[list[Row], int]:
    """The rows after a button beside the row at `place`, and the row to go on with."""
    place = max(0, min(place, len(rows) - 1))
    return _EDITS[deed](rows, place) if rows else ([dict(EMPTY)], 0)


def _add(rows: list[Row], place: int) -> tuple[list[Row], int]:
    """A new row below this one, of the same section."""
    return [*rows[: place + 1], {**EMPTY, "section": rows[place]["section"]}, *rows[place + 1 :]], place + 1


def _remove(rows: list[Row], place: int) -> tuple[list[Row], int]:
    left = rows[:place] + rows[place + 1 :]
    return left or [dict(EMPTY)], min(place, max(len(left) - 1, 0))


def _up(rows: list[Row], place: int) -> tuple[list[Row], int]:
    return _swapped(rows, place, max(place - 1, 0))


def _down(rows: list[Row], place: int) -> tuple[list[Row], int]:
    return _swapped(rows, place, min(place + 1, len(rows) - 1))


def _swapped(rows: list[Row], place: int, other: int) -> tuple[list[Row], int]:
    moved = list(rows)
    moved[place], moved[other] = moved[other], moved[place]
    return moved, other


_EDITS: Final = {"add": _add, "remove": _remove, "up": _up, "down": _down}


def _page(plan: dict[str, Any], rows: list[Row], problem: problems.Problem | None = None, at: int | None = None) -> str:
    """The page of a plan; `at` is the row to go on with, `rows` what its form shows."""
    faults = forms.faults_of_rows(problem, "topics", [str(place) for place in range(len(rows))]) if problem else {}
    typed = request.method == "POST"
    return render_template(
        "methodologist/plan.html",
        plan=plan,
        rows=rows,
        title=forms.text("title") if typed else plan["title"],
        # of two who change a plan at once, the second saves over what is shown to be there now
        version=plan["version"] if not typed or (problem and problem.present) else forms.number_or_none("version"),
        taught={one["id"] for one in plan["topics"] if one.get("taught")},
        kinds=[one["name"] for one in ask(Marks.kinds)["kinds"]] if "change" in plan["may"] else [],
        year=_year_of(plan),
        longest=LONGEST,
        problem=problem,
        faults={int(place): message for place, message in faults.items()},
        wrong={fault["field"] for fault in problem.faults} if problem else set(),
        at=at,
    )


def _courses_page(plan_id: UUID, problem: problems.Problem | None = None, chosen: list[str] | None = None) -> str:
    plan = ask(Plans.plan, plan_id=plan_id)
    others = {one["plan_id"] for one in plan["courses"]} - {None, plan["id"]}
    found = ask(Plans.plans, year_id=plan["year_id"], subject_id=plan["subject_id"])["plans"] if others else []
    return render_template(
        "methodologist/plan-courses.html",
        plan=plan,
        titles={one["id"]: one["title"] for one in found},
        chosen=chosen if chosen is not None else [one["id"] for one in plan["courses"] if one["plan_id"] == plan["id"]],
        year=_year_of(plan),
        problem=problem,
    )


def _year_of(plan: dict[str, Any]) -> str:
    return next((str(one["title"]) for one in kept.years() if one["id"] == plan["year_id"]), "")
