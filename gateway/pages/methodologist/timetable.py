"""The timetable of a year: the week of a class, a teacher or a classroom, edited from a day on, and its edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.classrooms import Classrooms
from contracts.gradebook.timetable import CHANGED_SINCE, ENTERED, IN_TIMETABLE, IN_USE, STAYING, Timetable
from contracts.identity.people import People
from contracts.weeks_of_years import parity
from gateway.composed import timetable as composed
from gateway.composed.names import in_list, names_of, texts
from gateway.composed.people import everybody
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import actor, operation
from gateway.pages.frame import forms, shown
from gateway.pages.methodologist import years
from kernel.errors import Invalid, Refused
from kernel.names import INITIALS

blueprint = Blueprint("timetable", __name__)

#: Teachers that the page offers.
_MOST_TEACHERS: Final = 1000
#: Collisions that stand openly; more are folded up.
_MOST_OPEN: Final = 10
#: Whose week a page shows → the field of the command.
_OF: Final = {"class": "class_id", "teacher": "teacher_id", "room": "classroom_id"}

#: Why something that a file made stays → how a page begins the list of such things.
_STAYS: Final = {
    ENTERED: lazy_gettext("Stays, as something was entered in its lessons"),
    IN_TIMETABLE: lazy_gettext("Stays, as it has lessons in the timetable"),
    CHANGED_SINCE: lazy_gettext("Stays, as somebody changed it since"),
    IN_USE: lazy_gettext("Stays, as other things belong to it"),
}
assert set(_STAYS) == set(STAYING) - {""}

WEEKS: Final = {"": lazy_gettext("every week"), "1": lazy_gettext("odd weeks"), "2": lazy_gettext("even weeks")}


@blueprint.route("/year/timetable", methods=["GET"])
@operation(Timetable.edit_timetable)
def page() -> str:
    """The week of a class, a teacher or a classroom; of none of them, what does not fit in the school."""
    return _page()


@blueprint.route("/year/timetable", methods=["POST"])
@operation(Timetable.edit_timetable)
def edit() -> Answer | tuple[str, int]:
    """Save what was added and removed; where something collides, show it first. Or show fields for one more entry."""
    if forms.text("more"):
        return _page(more=forms.text("more")), 200
    try:
        done = carry_out(Timetable.edit_timetable, **_edit())
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(problem=problem), problem.status
    if not done["saved"]:
        return _page(collide=done), 409
    _tell(gettext("The timetable was saved."), done["lessons"])
    where: dict[str, Any] = {**_whose(), "date": forms.text("from_date"), "saved": done["version"]}
    return redirect(url_for("timetable.page", **where), 303)


@blueprint.route("/year/<id:year_id>/timetable/undo", methods=["POST"])
@operation(Timetable.undo_timetable_edit)
def undo(year_id: UUID) -> Answer | tuple[str, int]:
    """Take an edit back; where something collides then, show it first. It leads back to the week that was edited."""
    number = forms.number("edit") or 0
    asked: dict[str, Any] = {
        "year_id": year_id,
        "edit": number,
        "despite_collisions": bool(forms.text("despite")),
        "with_made": bool(forms.text("with-made")),
    }
    try:
        done = carry_out(Timetable.undo_timetable_edit, **asked)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(problem=problem), problem.status
    if not done["saved"]:
        return _page(collide=done, undoing=number), 409
    _tell(gettext("The edit № %(number)s was taken back.", number=number), done["lessons"])
    _tell_made(done["made"])
    where: dict[str, Any] = {**_whose(), "date": forms.text("date") or None, "saved": done["version"]}
    return redirect(url_for("timetable.page", **where), 303)


@blueprint.route("/year/timetable/edits", methods=["GET"])
@operation(Timetable.timetable_edits)
def edits() -> str:
    """Who changed the timetable, and how."""
    known = years.years()
    year = years.chosen_of(known)
    found = ask(Timetable.timetable_edits, year_id=year["id"]) if year else {"edits": [], "courses": []}
    people = {one["edited_by"] for one in found["edits"] if one["edited_by"]}
    courses = {one["id"]: one for one in found["courses"]}
    return render_template(
        "methodologist/timetable-edits.html",
        years=known,
        year=year,
        edits=[{**one, "week": composed.week_of_edit(one, courses)} for one in found["edits"]],
        courses=courses,
        names=texts(names_of(people), INITIALS) if people else {},
        weeks=WEEKS,
    )


@blueprint.route("/year/classrooms", methods=["GET"])
@operation(Classrooms.set_classrooms)
def classrooms() -> str:
    """The school's classrooms."""
    return _classrooms()


