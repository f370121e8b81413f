"""Changes of a day: lessons cancelled, moved, in another classroom, by somebody who stands in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from math import ceil
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.classrooms import Classrooms
from contracts.gradebook.day_changes import DayChanges
from contracts.identity.classes import Classes
from gateway.composed.names import in_list
from gateway.composed.people import everybody
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, shown
from gateway.pages.methodologist.timetable import room_of
from kernel.errors import Invalid, Refused
from kernel.names import INITIALS

blueprint = Blueprint("day_changes", __name__)

#: Teachers that the page offers.
_MOST_TEACHERS: Final = 1000
#: Lessons of the whole school that are shown at once.
_AT_ONCE: Final = 12
#: Whose lessons a page shows → the field of the command.
_OF: Final = {"class": "class_id", "teacher": "teacher_id"}
_WHAT: Final = {
    "": lazy_gettext("by the timetable"),
    "cancelled": lazy_gettext("cancelled"),
    "moved": lazy_gettext("moved to…"),
}
HINDRANCES: Final = {
    "teacher": lazy_gettext("the teacher has another lesson then"),
    "classroom": lazy_gettext("the classroom is taken"),
    "students": lazy_gettext("students of it have another lesson then"),
}


@blueprint.route("/changes", methods=["GET"])
@operation(DayChanges.lessons_of_day)
def page() -> str:
    """The lessons of a day, each with what is to be different; or all changes up to a later day."""
    day = forms.queried_day("date") or shown.today()
    until = forms.queried_day("until")
    return _page(day) if until is None or until == day else _span(day, until)


@blueprint.route("/changes", methods=["POST"])
@operation(DayChanges.change_lessons)
def change() -> Answer | tuple[str, int]:
    """Save what differs of the lessons; what stands in the way is shown first."""
    day = forms.day("date") or shown.today()
    try:
        changes = _changes(day)
        if not changes:
            flash(gettext("Nothing was changed."))
            return redirect(url_for("day_changes.page", date=day, **_place()), 303)
        done = carry_out(DayChanges.change_lessons, changes=changes, despite_collisions=bool(forms.text("despite")))
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(day, problem), problem.status
    if not done["saved"]:
        return _page(day, hindrances=done["hindrances"]), 409
    told = gettext("Saved. Families get a letter in two minutes; what you put right until then is not told.")
    flash(told if _is_told(day, changes) else gettext("Saved."))
    return redirect(url_for("day_changes.page", date=day, **_place()), 303)


def _is_told(day: date, changes: Iterable[Mapping[str, Any]]) -> bool:
    """Whether families get letters about changes of a day: nobody is told of the past."""
    last = [change["moved_to"] for change in changes if change.get("moved_to")]
    return max([day.isoformat(), *last]) >= shown.today().isoformat()


# --- what was typed --------------------------------------------------------------------------------


def _whose() -> dict[str, Any]:
    return {name: request.values[name] for name in _OF if request.values.get(name)}


def _part(lessons: int) -> int:
    """Which part of the school's lessons is looked at, from 1 on."""
    given = request.values.get("part", "")
    wanted = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 1
    return min(max(wanted, 1), _parts(lessons))


def _parts(lessons: int) -> int:
    return max(ceil(lessons / _AT_ONCE), 1)


def _place() -> dict[str, Any]:
    """The parameters of the page's address beside the day."""
    part = request.values.get("part")
    return {**_whose(), **({"part": part} if part else {})}


def _lessons(day: date) -> dict[str, Any]:
    found: dict[str, Any] = ask(DayChanges.lessons_of_day, date=day, **_of())
    return found


def _of() -> dict[str, Any]:
    """Whose lessons are asked for, as the fields of a command."""
    who = _whose()
    return {field: forms.identifier(who[name], name) for name, field in _OF.items() if name in who}


