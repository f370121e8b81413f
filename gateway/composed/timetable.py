"""A week of the timetable as a page shows it, and what a form says of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

#: Rows of a week without bells: as many lessons as a long day has.
_USUAL_NUMBERS: Final = range(1, 9)
_USUAL_WEEKDAYS: Final = range(1, 7)


@dataclass(frozen=True, slots=True)
class Week:
    """A week as a table: the numbers of its rows, the weekdays of its columns, and the entries by both."""

    numbers: Sequence[int]
    weekdays: Sequence[int]
    cells: Mapping[tuple[int, int], Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    def at(self, weekday: int, number: int) -> Sequence[Mapping[str, Any]]:
        """The entries of a weekday and number."""
        return self.cells.get((weekday, number), ())


def week(view: Mapping[str, Any]) -> Week:
    """The week of a `TimetableView`: each entry with its `course`, and the collisions that it is `in`."""
    courses = {one["id"]: one for one in view["courses"]}
    collide = {entry["id"] for pair in view["collisions"] for entry in (pair["one"], pair["other"])}
    cells: defaultdict[tuple[int, int], list[Mapping[str, Any]]] = defaultdict(list)
    for entry in view["entries"]:
        shown = {**entry, "course": courses.get(entry["course_id"], {}), "collides": entry["id"] in collide}
        cells[entry["weekday"], entry["number"]].append(shown)
    return Week(
        sorted({*(view["numbers"] or _USUAL_NUMBERS), *(number for _, number in cells)}),
        sorted({*_USUAL_WEEKDAYS, *(weekday for weekday, _ in cells)}),
        dict(cells),
    )


@dataclass(frozen=True, slots=True)
class Clash:
    """What collides, in the order of the week: the place, what is short, and the courses that want it."""

    weekday: int
    number: int
    #: That of the other lesson: another one where lessons of two shifts overlap.
    other_number: int
    clash: str
    titles: Sequence[str]
    shared: Sequence[str]
    #: "1" where they meet in odd weeks alone, "2" in even ones.
    week: str = ""


def clashes(
    pairs: Iterable[Mapping[str, Any]], courses: Iterable[Mapping[str, Any]], names: Mapping[str, str]
) -> list[Clash]:
    """Collisions with the titles of their courses, those that want the same thing together.

    `names` are those of people and classrooms.
    """
    titles = {one["id"]: one["title"] for one in courses}
    wanting: defaultdict[tuple[Any, ...], dict[str, None]] = defaultdict(dict)
    for pair in pairs:
        one, two = pair["one"], pair["other"]
        shared = tuple(names[key] for key in pair["shared"] if key in names)
        apart = () if shared else (one["id"], two["id"])
        week = one["week"] or two["week"]
        wanted = wanting[one["weekday"], one["number"], two["number"], pair["clash"], shared, week, apart]
        wanted |= {titles.get(each["course_id"], ""): None for each in (one, two)}
    return [
        Clash(weekday, number, other, clash, list(wanted), shared, week)
        for (weekday, number, other, clash, shared, week, _), wanted in wanting.items()
    ]


def people_in(pairs: Iterable[Mapping[str, Any]]) -> set[str]:
    """The people and classrooms that collisions have in common; of many students, none."""
    return {one for pair in pairs if len(pair["shared"]) <= MOST_NAMED for one in pair["shared"]}


#: New entries of a place that a page has fields for.
MOST_AT_A_PLACE: Final = 9


#: Students in common that a collision names; of more, their number is told.
MOST_NAMED: Final = 3


#: The end of the names of a new entry's fields: weekday, number, and its own number where it is not the first there.
_NEW_ENTRY: Final = re.compile(r"(\d)-(\d{1,2})(?:-([2-9]))?", re.ASCII)


def weekdays_and_numbers(names: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """The new entries of a form, `course-<weekday>-<number>`: the name's end, weekday and number.

    The second of a place and further ones end with their own number: `course-1-2-3`.
    """
    for name in names:
        if found := _NEW_ENTRY.fullmatch(name):
            yield name, int(found[1]), int(found[2])


def new_entries(names: Iterable[str], more: str) -> Mapping[str, Sequence[str]]:
    """Place → the new entries that a form has there, as the ends of their names, and another one in the place `more`.

    A place that is missing has one.
    """
    found: defaultdict[str, set[int]] = defaultdict(set)
    for name, weekday, number in weekdays_and_numbers(names):
        found[f"{weekday}-{number}"].add(int(name.split("-")[2]) if name.count("-") == 2 else 1)
    if more:
        found[more].add(max(found[more], default=1) + 1)
    return {
        place: [place, *(f"{place}-{ordinal}" for ordinal in range(2, min(max(ordinals), MOST_AT_A_PLACE) + 1))]
        for place, ordinals in found.items()
    }


def week_of_edit(edit: Mapping[str, Any], courses: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Whose week an edit changed and from which day on, as the page's address names it: a class's, or a teacher's.

    `courses` are those of the edit by id. An edit of several weeks names nobody.
    """
    changed = {one["course_id"] for one in (*edit["before"], *edit["after"])}
    found = {"date": edit["from_date"]} if edit["from_date"] else {}
    for name, of in (
        ("class", {courses[key]["class_id"] for key in changed if key in courses}),
        ("teacher", {one for key in changed if key in courses for one in courses[key]["teacher_ids"]}),
    ):
        if len(of) == 1 and None not in of:
            return {**found, name: next(iter(of))}
    return found
