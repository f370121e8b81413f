"""Answers calls about files of timetables: what they would change, and taking them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.timetable_import import (
    CLASSROOM,
    SUBJECT,
    TakeTimetableFile,
    TimetableFile,
    TimetableImport,
)
from contracts.identity.classes import Classes
from contracts.identity.people import People
from formats.result import Reading
from kernel.auth import Actor
from kernel.contract import given
from kernel.data import inbox
from kernel.errors import Invalid, Stale
from kernel.running.entrypoints import Entrypoints, rpc
from kernel.running.providers import Files
from kernel.running.threads import off_hub
from services.gradebook import handed_in
from services.gradebook.bells import recording as bells_recording
from services.gradebook.changed_by import changed_by, told_by_name
from services.gradebook.courses.queries import making as making_queries
from services.gradebook.courses.rules import making, membership
from services.gradebook.rows import View
from services.gradebook.timetable import queries as timetable_queries
from services.gradebook.timetable.readers.timetable import Timetable
from services.gradebook.timetable.rules.entries import check_validity
from services.gradebook.timetable.rules.made import Made
from services.gradebook.timetable_import import queries, recording, views
from services.gradebook.timetable_import.queries import Present, Staff
from services.gradebook.timetable_import.rules import matching, plans
from services.gradebook.timetable_import.rules.bells import plan_of_bells
from services.gradebook.timetable_import.rules.likeness import Ours
from services.gradebook.timetable_import.rules.matching import Said
from services.gradebook.timetable_import.rules.names import Named
from services.gradebook.timetable_import.rules.plans import Asked, Plan

#: People of identity's page, and the most pages: a school of 2000 teachers.
_PAGE, _MOST_PAGES = 200, 10


class TimetableImportEntrypoints(Entrypoints):
    """Answers calls about files of timetables: what they would change, and taking them."""

    files = Files()

    @rpc(TimetableImport.read_timetable_file)
    def read_timetable_file(self, actor: Actor, command: TimetableFile) -> View:
        """What a file would change of the timetable from a day on; writes nothing."""
        content = handed_in.content(self.files, actor.tenant, command.file)
        staff = _staff(self)
        with self.unit_of_work(actor) as session:
            present = queries.present(session, command.year_id, command.from_date)
        reading = _read(content)
        return _shown(command, present, reading, off_hub(_plan, command, present, staff, reading.value))

    @rpc(TimetableImport.take_timetable_file)
    def take_timetable_file(self, actor: Actor, command: TakeTimetableFile) -> View:
        """Take a file of a timetable as it was shown: all of it or nothing."""
        reading = _read(handed_in.content(self.files, actor.tenant, command.file))
        staff = _staff(self)
        with told_by_name(self.ask), self.unit_of_work(actor) as session:
            present = queries.present(session, command.year_id, command.from_date, lock=True)
            plan = off_hub(_plan, command, present, staff, reading.value)
            if present.version != command.version:
                raise Stale(
                    "Somebody changed the timetable first: look at what the file would change now.",
                    rule="stale",
                    field="version",
                    present=_shown(command, present, reading, plan) | _last_edit(session, command.year_id),
                )
            if plan is None:
                raise Invalid("The file holds no timetable that could be taken.", rule="no-timetable", field="file")
            matching.check_can_be_taken(plan.means)
            taken_bells = _save_bells(session, actor, present, command, reading)
            version = _save(session, actor, present, staff, command, plan)
            return inbox.answer(session, views.taken(command.year_id, version, plan, bells=taken_bells))


def _last_edit(session: Session, year_id: UUID) -> View:
    """Who edited the year's timetable last, and when."""
    last = next(iter(timetable_queries.last_edits(session, year_id)), None)
    return changed_by(last.edited_by, last.edited_at) if last else {}


def _read(content: bytes) -> Reading[Timetable]:
    # its parsers are loaded when a file comes
    from services.gradebook.timetable_import.readers.timetable_files import read_timetable_file

    return off_hub(read_timetable_file, content)


def _staff(service: Entrypoints) -> Staff:
    """The classes of the school, and its teachers; identity knows."""
    classes = service.ask(Classes.classes).classes
    teachers: list[Ours] = []
    after: UUID | None = None
    for _ in range(_MOST_PAGES):
        page = service.ask(People.people, role="teacher", limit=_PAGE, after=after)
        teachers += [Ours(one.id, one.family_name, one.given_name, one.patronymic) for one in page.people]
        after = page.next
        if after is None:
            break
    return Staff([Ours(one.id, one.name) for one in classes], {one.id: one.grade for one in classes}, teachers)


