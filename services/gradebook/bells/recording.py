"""Saves bells and shifts; what is changed of them is a change of the year's calendar."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from kernel.auth import Actor
from kernel.data import copies
from services.gradebook.bells.rules import bells
from services.gradebook.bells.rules.bells import YearBells
from services.gradebook.bells.tables import Bell, BellSchedule, ClassShift
from services.gradebook.calendar import recording as calendar_recording


def set_bells(session: Session, actor: Actor, year: YearBells, *schedules: bells.BellSchedule) -> YearBells:
    """Save schedules, in place of those with their ids if there are any; returns the bells after it."""
    changed = {one.id: one for one in schedules if one not in year.schedules}
    if not changed:
        return year
    before = [one for one in year.schedules if one.id in changed]
    _forget_bells(session, [one.id for one in before])
    shared = {"school_id": actor.tenant}
    rows = [
        {
            **shared, "id": one.id, "year_id": year.calendar.id, "title": one.title, "shift": one.shift,
            "weekdays": list(one.weekdays), "short": one.short, "valid_from": one.valid_from,
        }
        for one in changed.values()
    ]  # fmt: skip
    session.execute(copies.replacing(session, BellSchedule), rows)
    ringing = [{**shared, "schedule_id": one.id, **bell._asdict()} for one in changed.values() for bell in one.bells]
    session.execute(insert(Bell), ringing)
    others = [one for one in year.schedules if one.id not in changed]
    return _noted(session, actor, year, [*others, *changed.values()], before, list(changed.values()))


def removed_bells(session: Session, actor: Actor, year: YearBells, schedule: bells.BellSchedule) -> YearBells:
    """Remove a schedule; returns the bells after it."""
    _forget_bells(session, [schedule.id])
    session.execute(delete(BellSchedule).where(BellSchedule.id == schedule.id))
    return _noted(session, actor, year, [one for one in year.schedules if one.id != schedule.id], [schedule], [])


def set_second_shift(session: Session, actor: Actor, year: YearBells, class_ids: Collection[UUID]) -> YearBells:
    """Save which classes are of the second shift; returns the bells after it."""
    after = frozenset(class_ids)
    if after == year.second_shift:
        return year
    session.execute(delete(ClassShift).where(ClassShift.year_id == year.calendar.id))
    if after:
        shared = {"school_id": actor.tenant, "year_id": year.calendar.id, "shift": bells.SECOND_SHIFT}
        session.execute(insert(ClassShift), [{**shared, "class_id": class_id} for class_id in sorted(after)])
    was, became = {"second_shift": sorted(year.second_shift)}, {"second_shift": sorted(after)}
    calendar = calendar_recording.noted_change(
        session, actor, year.calendar, "shifts", msgspec.to_builtins(was), msgspec.to_builtins(became)
    )
    return replace(year, calendar=calendar, second_shift=after)


def _forget_bells(session: Session, schedule_ids: Collection[UUID]) -> None:
    if schedule_ids:
        session.execute(delete(Bell).where(Bell.schedule_id.in_(schedule_ids)))


def _noted(
    session: Session,
    actor: Actor,
    year: YearBells,
    schedules: Collection[bells.BellSchedule],
    before: Collection[bells.BellSchedule],
    after: Collection[bells.BellSchedule],
) -> YearBells:
    calendar = calendar_recording.noted_change(
        session,
        actor,
        year.calendar,
        "bells",
        {"bells": list(map(_plain, before))},
        {"bells": list(map(_plain, after))},
    )
    return replace(year, calendar=calendar, schedules=bells.in_order(schedules))


def _plain(schedule: bells.BellSchedule) -> dict[str, Any]:
    """The schedule as JSON has it: ids, dates and times are texts."""
    plain: dict[str, Any] = msgspec.to_builtins(schedule)
    rows = [{"number": one.number, "starts": bells.in_figures(one.starts), "ends": bells.in_figures(one.ends)}
            for one in schedule.bells]  # fmt: skip
    return {**plain, "bells": rows}
