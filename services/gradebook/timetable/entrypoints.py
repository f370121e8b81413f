"""Answers calls about timetables, and lays the lessons that follow from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.timetable import (
    IN_USE,
    EditTimetable,
    SettleLesson,
    Timetable,
    TimetableEdits,
    TimetableOf,
    UndoEdit,
)
from contracts.weeks_of_years import parity
from kernel.auth import Actor
from kernel.contract import given
from kernel.data import inbox
from kernel.data.jobs import Job
from kernel.errors import Invalid, Stale
from kernel.running.entrypoints import Entrypoints, rpc
from kernel.running.jobs import carries_out
from services.gradebook.bells import queries as bells_queries
from services.gradebook.calendar import queries as calendar_queries
from services.gradebook.calendar.rules.year_calendar import YearCalendar
from services.gradebook.changed_by import changed_by, told_by_name
from services.gradebook.classrooms import queries as classrooms_queries
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.laying import LESSONS, ask_for_lessons
from services.gradebook.lessons import queries as lessons_queries
from services.gradebook.lessons import recording as lessons_recording
from services.gradebook.policy import queries as policy_queries
from services.gradebook.rows import View, missing
from services.gradebook.timetable import collisions, lessons, permissions, queries, recording, views
from services.gradebook.timetable.queries import CourseOfTimetable
from services.gradebook.timetable.rules import edits, settling
from services.gradebook.timetable.rules.edits import Edit, NewEntry
from services.gradebook.timetable.rules.entries import Entry, check_validity, is_valid_on
from services.gradebook.timetable.rules.laying import Laying
from services.gradebook.timetable.rules.made import Kind, Made, Thing, why_it_stays
from services.gradebook.windows.queries import Windows, held


class TimetableEntrypoints(Entrypoints):
    """Answers calls about timetables, and lays the lessons that follow from them."""

    @rpc(Timetable.timetable)
    def timetable(self, actor: Actor, command: TimetableOf) -> View:
        """A class's, a teacher's or a classroom's week; without one of them, what does not fit in the school."""
        of = {name: getattr(command, name) for name in ("class_id", "teacher_id", "classroom_id")}
        checks = command.check and permissions.sees_collisions(actor)
        with self.unit_of_work(actor) as session:
            bells = bells_queries.year_of(session, command.year_id)
            day = command.date or _day_of(session, bells.calendar)
            entries = queries.entries_of(session, command.year_id, day, **of)
            weeks = queries.entries_of(session, command.year_id, day) if any(of.values()) else entries
            courses = queries.courses(session, command.year_id, actor.person_id, _named(command, entries))
            if command.class_id is not None:
                courses = _of_class(courses, command.class_id, entries)
            elif command.teacher_id is not None:
                courses = _of_teacher(courses, command.teacher_id, entries, day)
            found = (
                collisions.in_timetable(session, bells, day, entries, weeks, courses) if checks else collisions.NOTHING
            )
            beside = found.course_ids - courses.keys()
            others = queries.courses(session, command.year_id, None, beside) if beside else {}
            version = queries.version(session, command.year_id)
        held = list(courses.values())
        if not any(of.values()):
            entries, held = _at_fault(entries, courses, found)
        return {
            "year_id": command.year_id,
            "date": day,
            "version": version,
            "entries": [views.entry(one) for one in entries],
            "courses": views.courses(actor, held, weeks, day),
            "faults": views.faults(found.faults),
            "collisions": views.collisions(found.collisions),
            "numbers": sorted({bell.number for one in bells.schedules for bell in one.bells}),
            "others": [{"id": one.id, "title": one.title} for one in others.values()],
            "parity": parity(day, bells.calendar.starts_on),
        }

    @rpc(Timetable.edit_timetable)
    def edit_timetable(self, actor: Actor, command: EditTimetable) -> View:
        """Change the timetable from a day on; what collides is saved only if the command says so."""
        with told_by_name(self.ask), self.unit_of_work(actor) as session:
            calendar_queries.lock_year(session, command.year_id)
            bells = bells_queries.year_of(session, command.year_id)
            year = bells.calendar
            check_validity(command.from_date, command.valid_until, year.starts_on, year.ends_on)
            present = queries.entries_among(session, year.id, command.remove)
            added = [NewEntry(**one) for one in given(command).get("add", ())]
            edit = edits.edit_of(present.values(), command.from_date, command.valid_until, added, uuid7)
            courses = queries.courses(session, year.id, actor.person_id, edit.course_ids)
            _check_edits(session, actor, courses, edit)
            _check_is_seen(session, actor, command, edit, courses)
            found = collisions.with_edit(session, bells, edit, command.from_date)
            if command.dry_run or (any(found) and not command.despite_collisions):
                return inbox.answer(session, _edited(session, actor, year, found, None, saved=False))
            plan = _saved(session, actor, year, edit)
            return inbox.answer(session, _edited(session, actor, year, found, plan, saved=True))

    @rpc(Timetable.timetable_edits)
    def timetable_edits(self, actor: Actor, command: TimetableEdits) -> View:
        """The last edits of a year's timetable."""
        with self.unit_of_work(actor) as session:
            year = calendar_queries.year_of(session, command.year_id)
            rows = queries.last_edits(session, command.year_id)
            named = {course_id for row in rows for course_id in queries.edit_of_row(row).course_ids}
            courses = queries.courses(session, year.id, actor.person_id, named)
            day = _day_of(session, year)
            weeks = queries.entries_of(session, year.id, day)
        return views.edits(rows, {one["id"]: one for one in views.courses(actor, courses.values(), weeks, day)})

    @rpc(Timetable.undo_timetable_edit)
    def undo_timetable_edit(self, actor: Actor, command: UndoEdit) -> View:
        """Take an edit back, whose entries nobody has changed since; what collides then only if the command says so."""
        if command.with_made:
            permissions.check_removes_made(actor)
        with self.unit_of_work(actor) as session:
            calendar_queries.lock_year(session, command.year_id)
            bells = bells_queries.year_of(session, command.year_id)
            year = bells.calendar
            row = queries.edit(session, year.id, command.edit)
            edit = queries.edit_of_row(row)
            courses = queries.courses(session, year.id, actor.person_id, edit.course_ids)
            _check_edits(session, actor, courses, edit)
            touched = {entry.id for entry in (*edit.before, *edit.after)}
            edits.check_can_be_taken_back(edit, queries.entries_among(session, year.id, touched))
            today = _day_of(session, year)
            found = collisions.with_edit(session, bells, edit.taken_back, max(edit.first_day or today, today))
            if any(found) and not command.despite_collisions:
                return inbox.answer(session, _edited(session, actor, year, found, None, saved=False))
            plan = _saved(session, actor, year, edit.taken_back, command.edit)
            made = _removed(session, actor, queries.made_by(row)) if command.with_made else []
            done = _edited(session, actor, year, found, plan, saved=True)
            return inbox.answer(session, {**done, "made": views.made(made)})

    @rpc(Timetable.settle_lesson)
    def settle_lesson(self, actor: Actor, command: SettleLesson) -> View:
        """Keep a lesson outside the timetable as one that was held, or let an empty one go."""
        with self.unit_of_work(actor) as session:
            row = lessons_queries.lesson(session, command.lesson_id, actor.person_id, lock=True)
            ties = lessons_queries.ties(row, actor.person_id)
            courses_permissions.check_writes_course(actor, ties, missing("lesson", row.id))
            Windows(session).check(held(row, row.id), "lesson_id")
            settling.check_settles(row.state, held=command.held, filled=queries.is_filled(session, row.id))
            lessons_recording.settled(session, row.id, held=command.held)
            return inbox.answer(session, {"lesson_id": row.id, "held": command.held})

    @carries_out(LESSONS)
    def lay_lessons(self, job: Job) -> None:
        """Lay the lessons of a school whose calendar or timetable changed."""
        lessons.lay_school(self.unit_of_work, job)