def _plan(command: TimetableFile, present: Present, staff: Staff, timetable: Timetable | None) -> Plan | None:
    """What taking the file would do. Raises `Invalid` for a day outside the year, and names that mean what is not."""
    check_validity(command.from_date, None, present.year.starts_on, present.year.ends_on)
    school = queries.school_of(present, staff, command.from_date)
    said = [(Named(one["kind"], one["name"]), Said(one["means"], one["id"])) for one in given(command).get("names", ())]
    matching.check_said(said, school.ours)
    if timetable is None:
        return None
    asked = Asked(command.from_date, dict(said), command.group_name, command.unknown_is_new, command.teachers_are_new)
    return plans.plan_of(timetable, school, asked, uuid7)


def _shown(command: TimetableFile, present: Present, reading: Reading[Timetable], plan: Plan | None) -> View:
    ringing = () if reading.value is None else reading.value.bells
    bells = plan_of_bells(ringing, present.bells, command.from_date, "", uuid7) if ringing else None
    return views.file(given(command), present, reading, plan, bells)


def _save_bells(
    session: Session, actor: Actor, present: Present, command: TakeTimetableFile, reading: Reading[Timetable]
) -> bool:
    """Save the bells of the file, if that is asked for. Returns whether they changed anything. Raises `Invalid`."""
    if command.bells_version is None or reading.value is None:
        return False
    if command.bells_version != present.year.version:
        raise Stale(
            "Somebody changed the bells first: look at what the file would change of them now.",
            rule="stale",
            field="bells_version",
        )
    found = plan_of_bells(reading.value.bells, present.bells, command.from_date, command.bells_title, uuid7)
    if found.faults:
        first = found.faults[0]
        raise Invalid.of(first.text, rule=first.rule, field=first.field, faults=found.faults)
    bells_recording.set_bells(session, actor, present.bells, *(one.after for one in found.changes))
    return bool(found.changes)


def _save(
    session: Session, actor: Actor, present: Present, staff: Staff, command: TakeTimetableFile, plan: Plan
) -> int:
    """Save a plan. Returns the version of the timetable, a new one if the plan changes it."""
    means, wanted = plan.means, plan.wanted
    recording.new_things(session, actor, means.new[SUBJECT], means.new[CLASSROOM])
    rows = list(_course_rows(present, staff, plan))
    whole = {row["class_id"] for row in rows if not row["group_name"]}
    making_queries.lock_classes(session, whole)
    students = making_queries.students_of_classes(session, whole)
    members = {
        row["id"]: {
            student: membership.first_day(present.year.starts_on, since)
            for student, since in students[row["class_id"]].items()
        }
        for row in rows
        if not row["group_name"]
    }
    recording.new_courses(session, actor, rows, wanted.teachers, members)
    joining = {
        course_id: plans.joined(queries.teachings(present.courses[course_id]), them, command.from_date)
        for course_id, them in wanted.joining.items()
    }
    recording.joined_teachers(session, actor, {key: present.courses[key].version for key in joining}, joining)
    learned = matching.to_remember(means, present.remembered, other_year=present.years_on is not None)
    recording.remembered(session, actor.tenant, learned)
    if not plan.edit.before and not plan.edit.after:
        return present.version
    made = Made(tuple(row["id"] for row in rows), tuple(means.new[SUBJECT]), tuple(means.new[CLASSROOM]))
    recording.edited(session, actor, present.year.id, present.version + 1, plan.edit, made)
    return present.version + 1


def _course_rows(present: Present, staff: Staff, plan: Plan) -> Iterator[dict[str, Any]]:
    """The rows of courses to be made: of the grade and terms of the class's other courses, or as its grade's are."""
    siblings, classes = queries.siblings(present.courses.values()), queries.classes_of(present, staff)
    for one in plan.wanted.courses:
        beside = siblings.get(one.class_id, [])
        grade = making.usual_grade(beside, classes[one.class_id].grade)
        yield {
            "id": one.id, "year_id": present.year.id, "subject_id": one.subject_id, "class_id": one.class_id,
            "grade": grade, "group_name": one.group_name, "title": plan.titles[one.id], "hours_a_week": None,
            "division": making.usual_division(beside, present.year, grade),
        }  # fmt: skip