def _changes(day: date) -> list[dict[str, Any]]:
    """The changes of the form that differ from what is saved. Raises `Invalid`."""
    rooms = {one["name"].casefold(): one["id"] for one in ask(Classrooms.classrooms)["classrooms"]}
    changes = []
    for lesson in _lessons(day)["lessons"]:
        key = lesson["id"]
        if f"what-{key}" not in request.form:
            continue
        typed = _typed(key)
        if typed != _saved(lesson):
            changes.append({"lesson_id": key, "version": forms.number(f"version-{key}") or 0, **_said(typed, rooms)})
    return changes


def _typed(key: str) -> dict[str, str]:
    return {name: forms.text(f"{name}-{key}") for name in ("what", "date", "number", "teacher", "room", "reason")}


def _saved(lesson: Mapping[str, Any]) -> dict[str, str]:
    """The row of a lesson as the form shows it where nothing was typed."""
    moved = lesson["moved_to"] is not None
    changed = lesson["version"] > 0
    usual = lesson["state"] == "cancelled"
    return {
        "what": "moved" if moved else "cancelled" if usual else "",
        "date": lesson["moved_to"] or "",
        "number": str(lesson["moved_number"]) if moved else "",
        "teacher": (lesson["teacher_id"] or "") if (changed and not usual) or moved else "",
        "room": (lesson["classroom"] or "") if (changed and not usual) or moved else "",
        "reason": lesson["reason"],
    }


def _shown(lesson: Mapping[str, Any]) -> dict[str, str]:
    """The row of a lesson: what was typed, if the form was sent, else what is saved."""
    return _typed(lesson["id"]) if f"what-{lesson['id']}" in request.form else _saved(lesson)


def _said(typed: Mapping[str, str], rooms: Mapping[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {"cancelled": typed["what"] == "cancelled", "reason": typed["reason"]}
    if typed["what"] == "moved":
        if not typed["date"]:
            raise Invalid("Say to which day the lesson is moved.", rule="no-day", field="moved_to")
        number = typed["number"]
        if number and not (number.isascii() and number.isdigit()):
            raise Invalid("Not a valid integer.", rule="schema", field="moved_number")
        said |= {"moved_to": typed["date"], "moved_number": int(number) if number else None}
    if typed["what"] != "cancelled":
        said |= {"teacher_id": typed["teacher"] or None, "classroom_id": room_of(typed["room"], rooms)}
    return said


# --- the page --------------------------------------------------------------------------------------


def _page(day: date, problem: problems.Problem | None = None, hindrances: list[dict[str, Any]] | None = None) -> str:
    found = _lessons(day)
    teachers = in_list(everybody(_MOST_TEACHERS, role="teacher"), INITIALS)
    who, lessons = _whose(), found["lessons"]
    part, parts = (1, 1) if who else (_part(len(lessons)), _parts(len(lessons)))
    first = (part - 1) * _AT_ONCE
    rows = [{**one, "form": _shown(one)} for one in (lessons if who else lessons[first : first + _AT_ONCE])]
    return render_template(
        "methodologist/day-changes.html",
        day=day,
        before=found["school_day_before"],
        after=found["school_day_after"],
        who=who,
        lessons=rows,
        first=first + 1,
        count=len(lessons),
        part=part,
        parts=parts,
        busy={one["number"]: set(one["teacher_ids"]) for one in found["busy"]},
        classes=ask(Classes.classes)["classes"],
        teachers=teachers,
        names={one["id"]: one["text"] for one in teachers},
        rooms=ask(Classrooms.classrooms)["classrooms"],
        what=_WHAT,
        hindrances=hindrances,
        words=HINDRANCES,
        problem=problem,
    )


def _span(first: date, last: date) -> str:
    found = ask(DayChanges.changes_of_days, first=first, last=last, **_of())
    days: dict[str, list[dict[str, Any]]] = {}
    for one in found["lessons"]:
        days.setdefault(one["date"], []).append(one)
    teachers = in_list(everybody(_MOST_TEACHERS, role="teacher"), INITIALS)
    return render_template(
        "methodologist/changes-of-days.html",
        day=first,
        until=last,
        who=_whose(),
        days=days,
        shown=len(found["lessons"]),
        count=found["count"],
        classes=ask(Classes.classes)["classes"],
        teachers=teachers,
        names={one["id"]: one["text"] for one in teachers},
    )
