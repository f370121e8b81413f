"""What a file of a timetable made, and what of it stays where its edit is taken back (practice)."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from contracts.gradebook.timetable import CHANGED_SINCE, ENTERED, IN_TIMETABLE, IN_USE


class Made(NamedTuple):
    """What an edit made, by ids."""

    courses: tuple[UUID, ...] = ()
    subjects: tuple[UUID, ...] = ()
    classrooms: tuple[UUID, ...] = ()


class Kind(StrEnum):
    """A kind of thing that a file makes."""

    COURSE = "course"
    SUBJECT = "subject"
    CLASSROOM = "classroom"


class Thing(NamedTuple):
    """A thing that was made, and what stands on it."""

    kind: Kind
    id: UUID
    name: str
    version: int
    #: Whether something of it was entered or changed by hand: its title, its teachers, its groups, a single lesson.
    changed: bool
    #: Whether it has lessons in the timetable.
    in_timetable: bool
    #: Whether something was entered in its lessons: a topic, homework, marks, a check.
    entered: bool
    #: Whether other things belong to it, such as courses to a subject.
    in_use: bool


def why_it_stays(thing: Thing) -> str:
    """Why a thing stays that a file made; empty where nothing stands on it, so that it can go (practice)."""
    reasons = (
        (thing.entered, ENTERED),
        (thing.in_timetable, IN_TIMETABLE),
        (thing.changed, CHANGED_SINCE),
        (thing.in_use, IN_USE),
    )
    return next((reason for holds, reason in reasons if holds), "")
