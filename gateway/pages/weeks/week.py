"""Pages of weeks of lessons, the choice of one, and free classrooms."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.weeks import Weeks
from gateway.composed import weeks
from gateway.composed.names import in_list, names_of
from gateway.door import auth
from gateway.door.asking import ask
from gateway.door.auth import operation
from gateway.pages.frame import children, forms, shown
from gateway.pages.weeks import sheet
from kernel.errors import Fault, NotFound

blueprint = Blueprint("weeks", __name__)
blueprint.add_app_template_filter(weeks.room_name)


@blueprint.route("/week")
@operation(Weeks.week)
def mine() -> Answer | str:
    """A teacher's own week, or a family's; who has neither chooses one."""
    actor = auth.actor()
    if actor.has("teacher") and actor.person_id is not None:
        return render_template("weeks/week.html", mine=True, **_week("teacher_id", actor.person_id))
    if actor.has("parent", "student"):
        return children.to_first("weeks.of_student")
    return redirect(url_for("weeks.choose"), 303)


@blueprint.route("/week/students/<id:student_id>")
@operation(Weeks.week)
def of_student(student_id: UUID) -> Answer | str | tuple[str, int]:
    """A student's week."""
    try:
        week = _week("student_id", student_id)
    except NotFound as refusal:
        return children.closed(refusal, student_id)
    return render_template("weeks/week.html", **week, **children.shown_student(student_id))


@blueprint.route("/week/classes/<id:class_id>")
@operation(Weeks.week)
def of_class(class_id: UUID) -> str:
    """A class's week."""
    return render_template("weeks/week.html", **_week("class_id", class_id))


@blueprint.route("/week/teachers/<id:teacher_id>")
@operation(Weeks.week)
def of_teacher(teacher_id: UUID) -> str:
    """A teacher's week."""
    found = _week("teacher_id", teacher_id)
    return render_template("weeks/week.html", **{**found, "name": _teacher(teacher_id)})


@blueprint.route("/week/classrooms/<id:classroom_id>")
@operation(Weeks.week)
def of_classroom(classroom_id: UUID) -> str:
    """A classroom's week."""
    found = _week("classroom_id", classroom_id)
    return render_template("weeks/week.html", **{**found, "name": weeks.room_name(found["name"])})


@blueprint.route("/week/others")
@operation(Weeks.week_choices)
def choose() -> str:
    """Classes, teachers and classrooms to choose from."""
    found = ask(Weeks.week_choices)
    grades = [(grade, list(held)) for grade, held in groupby(found["classes"], lambda one: one["grade"])]
    try:
        teachers = in_list(names_of(set(found["teacher_ids"])).values())
    except Fault:  # the other weeks can be chosen without
        teachers = []
    return render_template("weeks/choose.html", grades=grades, teachers=teachers, classrooms=found["classrooms"])


@blueprint.route("/classrooms/free")
@operation(Weeks.free_classrooms)
def free() -> str:
    """The classrooms that are free at a lesson's time."""
    day = forms.queried_day("date") or shown.today()
    number, shift = _queried_number("number"), _queried_number("shift")
    found = ask(Weeks.free_classrooms, date=day, number=number, shift=shift)
    return render_template("weeks/free.html", day=day, number=number, shift=shift, found=found)


def _week(of: str, of_id: UUID) -> dict[str, Any]:
    """What the page of a week shows; `of` is the field that says whose it is. The week is that of the query's date."""
    today = shown.today()
    command: dict[str, Any] = {"date": forms.queried_day("date") or today, of: of_id}
    week = ask(Weeks.week, **command)
    monday, step = date.fromisoformat(week["starts_on"]), timedelta(days=7)
    days = sheet.days(week, of, of_id)
    return {
        "name": week["name"],
        "days": days,
        "any": any(day["any"] for day in days),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - step,
        "after": monday + step,
        "today": today,
        "parity": week["parity"],
    }


def _teacher(teacher_id: UUID) -> str:
    try:
        found = names_of({str(teacher_id)}).get(str(teacher_id))
    except Fault:
        found = None
    return found["name"] if found else gettext("Teacher")


def _queried_number(name: str) -> int:
    """A small number in the query; 1 where there is none."""
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 3 else 1