def _day_of(session: Session, year: YearCalendar) -> date:
    """Today, or the day of the year next to it."""
    today = policy_queries.today(session)
    return min(max(today, year.starts_on), year.ends_on)


def _named(command: TimetableOf, entries: Iterable[Entry]) -> Collection[UUID] | None:
    """The courses to look at: for a classroom those of the entries; else all of the year."""
    if command.classroom_id is not None:
        return {one.course_id for one in entries}
    return None


def _at_fault(
    entries: Iterable[Entry], courses: Mapping[UUID, CourseOfTimetable], found: collisions.Found
) -> tuple[list[Entry], list[CourseOfTimetable]]:
    """The entries that collide, and the courses of these and of those whose weeks do not fit."""
    wrong = {one.id for pair in found.collisions for one in (pair.one, pair.other)}
    named = {one.course_id for one in entries if one.id in wrong} | {one.course_id for one in found.faults}
    return [one for one in entries if one.id in wrong], [one for key, one in courses.items() if key in named]


def _of_class(
    courses: Mapping[UUID, CourseOfTimetable], class_id: UUID, entries: Iterable[Entry]
) -> dict[UUID, CourseOfTimetable]:
    """The courses of a class, and those across classes that have lessons in its week."""
    held = {one.course_id for one in entries}
    return {key: one for key, one in courses.items() if one.class_id == class_id or key in held}


