"""What becomes of the school's bells if those of a file are taken: the usual ones of the first shift (practice)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from kernel.errors import FieldFault
from kernel.texts import Text
from services.gradebook.bells.rules import bells
from services.gradebook.bells.rules.bells import FIRST_SHIFT, BellSchedule, YearBells
from services.gradebook.timetable.readers.timetable import Bell


class ScheduleChange(NamedTuple):
    """A schedule of the file's bells, and the one that rings on the same days until then."""

    before: BellSchedule | None
    after: BellSchedule


class BellsPlan(NamedTuple):
    """What taking the bells of a file would do, and why they cannot be taken."""

    changes: tuple[ScheduleChange, ...] = ()
    faults: tuple[FieldFault, ...] = ()


def plan_of_bells(
    ringing: Iterable[Bell], year: YearBells, day: date, title: str, new_id: Callable[[], UUID]
) -> BellsPlan:
    """What taking the bells of a file from a day on would do (practice).

    Days of which the file gives bells of their own have a schedule of their own, with the bells of all days where they
    say nothing. Bells that end before they begin, overlap or have no end are refused by the lesson's number. What rings
    so already is left out.
    """
    found = tuple(ringing)
    faults = [_without_end(number) for number in sorted({one.number for one in found if one.ends is None})]
    changes: list[ScheduleChange] = []
    for weekdays, rows in _by_days(found).items():
        before = _ringing(year.schedules, weekdays, day)
        same_day = before is not None and before.valid_from == day
        after = BellSchedule(
            before.id if before is not None and same_day else new_id(),
            before.title if before is not None else title,
            FIRST_SHIFT,
            weekdays,
            False,
            day,
            tuple(bells.Bell(number, one.starts, one.ends) for number, one in sorted(rows.items()) if one.ends),
        )
        if before is None or before.bells != after.bells:
            changes.append(ScheduleChange(before, after))
            faults += bells.faults_of(year.calendar, after, year.schedules)
    return BellsPlan(tuple(changes), tuple(faults))


def _without_end(number: int) -> FieldFault:
    return FieldFault.of(
        "bells", "bell-without-end", Text("Lesson {number} has no end in the file.", {"number": number})
    )


def _by_days(found: Iterable[Bell]) -> dict[tuple[int, ...], dict[int, Bell]]:
    """Weekdays, none for all → number → bell; days with the same bells stand together."""
    usual: dict[int, Bell] = {}
    own: defaultdict[int, dict[int, Bell]] = defaultdict(dict)
    for one in found:
        (usual if one.weekday is None else own[one.weekday]).setdefault(one.number, one)
    together: dict[tuple[tuple[int, object, object], ...], list[int]] = {}
    whole = {day: {**usual, **rows} for day, rows in own.items()}
    for day in sorted(whole):
        together.setdefault(tuple(_times(whole[day])), []).append(day)
    found_days = {tuple(days): whole[days[0]] for days in together.values()}
    return {**({(): usual} if usual else {}), **found_days}


def _times(rows: Mapping[int, Bell]) -> Iterator[tuple[int, object, object]]:
    return ((number, one.starts, one.ends) for number, one in sorted(rows.items()))


def _ringing(schedules: Iterable[BellSchedule], weekdays: tuple[int, ...], day: date) -> BellSchedule | None:
    """The usual bells of the first shift that are kept for just these weekdays, as they ring on a day."""
    fitting = [
        one
        for one in schedules
        if (one.shift, one.short, one.weekdays) == (FIRST_SHIFT, False, weekdays) and one.valid_from <= day
    ]
    return max(fitting, key=lambda one: one.valid_from, default=None)