@blueprint.route("/year/classrooms", methods=["POST"])
@operation(Classrooms.set_classrooms)
def set_classrooms() -> Answer | tuple[str, int]:
    """Save classrooms: rows with a name, and lines of new names."""
    rows = [
        {"id": key, "name": forms.text(f"name-{key}"), "shared": bool(forms.text(f"shared-{key}"))}
        for key in forms.suffixes("name-")
        if not forms.text(f"remove-{key}")
    ]
    new = [{"name": line.strip()} for line in forms.text("new").splitlines() if line.strip()]
    removed = [key for key in forms.suffixes("remove-") if forms.text(f"remove-{key}")]
    try:
        carry_out(Classrooms.set_classrooms, classrooms=[*rows, *new], removed=removed)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _classrooms(problem), problem.status
    flash(gettext("Saved."))
    return redirect(url_for("timetable.classrooms"), 303)


# --- what was typed --------------------------------------------------------------------------------


def _whose() -> dict[str, Any]:
    """The year and whose week it is, as the address names them."""
    return {name: request.values[name] for name in ("year", *_OF) if request.values.get(name)}


def _edit() -> dict[str, Any]:
    """What the form says, as the fields of a command. Raises `Invalid`."""
    from_date = forms.day("from_date")
    if from_date is None:
        raise Invalid("Say from which day on.", rule="no-day", field="from_date")
    rooms = {one["name"].casefold(): one["id"] for one in ask(Classrooms.classrooms)["classrooms"]}
    removed = list(forms.suffixes("remove-"))
    return {
        "year_id": forms.identifier(forms.text("year"), "year"),
        "version": forms.number("version") or 0,
        "from_date": from_date,
        "valid_until": forms.day("valid_until"),
        "add": [
            {
                "course_id": forms.identifier(forms.text(f"course-{cell}"), f"course-{cell}"),
                "weekday": weekday,
                "number": number,
                "week": forms.text(f"week-{cell}"),
                "classroom_id": room_of(forms.text(f"room-{cell}"), rooms),
            }
            for cell, weekday, number in composed.weekdays_and_numbers(forms.suffixes("course-"))
            if forms.text(f"course-{cell}")
        ],
        "remove": [forms.identifier(one, "remove") for one in removed if forms.text(f"remove-{one}")],
        "despite_collisions": bool(forms.text("despite")),
    }


def room_of(typed: str, rooms: Mapping[str, str]) -> str | None:
    """The id of a classroom by its name; `rooms` are all by their names without capitals. Raises `Invalid`."""
    if not typed:
        return None
    found = rooms.get(" ".join(typed.split()).casefold())
    if found is None:
        raise Invalid(
            "There is no classroom “{name}”: choose one of the list, or add it on the page of classrooms.",
            rule="no-such-classroom",
            field="room",
            name=typed,
        )
    return found


def _tell(what: str, lessons: dict[str, int] | None) -> None:
    """Say what was done, and what becomes of lessons."""
    if lessons is None:
        follow = gettext("Lessons follow within a minute.")
        flash(f"{what} {follow}")
        return
    counts = gettext(
        "Lessons: %(added)s added, %(dropped)s empty ones dropped.", added=lessons["added"], dropped=lessons["dropped"]
    )
    flash(f"{what} {counts}")
    if lessons["outside"]:
        flash(
            gettext(
                "%(count)s lessons are no longer in the timetable, but stay where they are: something was entered in "
                "them, or they have been held.",
                count=lessons["outside"],
            )
        )


