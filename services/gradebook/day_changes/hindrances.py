"""Finds what stands in the way of changes of lessons, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from services.gradebook.bells.rules.bells import Times, YearBells
from services.gradebook.day_changes import queries
from services.gradebook.day_changes.queries import LessonOfDay
from services.gradebook.day_changes.rules import changing
from services.gradebook.day_changes.rules.changing import HeldLesson, Hindered
from services.gradebook.timetable.rules.laying import Change, Place


def place_of(row: LessonOfDay) -> Place:
    """The place of a lesson."""
    return Place(row.course_id, row.date, row.number)


class Found(NamedTuple):
    """What stands in the way of changes, and the lessons of the days that they concern."""

    rows: Sequence[LessonOfDay]
    hindered: Sequence[Hindered]


def of_changes(
    session: Session, bells: YearBells, rows: Mapping[UUID, LessonOfDay], changes: Mapping[Place, Change]
) -> Found:
    """What stands in the way. Raises `Conflict` where a course has another lesson already."""
    targets = {place: _target(place, change) for place, change in changes.items()}
    days = {place.date for place in (*targets, *targets.values())}
    around = queries.lessons_on(session, days)
    gone = {place_of(row) for row in rows.values()} | {
        target for row in rows.values() if (target := _moved_before(row))
    }
    held = [one for one in queries.held(session, around) if Place(one.course_id, one.date, one.number) not in gone]
    fields = {place: f"changes.{index}" for index, place in enumerate(changes)}
    moves = [(place, targets[place]) for place, change in changes.items() if change.moved_to is not None]
    changing.check_targets(fields, moves, {Place(one.course_id, one.date, one.number) for one in held})
    known = {row.id: row for row in (*around, *rows.values())}
    classes, times = queries.classes_across(session, known.values()), Times({bells.calendar.id: bells})

    def timed(lesson: HeldLesson) -> HeldLesson:
        row = known[lesson.id]
        shift = bells.shift_of_classes([row.class_id] if row.class_id else classes[row.course_id])
        bell = shift and times.at(row.year_id, lesson.date, lesson.number, shift, row.grade)
        return lesson._replace(shift=shift, bell=bell or None)

    changed = map(timed, _held_as_changed(session, rows, changes, targets))
    return Found([*around, *rows.values()], list(changing.hindered(changed, map(timed, held))))


def _target(place: Place, change: Change) -> Place:
    return place if change.moved_to is None else Place(place.course_id, *change.moved_to)


def _moved_before(row: LessonOfDay) -> Place | None:
    return None if row.moved_to is None else Place(row.course_id, row.moved_to, row.moved_number)


def _held_as_changed(
    session: Session, rows: Mapping[UUID, LessonOfDay], changes: Mapping[Place, Change], targets: Mapping[Place, Place]
) -> Iterable[HeldLesson]:
    """The changed lessons as they are to be held, where time, teacher or classroom are other ones."""
    students = queries.students_on(session, {(one.course_id, one.date) for one in targets.values()})
    for row in rows.values():
        place = place_of(row)
        change, target = changes[place], targets[place]
        if change.cancelled or (change.moved_to, change.classroom_id, change.teacher_id) == (None, None, None):
            continue
        usual = None if row.shared or row.version else row.classroom_id
        teachers = [change.teacher_id] if change.teacher_id else queries.teachers_on(row)
        yield HeldLesson(
            row.id, row.course_id, target.date, target.number or 0, change.classroom_id or usual,
            frozenset(teachers), frozenset(students[target.course_id, target.date]),
        )  # fmt: skip
