"""Compares a file of the past with what there is, by the rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.past_import import STUDENT, SUBJECT, PastFile
from contracts.gradebook.term_marks import LOCKED
from kernel.contract import given
from kernel.errors import Invalid
from kernel.running.threads import off_hub
from services.gradebook.courses.rules import making
from services.gradebook.courses.rules.naming import proposed_title
from services.gradebook.past_import import queries
from services.gradebook.past_import.queries import Found
from services.gradebook.past_import.rules import names as names_rules
from services.gradebook.past_import.rules import plans
from services.gradebook.past_import.rules.figures import Printed
from services.gradebook.past_import.rules.names import Named
from services.gradebook.past_import.rules.plans import Course, Plan, Present, School
from services.gradebook.policy import queries as policy_queries
from services.gradebook.rows import missing
from services.gradebook.timetable_import.rules.likeness import Ours
from services.gradebook.timetable_import.rules.matching import Said


class Place(NamedTuple):
    """Of which class and year a file is, as far as it is known, and who may be in it."""

    printed: tuple[str, str]
    year_id: UUID | None
    class_id: UUID | None
    #: Of the class in that year.
    class_name: str = ""
    grade: int | None = None
    several_grades: bool = False
    students: Sequence[Ours] = ()


def planned(
    session: Session, command: PastFile, place: Place, found: Found, printed: Printed
) -> tuple[Plan, School, Mapping[str, Sequence[Ours]]]:
    """What taking the file would do. Raises `Invalid` for names that mean what is not."""
    ours = {STUDENT: place.students, SUBJECT: [Ours(one.id, one.name) for one in found.subjects]}
    said = [(Named(one["kind"], one["name"]), Said(one["means"], one["id"])) for one in given(command).get("names", ())]
    names_rules.check_said(said, ours)
    if printed.days and found.days.kind_id is None:
        raise Invalid("The school has no kind of work for answers in lessons yet.", rule="no-answers", field="file")
    school = _school(session, place, found, {one.on for one in printed.days})
    return off_hub(_plan, school, ours, found.remembered, dict(said), printed), school, ours


def _plan(
    school: School,
    ours: Mapping[str, Sequence[Ours]],
    remembered: Mapping[tuple[str, str], UUID],
    said: Mapping[Named, Said],
    printed: Printed,
) -> Plan:
    names = dict.fromkeys(
        named
        for kind in (STUDENT, SUBJECT)
        for one in printed.everything
        for named in [Named(kind, getattr(one, kind))]
    )
    means = names_rules.meanings(names, ours, remembered, said, uuid7)
    return plans.plan_of(printed, school, means)


def _school(session: Session, place: Place, found: Found, on: Collection[date]) -> School:
    """What there is, as the rules see it."""
    if place.class_id is None:
        raise missing("class", UUID(int=0))
    courses = [_course(one, place) for one in found.courses]
    days = {one.ends_on for one in found.year.terms} | set(on)
    return School(
        place.class_id,
        found.year.starts_on,
        found.year.ends_on,
        found.year.terms,
        found.today,
        courses,
        found.stays,
        found.present,
        {key for key, sheet in found.sheets.items() if sheet.state == LOCKED},
        {day: policy_queries.policy_on(session, found.setting, min(day, found.today)) for day in days},
        {one.id: one.name for one in found.subjects},
        _maker(place, found, courses),
        {key: [one.id for one in them if one.held] for key, them in found.days.lessons.items()},
        {key: Present(one.value, one.version) for key, one in found.days.marks.items()},
    )


def _maker(place: Place, found: Found, courses: Sequence[Course]) -> Callable[[UUID, str], Course]:
    """Makes courses of the class, of the grade and terms of its other ones."""
    own = [one for one in courses if one.class_id == place.class_id]
    siblings = [
        making.Sibling(one.id, one.subject_id, one.group_name, one.title, one.division, one.grade) for one in own
    ]
    grade = making.usual_grade(siblings, place.grade)
    division = making.usual_division(siblings, found.year, grade)
    known = grade is not None or place.several_grades

    def made(subject_id: UUID, name: str) -> Course:
        title = proposed_title(name, place.class_name, "")
        return Course(uuid7(), title, subject_id, name, place.class_id, "", division, grade, known)

    return made


def _course(one: queries.CourseThen, place: Place) -> Course:
    """A course of the year; without a grade of its own it has that of the class in that year."""
    own = one.class_id == place.class_id
    grade = place.grade if one.grade is None and own else one.grade
    known = grade is not None or (own and place.several_grades)
    names = one.id, one.title, one.subject_id, one.subject, one.class_id, one.group_name, one.division
    return Course(*names, grade, known)