def _tell_made(made: Sequence[Mapping[str, Any]]) -> None:
    """Say what became of the things that a file made."""
    if not made:
        return
    stays = [one for one in made if one["stays"]]
    flash(gettext("Removed, as the file had made them: %(count)s.", count=len(made) - len(stays)))
    for why, words in _STAYS.items():
        names = [one["name"] for one in stays if one["stays"] == why]
        if names:
            shown_names = ", ".join(names[:_MOST_OPEN])
            more = gettext(" and %(count)s more", count=len(names) - _MOST_OPEN) if len(names) > _MOST_OPEN else ""
            flash(f"{words}: {shown_names}{more}.", "warning")


# --- the page --------------------------------------------------------------------------------------


def _page(
    problem: problems.Problem | None = None,
    collide: dict[str, Any] | None = None,
    undoing: int | None = None,
    more: str = "",
) -> str:
    """The page; with what collides because of an edit, or because the edit `undoing` would be taken back.

    `more` is the place in which another entry is to be typed.
    """
    known = years.years()
    year = years.chosen_of(known)
    if year is None:
        return render_template("methodologist/timetable.html", years=known, year=None)
    who = _whose()
    of: dict[str, Any] = {field: forms.identifier(who[name], name) for name, field in _OF.items() if name in who}
    day = request.values.get("date") or None
    view = ask(Timetable.timetable, year_id=year["id"], date=day, check=True, **of)
    rooms = ask(Classrooms.classrooms)["classrooms"]
    teachers = _teachers(view)
    told = collide or view
    in_common = composed.people_in(told["collisions"])
    names = {
        **texts(names_of(in_common) if in_common else {}, INITIALS),
        **{one["id"]: one["text"] for one in teachers},
        **{one["id"]: one["name"] for one in rooms},
    }
    return render_template(
        "methodologist/timetable.html",
        years=known,
        year=year,
        view=view,
        week=composed.week(view),
        whole=not of,
        who=who,
        classes=years.classes_of(known, year),
        teachers=teachers,
        rooms=rooms,
        names=names,
        weeks=WEEKS,
        entries=composed.new_entries(forms.suffixes("course-"), more),
        more=more,
        most=composed.MOST_AT_A_PLACE,
        parity_from=_parity(year, forms.text("from_date")) or view["parity"],
        offered=[one for one in view["courses"] if one["may_edit"]] if "room" not in who else [],
        faults=told["faults"],
        courses={one["id"]: one for one in (*view["courses"], *told["courses"])},
        clashes=composed.clashes(told["collisions"], (*view["courses"], *view["others"], *told["courses"]), names),
        most_open=_MOST_OPEN,
        collide=collide,
        undoing=undoing,
        just_saved=view["version"] if request.args.get("saved") == str(view["version"]) else None,
        problem=problem,
        stale=problem is not None and problem.status == 412,
    )


def _parity(year: Mapping[str, Any], typed: str) -> str:
    """Whether the week of a typed day is an odd or an even one; empty for what is no day of the year."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return ""
    return parity(day, date.fromisoformat(year["starts_on"])) if year["starts_on"] <= typed <= year["ends_on"] else ""


def _teachers(view: dict[str, Any]) -> list[dict[str, Any]]:
    """The teachers whose week may be chosen: all of the school for those who see people, else those of the page."""
    if shown.allowed(People.people):
        return in_list(everybody(_MOST_TEACHERS, role="teacher"), INITIALS)
    of_courses = {teacher for one in view["courses"] for teacher in one["teacher_ids"]}
    own = actor().person_id
    return in_list(names_of({*of_courses, *([str(own)] if own else [])}).values(), INITIALS)


def _classrooms(problem: problems.Problem | None = None) -> str:
    known = years.years()
    return render_template(
        "methodologist/classrooms.html",
        year=years.chosen_of(known),
        rooms=ask(Classrooms.classrooms)["classrooms"],
        problem=problem,
    )
