"""Bells of a school year by kind of day and shift, and the classes of the second shift."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.bells import Bells
from contracts.gradebook.calendar import Calendar
from contracts.identity.classes import Classes
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, shown
from gateway.pages.methodologist.year import Refusal, present_year
from gateway.pages.methodologist.years import classes_of
from kernel.errors import Invalid, Refused

blueprint = Blueprint("bells", __name__)

#: Rows of a form that are there to be filled in.
_MORE: Final = 2
#: What a new schedule begins with, unless the person says otherwise: lessons of 40 minutes, and the breaks after them.
_FIRST: Final = "08:30"
_LESSON: Final = timedelta(minutes=40)
_BREAKS: Final = (10, 20, 20, 10, 10, 10, 10)

SHIFTS: Final = {1: lazy_gettext("first shift"), 2: lazy_gettext("second shift")}


@blueprint.route("/year/bells", methods=["GET"])
@operation(Bells.bells)
def page() -> str:
    """The bells of a year: of the present one, unless another one is asked for."""
    return _page(forms.queried_id("year"))


@blueprint.route("/year/<id:year_id>/bells", methods=["POST"])
@operation(Bells.set_bells)
def add(year_id: UUID) -> Answer | tuple[str, int]:
    """Add a schedule of bells."""
    return _changed(year_id, "new", lambda: carry_out(Bells.set_bells, **_start(year_id), **_schedule()))


@blueprint.route("/year/<id:year_id>/bells/<id:schedule_id>", methods=["POST"])
@operation(Bells.set_bells)
def change(year_id: UUID, schedule_id: UUID) -> Answer | tuple[str, int]:
    """Change or remove a schedule of bells."""

    def changed() -> Any:
        if forms.text("remove"):
            return carry_out(Bells.remove_bells, **_start(year_id), schedule_id=schedule_id)
        return carry_out(Bells.set_bells, **_start(year_id), id=schedule_id, **_schedule())

    return _changed(year_id, str(schedule_id), changed)


@blueprint.route("/year/<id:year_id>/second-shift", methods=["POST"])
@operation(Bells.set_second_shift)
def set_second_shift(year_id: UUID) -> Answer | tuple[str, int]:
    """Say which classes are of the second shift."""
    return _changed(
        year_id,
        "shift",
        lambda: carry_out(
            Bells.set_second_shift,
            **_start(year_id),
            class_ids=[forms.identifier(one, "class") for one in request.form.getlist("class")],
        ),
    )


# --- what was typed --------------------------------------------------------------------------------


def _start(year_id: UUID) -> dict[str, Any]:
    return {"year_id": year_id, "version": forms.number("version") or 0}


def _schedule() -> dict[str, Any]:
    valid_from = forms.day("valid_from")
    if valid_from is None:
        raise Invalid("A date is missing.", rule="date", field="valid_from")
    return {
        "title": forms.text("title"),
        "shift": forms.number("shift") or 1,
        "weekdays": [int(one) for one in request.form.getlist("weekday") if one.isascii() and one.isdigit()],
        "short": forms.text("kind") == "short",
        "valid_from": valid_from,
        "bells": list(_bells()),
    }


def _bells() -> Iterator[dict[str, Any]]:
    """The bells of the form; rows without times are left out."""
    for row in forms.suffixes("number-"):
        starts, ends = forms.text(f"starts-{row}"), forms.text(f"ends-{row}")
        if starts or ends:
            number = forms.number(f"number-{row}")
            if number is None:
                raise Invalid("Say which lesson of the day it is.", rule="number", field=f"number-{row}")
            yield {"number": number, "starts": starts[:5], "ends": ends[:5]}


# --- the page --------------------------------------------------------------------------------------


def _changed(year_id: UUID, form: str, carry: Callable[[], Any]) -> Answer | tuple[str, int]:
    """Make a change, then show the bells; or why it was refused, with what was typed."""
    try:
        carry()
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(year_id, Refusal(form, problem)), problem.status
    flash(gettext("Saved."))
    return redirect(url_for("bells.page", year=year_id), 303)


def _page(year_id: UUID | None, refused: Refusal | None = None) -> str:
    years = ask(Calendar.calendar)["years"]
    chosen = year_id or present_year(years)
    found = ask(Bells.bells, year_id=chosen) if chosen else None
    year = next((one for one in years if one["id"] == str(chosen)), None)
    return render_template(
        "methodologist/bells.html",
        years=years,
        year=year,
        found=found,
        schedules=[{**one, "rows": _rows(one["bells"])} for one in found["schedules"]] if found else [],
        suggested={"rows": _suggested(), "valid_from": year["starts_on"], "weekdays": []} if year else {},
        shifts=SHIFTS,
        classes=classes_of(years, year) if shown.allowed(Classes.classes) else [],
        refused=refused,
    )


def _rows(bells: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows of a form, with the breaks before them, and some to be filled in."""
    last = bells[-1]["number"] if bells else 0
    return [*bells, *({"number": last + more, "starts": "", "ends": ""} for more in range(1, _MORE + 1))]


def _suggested() -> list[Mapping[str, Any]]:
    starts = datetime.strptime(_FIRST, "%H:%M")  # noqa: DTZ007  # a time of the day alone
    rows: list[Mapping[str, Any]] = []
    for number, pause in enumerate(_BREAKS, start=1):
        ends = starts + _LESSON
        rows.append({"number": number, "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"})
        starts = ends + timedelta(minutes=pause)
    return _rows(rows)
