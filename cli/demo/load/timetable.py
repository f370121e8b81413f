"""The demo school's classrooms, timetable and changes of days, kept by its methodologist's commands.

The timetable is entered class by class, and each edit lays the lessons of the year that follow from it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.demo.curriculum import OTHER_ROOMS, SHARED_ROOMS
from cli.demo.load.doors import Doors
from cli.demo.load.facts import Facts
from cli.demo.model import TimetableSlot
from contracts.gradebook.classrooms import Classrooms
from contracts.gradebook.day_changes import DayChanges
from contracts.gradebook.timetable import Timetable
from kernel.auth import Actor
from kernel.data.jobs import JobRow
from services.gradebook.laying import LESSONS
from services.gradebook.lessons.tables import Lesson

#: Course, date, number in the day.
Place = tuple[UUID, date, int | None]


def keep(doors: Doors, by: Actor, facts: Facts, year_id: UUID) -> None:
    """Save classrooms and timetable; with it come the lessons of the year."""
    school = facts.school
    rooms = _classrooms(doors, by, facts)
    # from the first lesson on that the school has records of: those of before it are no concern of anybody's
    since = min(facts.days, default=school.year.starts_on)
    weeks: defaultdict[UUID, list[TimetableSlot]] = defaultdict(list)
    for slot in school.timetable:
        weeks[facts.courses[slot.course_id].class_id].append(slot)
    for version, slots in enumerate(weeks.values()):
        add = [
            {"course_id": one.course_id, "weekday": one.weekday, "number": one.number, "classroom_id": rooms[one.room]}
            for one in slots
        ]
        command = {"year_id": year_id, "version": version, "from_date": since, "add": add}
        edited = doors.give(by, Timetable.edit_timetable, **command)
        assert edited["saved"], "no two lessons of the demo school collide"
        assert edited["lessons"] is not None, "so few courses that their lessons are laid at once"


def settle(session: Session) -> None:
    """End the job that the calendar asked for: the lessons that it would lay came with the timetable."""
    job = session.scalars(select(JobRow).where(JobRow.kind == LESSONS.name)).one()
    LESSONS.end(session, job)


def change_days(doors: Doors, by: Actor, facts: Facts, laid: dict[Place, UUID]) -> None:
    """Cancel lessons, and let teachers stand in; `laid` are the lessons' ids by course, date and number."""
    changes = [
        {
            "lesson_id": laid[one.course_id, one.date, one.number],
            "version": 0,
            "cancelled": one.cancelled,
            "teacher_id": one.teacher_id,
            "reason": one.reason,
        }
        for one in facts.school.day_changes
    ]
    if changes:
        changed = doors.give(by, DayChanges.change_lessons, changes=changes)
        assert changed["saved"], "whoever stands in is free"


def places(session: Session, facts: Facts) -> dict[Place, UUID]:
    """Course, date and number → the id of the lesson that was laid there, as far as the school has records."""
    last = max(facts.days, default=date.min)
    found = session.execute(select(Lesson.course_id, Lesson.date, Lesson.number, Lesson.id).where(Lesson.date <= last))
    return {(course_id, day, number): lesson_id for course_id, day, number, lesson_id in found}


def _classrooms(doors: Doors, by: Actor, facts: Facts) -> dict[str, UUID]:
    """Name → classroom."""
    names = sorted({slot.room for slot in facts.school.timetable} | set(OTHER_ROOMS))
    given = [{"name": name, "shared": name in SHARED_ROOMS} for name in names]
    kept = doors.give(by, Classrooms.set_classrooms, classrooms=given)["classrooms"]
    return {one["name"]: one["id"] for one in kept}
