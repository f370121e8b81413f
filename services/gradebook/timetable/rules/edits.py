"""An edit of a timetable: what becomes of its entries, and how it is taken back (practice)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from kernel.errors import Conflict
from services.gradebook.timetable.rules.entries import Entry, Week

_DAY: Final = timedelta(days=1)


class NewEntry(NamedTuple):
    """A lesson in the week to be added."""

    course_id: UUID
    weekday: int
    number: int
    week: Week = ""
    classroom_id: UUID | None = None
    teacher_id: UUID | None = None


class Edit(NamedTuple):
    """The entries that an edit changes: as they were, none of those added, and as they become, none of those gone."""

    before: tuple[Entry, ...]
    after: tuple[Entry, ...]

    @property
    def taken_back(self) -> Edit:
        """The edit that takes it back."""
        return Edit(self.after, self.before)

    @property
    def gained(self) -> tuple[Entry, ...]:
        """The entries of `after` that were not there, or did not hold as long."""
        were = {entry.id: entry.valid_until for entry in self.before}
        return tuple(one for one in self.after if one.id not in were or _is_later(one.valid_until, were[one.id]))

    @property
    def first_day(self) -> date | None:
        """The first day on which the timetable is another one because of it; None: on none."""
        were, become = ({entry.id: entry for entry in side} for side in self)
        days = [one.valid_from for one in (*self.before, *self.after) if one.id not in were.keys() & become.keys()]
        for entry_id in were.keys() & become.keys():
            last = [one.valid_until for one in (were[entry_id], become[entry_id]) if one.valid_until is not None]
            days += [min(last) + _DAY] if last else []
        return min(days, default=None)

    @property
    def course_ids(self) -> frozenset[UUID]:
        """The courses whose entries it changes."""
        return frozenset(entry.course_id for entry in (*self.before, *self.after))


def _is_later(one: date | None, other: date | None) -> bool:
    """Whether a last day is after another one; None is the year's end."""
    return other is not None and (one is None or one > other)


def edit_of(
    present: Collection[Entry],
    from_date: date,
    valid_until: date | None,
    added: Iterable[NewEntry],
    new_id: Callable[[], UUID],
) -> Edit:
    """The edit by which the entries of `present` hold no longer from a day on, and others hold instead (practice).

    An entry that did not hold before the day goes, as no lesson followed from it. One that had ended before the day
    stays as it is. `valid_until` is the last day of what is added; None: to the year's end.
    """
    touched = [entry for entry in present if entry.valid_until is None or entry.valid_until >= from_date]
    ended = [replace(entry, valid_until=from_date - _DAY) for entry in touched if entry.valid_from < from_date]
    new = [
        Entry(
            new_id(), one.course_id, one.weekday, one.number, one.week, from_date, valid_until,
            one.classroom_id, one.teacher_id,
        )
        for one in added
    ]  # fmt: skip
    return Edit(tuple(touched), (*ended, *new))


def check_can_be_taken_back(edit: Edit, present: Mapping[UUID, Entry]) -> None:
    """Refuse to take back an edit whose entries somebody has changed since (practice).

    `present` holds the entries of both sides of the edit that there are, by id.
    """
    left = {entry.id: entry for entry in edit.after}
    gone = {entry.id for entry in edit.before} - left.keys()
    if any(present.get(entry_id) != entry for entry_id, entry in left.items()) or gone & present.keys():
        raise Conflict(
            "The timetable of these lessons was changed again since: take the later edit back first.",
            rule="edited-since",
            field="version",
        )


def meets(wanted: Edit, later: Edit, classes: Mapping[UUID, UUID | None]) -> bool:
    """Whether a later edit than the person saw changed a class or a course of the edit (practice).

    `classes` map courses to their classes.
    """
    return bool(weeks_of(wanted.course_ids, classes) & weeks_of(later.course_ids, classes))


def weeks_of(course_ids: Iterable[UUID], classes: Mapping[UUID, UUID | None]) -> set[UUID]:
    """The weeks in which courses stand: their classes', and their own where they go across classes (practice)."""
    return {classes.get(course_id) or course_id for course_id in course_ids}
