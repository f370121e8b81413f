"""Answers calls about changes of single lessons."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.gradebook.day_changes import (
    MOST_CHANGES,
    MOST_SHOWN,
    ChangeLessons,
    ChangesOf,
    DayChanges,
    DayOf,
    LessonChange,
)
from contracts.identity.people import People
from kernel.auth import Actor
from kernel.data import inbox
from kernel.errors import Conflict, Invalid, Stale
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.bells import queries as bells_queries
from services.gradebook.calendar import queries as calendar_queries
from services.gradebook.calendar.rules.nearest import FARTHEST, nearest_school_days
from services.gradebook.changed_by import changed_by, told_by_name
from services.gradebook.classrooms import queries as classrooms_queries
from services.gradebook.day_changes import hindrances, queries, recording, views
from services.gradebook.day_changes.hindrances import place_of
from services.gradebook.day_changes.queries import LessonOfDay
from services.gradebook.day_changes.rules import changing
from services.gradebook.lessons.rules.states import State
from services.gradebook.policy import queries as policy_queries
from services.gradebook.rows import View, missing
from services.gradebook.timetable import lessons as timetable_lessons
from services.gradebook.timetable import recording as timetable_recording
from services.gradebook.timetable.rules.laying import Change, Place


class DayChangesEntrypoints(Entrypoints):
    """Answers calls about changes of single lessons."""

    @rpc(DayChanges.lessons_of_day)
    def lessons_of_day(self, actor: Actor, command: DayOf) -> View:
        """The lessons of a day: of a class, of a teacher, or of the whole school."""
        with self.unit_of_work(actor) as session:
            rows = queries.lessons_on(session, [command.date])
            held = queries.held(session, rows)
            came = queries.moved_from(session, [command.date])
            years = calendar_queries.years_near(session, command.date, FARTHEST)
        beside = nearest_school_days(years, command.date)
        shown = [row for row in rows if _is_asked_for(row, command)]
        return {
            "date": command.date,
            "lessons": [views.lesson(row, came.get((row.course_id, row.date, row.number or 0))) for row in shown],
            "busy": views.busy(held),
            "school_day_before": beside.before,
            "school_day_after": beside.after,
        }

    @rpc(DayChanges.changes_of_days)
    def changes_of_days(self, actor: Actor, command: ChangesOf) -> View:
        """The lessons of some days that are not held as the timetable says: of a class, a teacher, or the school."""
        changing.check_span(command.first, command.last)
        with self.unit_of_work(actor) as session:
            rows = queries.changed_between(session, command.first, command.last)
        shown = [row for row in rows if _is_asked_for(row, command)]
        return {
            "first": command.first,
            "last": command.last,
            "lessons": [views.lesson(row, None) for row in shown[:MOST_SHOWN]],
            "count": len(shown),
        }

    @rpc(DayChanges.change_lessons)
    def change_lessons(self, actor: Actor, command: ChangeLessons) -> View:
        """Change lessons, all of them or none; what stands in the way is told first."""
        known = _teachers_among(self, {one.teacher_id for one in command.changes if one.teacher_id})
        wanted = {one.lesson_id: one for one in command.changes}
        with told_by_name(self.ask), self.unit_of_work(actor) as session:
            bells = bells_queries.year_of(session, _year_of(session, wanted), lock=True)
            year = bells.calendar
            rows = queries.lessons_among(session, wanted)
            changes = _checked(session, rows, wanted, known, (year.starts_on, year.ends_on))
            found = hindrances.of_changes(session, bells, rows, changes)
            titles = {row.course_id: row.title for row in found.rows}
            if found.hindered and not command.despite_collisions:
                return inbox.answer(session, {"saved": False, "hindrances": views.hindrances(found.hindered, titles)})
            versions = {place_of(row): row.version or 0 for row in rows.values()}
            timetable_recording.changed_lessons(session, actor, changes, versions)
            timetable_lessons.lay(session, actor.tenant, year, {row.course_id for row in rows.values()})
            students = queries.students_on(session, {(row.course_id, row.date) for row in rows.values()})
            today = policy_queries.today(session)
            told = {
                row.id: (versions[place_of(row)] + 1, students[row.course_id, row.date])
                for row in rows.values()
                if changing.last_day(row.date, row.moved_to, changes[place_of(row)]) >= today
            }
            recording.announce(session, told)
            return inbox.answer(session, {"saved": True, "hindrances": views.hindrances(found.hindered, titles)})


def _is_asked_for(row: LessonOfDay, command: DayOf | ChangesOf) -> bool:
    if command.class_id is not None and row.class_id != command.class_id:
        return False
    return command.teacher_id is None or command.teacher_id in {row.teacher_id, *queries.teachers_on(row)}


def _teachers_among(service: Entrypoints, person_ids: Collection[UUID]) -> set[UUID]:
    """Those of these people who are teachers of the school; identity knows."""
    if not person_ids:
        return set()
    found = service.ask(People.people, person_ids=sorted(person_ids), role="teacher", limit=MOST_CHANGES)
    return {one.id for one in found.people}


def _year_of(session: Session, wanted: Mapping[UUID, LessonChange]) -> UUID:
    """The year of the lessons. Raises `NotFound` for one that there is not, `Invalid` for lessons of several years."""
    rows = queries.lessons_among(session, wanted)
    for lesson_id in wanted:
        if lesson_id not in rows or rows[lesson_id].state == State.DROPPED:
            raise missing("lesson", lesson_id)
    years = {row.year_id for row in rows.values()}
    if len(years) != 1:
        raise Invalid("The lessons belong to several years.", rule="several-years", field="changes")
    return years.pop()


def _checked(
    session: Session,
    rows: Mapping[UUID, LessonOfDay],
    wanted: Mapping[UUID, LessonChange],
    teachers: Collection[UUID],
    year: tuple[date, date],
) -> dict[Place, Change]:
    """The changes by the places of their lessons. Raises `Refused` for one that cannot be made."""
    classrooms_queries.check_known(session, {one.classroom_id for one in wanted.values() if one.classroom_id})
    came = queries.moved_from(session, {row.date for row in rows.values()})
    found: dict[Place, Change] = {}
    for index, (lesson_id, one) in enumerate(wanted.items()):
        row, field = rows[lesson_id], f"changes.{index}"
        _check_can_change(row, one, came, field)
        if one.teacher_id is not None and one.teacher_id not in teachers:
            raise Invalid("This person is no teacher of the school.", rule="no-teacher", field=f"{field}.teacher_id")
        moved = None if one.moved_to is None else (one.moved_to, _number(one, row))
        change = Change(one.cancelled, moved, one.classroom_id, one.teacher_id, one.reason.strip())
        changing.check_change(field, place_of(row), change, year)
        found[place_of(row)] = change
    return found


def _number(one: LessonChange, row: LessonOfDay) -> int:
    return one.moved_number if one.moved_number is not None else row.number or 0


def _check_can_change(
    row: LessonOfDay, one: LessonChange, came: Mapping[tuple[UUID, date, int], date], field: str
) -> None:
    if row.number is None:
        raise Invalid(
            "“{course}” has no number on this day: a lesson without a number has no place in the timetable.",
            rule="no-number",
            field=f"{field}.lesson_id",
            course=row.title,
        )
    day = came.get((row.course_id, row.date, row.number))
    if day is not None and row.version is None:
        raise Conflict(
            "“{course}” was moved here from {date}: change it there.",
            rule="moved-here",
            field=f"{field}.lesson_id",
            course=row.title,
            date=day,
        )
    if (row.version or 0) != one.version:
        raise Stale(
            "Somebody changed this lesson of “{course}” first.",
            rule="stale",
            field=f"{field}.version",
            course=row.title,
            present=views.lesson(row, day) | changed_by(row.changed_by, row.changed_at),
        )
