"""What a sheet with a week says of each lesson: what is of interest differs with whose week it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from flask import url_for
from flask_babel import gettext

from gateway.composed import weeks
from gateway.composed.names import names_of
from gateway.pages.frame import shown
from kernel.errors import Fault

#: Weekdays that stand on a sheet though they have no lessons: Monday to Friday.
_WORKING_DAYS: Final = 5
#: Between a family name and its initials.
_NO_BREAK: Final = "\u00a0"
#: A part of what is said of a lesson, and the address of the week that it leads to.
Part = tuple[str, str | None]


def days(week: Mapping[str, Any], of: str, of_id: UUID) -> list[dict[str, Any]]:
    """The days of a week, each with a row for every number that has a lesson on any day.

    `of` is the field that says whose week it is, of `of_id`.
    """
    names = _names(week)
    numbers = _numbers(week["days"])
    last = max((place for place, day in enumerate(week["days"], 1) if day["lessons"]), default=0)
    return [
        {
            "date": day["date"],
            "any": bool(day["lessons"]),
            "rows": [
                {"number": number, "lessons": [_lesson(one, of, of_id, names) for one in day["lessons"]
                                               if one["number"] == number]}
                for number in numbers
            ],
        }
        for day in week["days"][: max(last, _WORKING_DAYS)]
    ]  # fmt: skip


def _numbers(days: Iterable[Mapping[str, Any]]) -> list[int | None]:
    """The numbers of lessons, none left out between them; lessons without one are last."""
    found = {one["number"] for day in days for one in day["lessons"]}
    known = [number for number in found if number is not None]
    between: list[int | None] = list(range(min(known), max(known) + 1)) if known else []
    return [*between, None] if None in found else between


def _names(week: Mapping[str, Any]) -> dict[str, str]:
    """Teacher → name and initials; empty while identity is away, as a week can be read without."""
    lessons = [one for day in week["days"] for one in day["lessons"]]
    asked = {name for one in lessons for name in (*one["teacher_ids"], one["teacher_id"]) if name}
    try:
        return {key: shown.short_name(one).replace(" ", _NO_BREAK) for key, one in names_of(asked).items()}
    except Fault:
        return {}


def _lesson(lesson: Mapping[str, Any], of: str, of_id: UUID, names: Mapping[str, str]) -> dict[str, Any]:
    cancelled = lesson["state"] == "cancelled"
    held_by_another = of == "teacher_id" and lesson["substitute"] and lesson["teacher_id"] != str(of_id)
    parts = [
        *(_class(lesson) if of in ("teacher_id", "classroom_id") else ()),
        *([(lesson["group_name"], None)] if lesson["group_name"] else ()),
        *(_classroom(lesson) if of != "classroom_id" else ()),
        *(_teachers(lesson, names) if of != "teacher_id" else ()),
    ]
    return {
        "title": weeks.title(lesson),
        "starts": lesson["starts"],
        "ends": lesson["ends"],
        "shifts_differ": lesson["shifts_differ"],
        "parts": parts,
        "struck": cancelled or held_by_another,
        "notes": list(_notes(lesson, {key: name for key, name in names.items() if key != str(of_id)})),
    }


def _class(lesson: Mapping[str, Any]) -> list[Part]:
    if not lesson["class_name"]:
        return []
    return [(lesson["class_name"], url_for("weeks.of_class", class_id=lesson["class_id"]))]


def _classroom(lesson: Mapping[str, Any]) -> list[Part]:
    if not lesson["classroom"]:
        return []
    return [(weeks.room_name(lesson["classroom"]), url_for("weeks.of_classroom", classroom_id=lesson["classroom_id"]))]


def _teachers(lesson: Mapping[str, Any], names: Mapping[str, str]) -> list[Part]:
    """Who holds the lesson by the timetable; who stands in is a note."""
    ids = lesson["teacher_ids"]
    if lesson["teacher_id"] in ids:
        ids = [lesson["teacher_id"]]
    return [(names[one], url_for("weeks.of_teacher", teacher_id=one)) for one in ids if one in names]


def _notes(lesson: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    """What is not as the timetable says, and why; a teacher without a name is the one whose week it is."""
    if lesson["state"] == "cancelled" and lesson["moved_to"]:
        yield weeks.moved(lesson, shown.day(lesson["moved_to"]))
    elif lesson["state"] == "cancelled":
        yield gettext("cancelled")
    elif lesson["state"] == "outside":
        yield gettext("outside the timetable")
    if lesson["state"] != "cancelled" and lesson["moved_from"]:
        yield weeks.moved_here(lesson, shown.day(lesson["moved_from"]))
    if lesson["state"] != "cancelled" and lesson["substitute"]:
        name = names.get(lesson["teacher_id"])
        yield gettext("substitute: %(name)s", name=name) if name else gettext("substitution")
    if lesson["reason"]:
        yield lesson["reason"]
