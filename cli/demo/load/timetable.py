"""The demo school's timetable, kept as its methodologist's first edit; the lessons of the year follow from it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from cli.demo.model import DemoSchool, id_of
from kernel.auth import Actor
from kernel.data.database import UnitOfWork
from services.gradebook.classrooms import recording as classrooms_recording
from services.gradebook.laying import ask_for_lessons
from services.gradebook.timetable import queries, recording
from services.gradebook.timetable.rules.edits import Edit
from services.gradebook.timetable.rules.entries import Entry


def keep(unit_of_work: UnitOfWork, school: DemoSchool) -> None:
    """Save classrooms and the timetable, if there is none yet, and ask for the lessons that are still to come."""
    with unit_of_work.of(school.school.id) as session:
        if queries.version(session, school.year.id):
            return
        by = _methodologist(school)
        rooms = _classrooms(session, by, school)
        # from the first lesson on that the school has records of: those of before it are no concern of anybody's
        since = min((lesson.date for lesson in school.lessons), default=school.year.starts_on)
        entries = tuple(
            Entry(slot.id, slot.course_id, slot.weekday, slot.number, "", since, None, rooms[slot.room])
            for slot in school.timetable
        )
        recording.edited(session, by, school.year.id, 1, Edit((), entries))
        ask_for_lessons(session, school.school.id)


def _methodologist(school: DemoSchool) -> Actor:
    (person,) = [one for one in school.people if "methodologist" in one.roles]
    return Actor(school.school.id, person.id, roles=frozenset({"methodologist"}))


def _classrooms(session: Session, by: Actor, school: DemoSchool) -> dict[str, UUID]:
    """Name → classroom."""
    rooms = {slot.room: id_of(f"classroom:{slot.room}", school.seed) for slot in school.timetable}
    rows = [{"id": room_id, "name": name, "shared": False} for name, room_id in sorted(rooms.items())]
    classrooms_recording.set_classrooms(session, by, rows, [], [])
    return rooms
