"""The homeroom teacher's attendance check of a lesson."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.attendance.checks import Checks
from contracts.attendance.codes import Codes
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.weeks import Weeks
from contracts.identity.classes import Classes
from gateway.composed.names import in_list, names_of
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, visitor
from kernel.errors import Fault, Invalid, NotFound, Refused, together

blueprint = Blueprint("absences", __name__)


@blueprint.route("/check/<id:lesson_id>", methods=["GET"])
@operation(Checks.check_lesson)
def page(lesson_id: UUID) -> str:
    """Who of the visitor's own class was absent from a lesson."""
    return _page(lesson_id)


@blueprint.route("/check/<id:lesson_id>", methods=["POST"])
@operation(Checks.check_lesson)
def check(lesson_id: UUID) -> Answer | tuple[str, int]:
    """Record the check. A student without a code was present."""
    marked = [one for one in forms.suffixes("code-") if forms.text(f"code-{one}") or forms.text(f"minutes-{one}")]
    try:
        carry_out(Checks.check_lesson, lesson_id=lesson_id, absences=_filled_in(marked))
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(lesson_id, problem, forms.faults_of_rows(problem, "absences", marked)), problem.status
    flash(gettext("The lesson has been checked."))
    return redirect(url_for("absences.page", lesson_id=lesson_id), 303)


def _filled_in(students: list[str]) -> list[dict[str, Any]]:
    """The absences of the rows with a code or minutes. Raises `Invalid` for all that cannot be read."""
    absences, refusals = [], []
    for index, student_id in enumerate(students):
        field = f"absences.{index}.minutes"
        code, minutes = forms.text(f"code-{student_id}"), forms.number_or_none(f"minutes-{student_id}")
        if minutes is None and forms.text(f"minutes-{student_id}"):
            refusals.append(Invalid("Minutes are a whole number, such as 5.", rule="schema", field=field))
        elif not code:
            lone = Invalid("Minutes need a code: choose one, or remove them.", rule="code-missing", field=field)
            refusals.append(lone)
        absences.append({"student_id": student_id, "code": code, "minutes": minutes})
    if refusals:
        raise together(refusals)
    return absences


def _page(lesson_id: UUID, problem: problems.Problem | None = None, faults: dict[str, str] | None = None) -> str:
    lesson = ask(Lessons.lesson, lesson_id=lesson_id)
    day = _of_the_day(lesson)
    ids = {lesson["id"], *(one["lesson_id"] for one in day)}
    checks = {one["lesson_id"]: one for one in ask(Checks.lesson_checks, lesson_ids=sorted(ids))["checks"]}
    names = names_of(_own(lesson["student_ids"], lesson["class_id"]))
    return render_template(
        "homeroom/check.html",
        lesson=lesson,
        students=in_list(names.values()),
        codes=ask(Codes.codes)["codes"],
        day=day,
        checks=checks,
        check=checks.get(lesson["id"]),
        problem=problem,
        faults=faults or {},
    )


def _of_the_day(lesson: dict[str, Any]) -> list[dict[str, Any]]:
    """The lessons that the visitor's class has on the day of the lesson, in order; empty if they cannot be read."""
    own = _led()
    if not own:
        return []
    led = lesson["class_id"] if lesson["class_id"] in own else own[0]
    try:
        days = ask(Weeks.week, class_id=led, date=lesson["date"])["days"]
    except (Fault, NotFound):
        return []
    return [
        one for day in days if day["date"] == lesson["date"] for one in day["lessons"] if one["state"] != "cancelled"
    ]


def _led() -> list[str]:
    """The visitor's own classes."""
    membership = visitor.membership()
    return [led["class_id"] for led in membership["homeroom"]] if membership else []


def _own(student_ids: list[str], class_id: str | None) -> set[str]:
    """The lesson's students who are in a class of the visitor's, who may check no others."""
    own = _led()
    if class_id in own:
        return set(student_ids)
    class_lists = [ask(Classes.class_list, class_id=led)["enrolled"] for led in own]
    return set(student_ids) & {student["id"] for enrolled in class_lists for student in enrolled}