def _of_teacher(
    courses: Mapping[UUID, CourseOfTimetable], teacher_id: UUID, entries: Iterable[Entry], day: date
) -> dict[UUID, CourseOfTimetable]:
    """The courses that a teacher has on a day, and those of the entries."""
    held = {one.course_id for one in entries}
    return {key: one for key, one in courses.items() if key in held or teacher_id in queries.teachers_on(one, day)}


def _check_edits(session: Session, actor: Actor, courses: Mapping[UUID, CourseOfTimetable], edit: Edit) -> None:
    """Refuse courses of others, teachers who do not teach the course, and classrooms that the school does not have."""
    for course_id in edit.course_ids - courses.keys():
        raise missing("course", course_id)
    permissions.check_edits(actor, {key: courses_queries.course_ties(one) for key, one in courses.items()})
    classrooms_queries.check_known(session, {one.classroom_id for one in edit.after if one.classroom_id})
    for one in edit.after:
        if one.teacher_id is not None and one.teacher_id not in queries.teachers_on(
            courses[one.course_id], one.valid_from
        ):
            raise Invalid(
                "“{course}” has no such teacher on {date}: who teaches the course is said on the page of courses.",
                rule="no-teacher",
                field="add",
                course=courses[one.course_id].title,
                date=one.valid_from,
            )


def _check_is_seen(
    session: Session, actor: Actor, command: EditTimetable, edit: Edit, courses: Mapping[UUID, CourseOfTimetable]
) -> None:
    """Refuse an edit of a class's or a course's week that somebody changed since the person saw it."""
    rows = queries.edits_since(session, command.year_id, command.version)
    if not rows:
        return
    later = [queries.edit_of_row(row) for row in rows]
    others = queries.courses(session, command.year_id, None, {key for one in later for key in one.course_ids})
    classes = {one.id: one.class_id for one in (*others.values(), *courses.values())}
    last = next((row for row, one in zip(rows, later, strict=True) if edits.meets(edit, one, classes)), None)
    if last is not None:
        present = _present(session, actor, command, edit) | changed_by(last.edited_by, last.edited_at)
        raise Stale(
            "Somebody changed this week of the timetable first.", rule="stale", field="version", present=present
        )


def _present(session: Session, actor: Actor, command: EditTimetable, edit: Edit) -> View:
    """The weeks that an edit would change, as they are now."""
    known = queries.courses(session, command.year_id, actor.person_id, None)
    touched = edits.weeks_of(edit.course_ids, {one.id: one.class_id for one in known.values()})
    held = [one for one in known.values() if touched & {one.id, one.class_id}]
    ids = {one.id for one in held}
    entries = [one for one in queries.entries_of(session, command.year_id, command.from_date) if one.course_id in ids]
    return {
        "version": queries.version(session, command.year_id),
        "date": command.from_date,
        "entries": [views.entry(one) for one in entries],
        "courses": views.courses(actor, held, entries, command.from_date),
    }


def _saved(session: Session, actor: Actor, year: YearCalendar, edit: Edit, undoes: int | None = None) -> Laying | None:
    """Save an edit and lay its lessons; those of many courses later. Returns what became of lessons, if it is known."""
    version = queries.version(session, year.id) + 1
    recording.edited(session, actor, year.id, version, edit, undoes)
    if len(edit.course_ids) > lessons.AT_ONCE:
        ask_for_lessons(session, actor.tenant)
        return None
    return lessons.lay(session, actor.tenant, year, edit.course_ids)


def _removed(session: Session, actor: Actor, made: Made) -> list[tuple[Thing, str]]:
    """Remove what a file made and nothing stands on; each thing with why it stays, empty where it is gone."""
    found: list[tuple[Thing, str]] = []
    # a subject goes with the last of its courses, a classroom with the last of its lessons
    for kind, ids in zip(Kind, made, strict=True):
        things = [(one, why_it_stays(one)) for one in queries.things(session, kind, ids)]
        gone = recording.removed_things(session, actor, [one for one, why in things if not why])
        found += [(one, "" if one.id in gone else why or IN_USE) for one, why in things]
    return found


def _edited(
    session: Session,
    actor: Actor,
    year: YearCalendar,
    found: collisions.Found,
    plan: Laying | None,
    *,
    saved: bool,
) -> View:
    named = {entry.course_id for pair in found.collisions for entry in (pair.one, pair.other)}
    named |= {one.course_id for one in found.faults}
    day = _day_of(session, year)
    courses = queries.courses(session, year.id, actor.person_id, named) if named else {}
    weeks = queries.entries_of_courses(session, year.id, named) if named else []
    return {
        "saved": saved,
        "version": queries.version(session, year.id),
        "collisions": views.collisions(found.collisions),
        "faults": views.faults(found.faults),
        "courses": views.courses(actor, courses.values(), [one for one in weeks if is_valid_on(one, day)], day),
        "lessons": views.laid(plan),
    }
