"""Openings: the methodologist lets teachers write in closed lessons again, sees what is open, and ends it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.courses import Courses
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.openings import Openings
from contracts.identity.classes import Classes
from gateway.composed.names import in_list, names_of, texts
from gateway.composed.people import everybody
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, kept, reasons, shown
from kernel.errors import Invalid, Refused
from kernel.names import INITIALS

blueprint = Blueprint("openings", __name__)

#: Teachers that the page offers.
_MOST_TEACHERS: Final = 1000
#: The lessons that the form begins with: those of so many days up to today; and for how long they are opened.
_BACK, _AHEAD = timedelta(days=14), timedelta(days=3)
_IN_THE_EVENING: Final = time(18)


@blueprint.route("/openings", methods=["GET"])
@operation(Openings.openings)
def page() -> str:
    """What is open and what was, with a form to open lessons.

    The query says of which `course`, `class` or `lesson`, and on which `day`; else it is chosen in the form.
    """
    return _page(_of_query())


@blueprint.route("/openings", methods=["POST"])
@operation(Openings.open_lessons)
def open_lessons() -> Answer | tuple[str, int]:
    """Open lessons; what was typed stays in the form where that is refused."""
    try:
        of, _, of_id = forms.text("of").partition(":")
        if not of_id:
            raise Invalid("Choose which lessons are opened.", rule="nothing-chosen", field="of")
        carry_out(
            Openings.open_lessons,
            of=of,
            of_id=forms.identifier(of_id, "of"),
            first=forms.day("first"),
            last=forms.day("last"),
            until=_moment("until"),
            reason=forms.text("reason"),
        )
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(forms.text("of"), problem), problem.status
    flash(gettext("Opened. The teachers see until when on the pages of these lessons."))
    return redirect(url_for("openings.page"), 303)


@blueprint.route("/openings/<id:opening_id>/end", methods=["POST"])
@operation(Openings.end_opening)
def end(opening_id: UUID) -> Answer | tuple[str, int]:
    """End an opening before its time."""
    try:
        carry_out(Openings.end_opening, opening_id=opening_id)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page("", problem), problem.status
    flash(gettext("Ended: these lessons are closed again."))
    return redirect(url_for("openings.page"), 303)


def _of_query() -> str:
    """What the query chooses, as the form's field has it."""
    for of in ("lesson", "course", "class"):
        chosen = forms.queried_id(of)
        if chosen is not None:
            return f"{of}:{chosen}"
    return ""


def _moment(name: str) -> datetime:
    """A day with its time at the school. Raises `Invalid`."""
    try:
        return datetime.fromisoformat(forms.text(name)).replace(tzinfo=None)
    except ValueError:
        raise Invalid("Say until which day and time it is open.", rule="moment", field=name) from None


def _page(of: str, problem: problems.Problem | None = None) -> str:
    found = ask(Openings.openings)["openings"]
    offers = shown.allowed(Openings.open_lessons)
    people = {one[name] for one in found for name in ("opened_by", "ended_by") if one[name]}
    people |= {one["of_id"] for one in found if one["of"] == "teacher"}
    classes = ask(Classes.classes)["classes"]
    return render_template(
        "methodologist/openings.html",
        open=[one for one in found if one["open"]],
        over=[one for one in found if not one["open"]],
        names=texts(names_of(people), INITIALS) if people else {},
        class_names={one["id"]: one["name"] for one in classes},
        choice=_choice(classes) if offers and not of.startswith("lesson:") else [],
        lesson=_lesson(of) if offers else None,
        form=_form(of),
        offers=offers,
        reasons=reasons.LATE,
        problem=problem,
    )


def _choice(classes: list[dict[str, Any]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What lessons can be opened of: the heads of groups, each with values of the form's field and their names."""
    teachers = in_list(everybody(_MOST_TEACHERS, role="teacher"), INITIALS)
    year = shown.present_of(kept.years())
    courses = ask(Courses.courses, year_id=year["id"])["courses"] if year else []
    return [
        (gettext("Classes"), [(f"class:{one['id']}", one["name"]) for one in classes]),
        (gettext("Teachers"), [(f"teacher:{one['id']}", one["text"]) for one in teachers]),
        (gettext("Courses"), [(f"course:{one['id']}", one["title"]) for one in courses]),
    ]


def _lesson(of: str) -> dict[str, Any] | None:
    """The single lesson that is to be opened; None where it is something else."""
    kind, _, lesson_id = of.partition(":")
    if kind != "lesson":
        return None
    found: dict[str, Any] = ask(Lessons.lesson, lesson_id=forms.identifier(lesson_id, "of"))
    return found


def _form(of: str) -> dict[str, str]:
    """What the fields hold: what was typed, or what to begin with."""
    today = shown.today()
    until = datetime.combine(today + _AHEAD, _IN_THE_EVENING)
    day = forms.queried_day("day")
    begun = {
        "first": str(day or today - _BACK),
        "last": str(day or today),
        "until": until.isoformat("T", "minutes"),
        "reason": "",
    }
    return {"of": of, **{name: request.form.get(name, value) for name, value in begun.items()}}
