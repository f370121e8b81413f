"""Saves what a file of a timetable brings: subjects, classrooms, courses, teachers, the week, what names meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.auth import Actor
from kernel.data.copies import replacing
from services.gradebook.classrooms import recording as classrooms_recording
from services.gradebook.courses import recording as courses_recording
from services.gradebook.courses.rules.teaching import Teaching
from services.gradebook.laying import ask_for_lessons
from services.gradebook.timetable import recording as timetable_recording
from services.gradebook.timetable.rules.edits import Edit
from services.gradebook.timetable.rules.made import Made
from services.gradebook.timetable_import.tables import TimetableName


def new_things(session: Session, actor: Actor, subjects: Mapping[UUID, str], classrooms: Mapping[UUID, str]) -> None:
    """Make subjects and classrooms of these names, by their ids."""
    courses_recording.new_subjects(session, actor, subjects)
    rooms = [{"id": room_id, "name": name, "shared": False} for room_id, name in classrooms.items()]
    classrooms_recording.set_classrooms(session, actor, rooms, (), ())


def new_courses(
    session: Session,
    actor: Actor,
    rows: Iterable[Mapping[str, Any]],
    teachers: Mapping[UUID, Iterable[UUID]],
    members: Mapping[UUID, Mapping[UUID, date]],
) -> None:
    """Make courses with their teachers and the students of whole classes."""
    found = list(rows)
    teaching = {row["id"]: [Teaching(one) for one in teachers[row["id"]]] for row in found}
    courses_recording.new_courses(session, actor, found, teaching, members)


def joined_teachers(
    session: Session, actor: Actor, versions: Mapping[UUID, int], joining: Mapping[UUID, Sequence[Teaching]]
) -> None:
    """Let teachers teach courses that there are."""
    courses_recording.joined_teachers(session, actor, versions, joining)


def edited(session: Session, actor: Actor, year_id: UUID, version: int, edit: Edit, made: Made) -> None:
    """Save the week as an edit that can be taken back, with what was made; its lessons are laid in the background."""
    timetable_recording.edited(session, actor, year_id, version, edit, made=made)
    ask_for_lessons(session, actor.tenant)


def remembered(session: Session, school_id: UUID, targets: Mapping[tuple[str, str], UUID]) -> None:
    """Remember for the next file what names meant."""
    rows = [
        {"school_id": school_id, "kind": kind, "name": name, "target_id": target}
        for (kind, name), target in targets.items()
    ]
    if rows:
        session.execute(replacing(session, TimetableName), rows)
