"""What a year gets of the one before: grades move up with the classes (clause 4.2; practice).

Identity owns classes and their grades, and promotes none: a class becomes the next grade when an import says so. So
courses keep the id of their class, and take the grade after that in which they were; a class of the last grade leaves.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from contracts.classes_in_years import later_grade, name_in_grade
from contracts.gradebook.calendar import GRADES, SENIOR
from kernel.errors import Invalid
from kernel.names import folded
from services.gradebook.bells.rules.bells import BellSchedule, YearBells, in_order
from services.gradebook.calendar.rules.year_calendar import YearCalendar, divisions_of, week_of_grade
from services.gradebook.courses.rules.naming import proposed_title
from services.gradebook.plans.rules.topics import WholePlan


class Earlier(NamedTuple):
    """A course of the earlier year, with those who teach and learn in it at its end."""

    id: UUID
    subject_id: UUID
    subject: str
    title: str
    group_name: str
    grade: int | None
    division: str
    hours_a_week: Decimal | None
    class_id: UUID | None
    class_name: str
    class_grade: int | None
    teachers: tuple[UUID, ...]
    #: Those who are still in the class, or in the school.
    students: tuple[UUID, ...]


class ToCome(NamedTuple):
    """A course of the later year."""

    subject_id: UUID
    title: str
    group_name: str
    grade: int | None
    division: str
    hours_a_week: Decimal | None
    teachers: tuple[UUID, ...]
    students: tuple[UUID, ...]


@dataclass
class ClassToCome:
    """What a class gets; with `class_id` None, the groups across classes."""

    class_id: UUID | None
    name: str
    next_name: str
    next_grade: int | None
    leaves: bool = False
    courses: list[ToCome] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    there: int = 0


@dataclass
class Coming:
    """What the later year gets."""

    classes: list[ClassToCome]
    #: Of the curriculum: subject and grade → hours.
    hours: dict[tuple[UUID, int], Any]
    bells: list[BellSchedule]
    plans: list[WholePlan]


def next_grade(grade: int | None) -> int | None:
    """The grade after one; None after the last, and of what is of no one grade (practice)."""
    return later_grade(grade)


def next_class_name(name: str, grade: int | None, present_grade: int | None) -> str:
    """What a class that was of a grade will be called: «7А», «8А» (practice).

    `present_grade` is that of the class today: one that an import has moved up already is called so.
    """
    coming = next_grade(grade)
    if coming is None or present_grade == coming:
        return name
    return name_in_grade(name, grade, coming)


def check_years(earlier: Any, later: Any) -> None:
    """Refuse a year that does not begin after the one it is prepared from (practice)."""
    if earlier.id == later.id or later.starts_on <= earlier.starts_on:
        raise Invalid("Choose a year that begins after the other.", rule="year-not-later", field="to_year_id")


def classes_to_come(
    courses: Iterable[Earlier],
    there: Collection[tuple[UUID, UUID | None, str]],
    year: YearCalendar,
    planned: Collection[tuple[UUID, int]],
) -> list[ClassToCome]:
    """What each class gets, groups across classes last (clause 4.2; practice).

    `there` are subject, class and group of the courses of the later `year`, `planned` subject and grade of the
    curriculum that will hold: a course goes on where the next grade has hours of its subject, or where
    nothing is planned for that grade.
    """
    courses = with_group_names(courses)
    found: dict[UUID | None, ClassToCome] = {}
    grades = {grade for _, grade in planned}
    taken = {(subject, class_id, folded(group)) for subject, class_id, group in there}
    for course in courses:
        coming = next_grade(course.grade)
        name = next_class_name(course.class_name, course.grade, course.class_grade)
        place = found.setdefault(course.class_id, ClassToCome(course.class_id, course.class_name, name, coming))
        if course.grade == GRADES[-1]:
            place.leaves = course.class_id is not None
        elif (course.subject_id, course.class_id, folded(course.group_name)) in taken:
            place.there += 1
        elif coming in grades and (course.subject_id, coming) not in planned:
            place.left_out.append(course.title)
        else:
            place.courses.append(_to_come(course, name, coming, year))
    return sorted(found.values(), key=lambda one: (one.class_id is None, one.next_grade or 0, one.name))


def with_group_names(courses: Iterable[Earlier]) -> list[Earlier]:
    """Courses of which several of one class and subject have no group get numbers for names, in their order (practice).

    So it is where an import brought groups, which it does not name.
    """
    found = list(courses)
    many = Counter((one.subject_id, one.class_id, one.group_name) for one in found)
    numbers: Counter[tuple[UUID, UUID | None, str]] = Counter()
    named = []
    for one in found:
        key = one.subject_id, one.class_id, one.group_name
        numbers[key] += 1
        alone = one.group_name or many[key] == 1
        named.append(one if alone else one._replace(group_name=str(numbers[key])))
    return named


def _to_come(course: Earlier, class_name: str, grade: int | None, year: YearCalendar) -> ToCome:
    made = proposed_title(course.subject, course.class_name or None, course.group_name)
    title = course.title.replace(course.class_name, class_name) if course.class_name else course.title
    if course.title == made:
        title = proposed_title(course.subject, class_name or None, course.group_name)
    stays = course.division in divisions_of(year) and grade != SENIOR
    division = course.division if stays else week_of_grade(year, grade).division
    return ToCome(
        course.subject_id, title, course.group_name, grade, division, course.hours_a_week, course.teachers,
        course.students,
    )  # fmt: skip


def hours_to_come(
    earlier: Mapping[tuple[UUID, int], Any], later: Mapping[tuple[UUID, int], Any]
) -> dict[tuple[UUID, int], Any]:
    """Hours of the curriculum that the later year lacks: a grade has what the grade had (clause 4.2)."""
    return {key: cell for key, cell in earlier.items() if key not in later}


def bells_to_come(earlier: YearBells, later: YearBells) -> list[BellSchedule]:
    """The bells that ring at the end of the earlier year, from the later one's first day on (clause 4.2; practice).

    They are new schedules. A year that has bells already keeps those, and gets none.
    """
    if later.schedules:
        return []
    last: dict[tuple[int, tuple[int, ...], bool], BellSchedule] = {}
    for one in sorted(earlier.schedules, key=lambda one: one.valid_from):
        last[one.shift, one.weekdays, one.short] = one
    return [replace(one, valid_from=later.calendar.starts_on) for one in in_order(last.values())]


def plans_to_come(earlier: Iterable[WholePlan], later: Collection[tuple[UUID, int, str]]) -> list[WholePlan]:
    """The plans that the later year lacks: of a subject and grade, by their title (clause 4.2; practice).

    A plan is of a grade, not of a class: what the seventh grade was taught is copied for those who come to it.
    """
    return [one for one in earlier if (one.subject_id, one.grade, one.title) not in later]


def fingerprint(coming: Coming) -> str:
    """What tells whether something changed between the preview and the step (practice)."""
    seen = [coming.classes, sorted(coming.hours.items()), coming.bells, coming.plans]
    return hashlib.sha256(msgspec.json.encode(seen)).hexdigest()
