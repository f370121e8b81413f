"""The school: its time zone, and how that was changed."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.identity.schools import Schools
from gateway.composed.names import names_of, texts
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, kept
from kernel.clock import now
from kernel.errors import Refused
from kernel.names import INITIALS

blueprint = Blueprint("school", __name__)

#: Parts of the world that zones are named for. Other names of `zoneinfo`, such as `Etc/GMT+4`, are no places.
_WORLD: Final = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


@blueprint.route("/school", methods=["GET"])
@operation(Schools.time_zone)
def page() -> str:
    """The school's time zone, the time there, and every change of it."""
    return _page()


@blueprint.route("/school", methods=["POST"])
@operation(Schools.set_time_zone)
def change() -> Answer | tuple[str, int]:
    """Change the time zone."""
    try:
        carry_out(Schools.set_time_zone, time_zone=forms.text("time_zone"))
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(problem), problem.status
    kept.forget_zone()
    flash(gettext("Saved."))
    return redirect(url_for("school.page"), 303)


def zones() -> list[str]:
    """The names of places whose time zone a school may have."""
    return sorted(name for name in available_timezones() if name.startswith(_WORLD))


def _page(problem: problems.Problem | None = None) -> str:
    found = ask(Schools.time_zone)
    people = {change["changed_by"] for change in found["changes"] if change["changed_by"]}
    return render_template(
        "director/school.html",
        zone=found["time_zone"],
        clock=now().astimezone(ZoneInfo(found["time_zone"])),
        changes=found["changes"],
        names=texts(names_of(people), INITIALS) if people else {},
        typed=request.form.get("time_zone", found["time_zone"]),
        zones=zones(),
        problem=problem,
    )
