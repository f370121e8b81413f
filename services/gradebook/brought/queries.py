"""Selects what students brought along: marks and absences of courses that they left, marks of other schools."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, literal, or_, select
from sqlalchemy.orm import Session

from kernel.data.among import among
from services.gradebook.as_it_stood import AS_OF, at
from services.gradebook.brought.tables import OtherSchoolMark
from services.gradebook.courses.queries import movement as movement_queries
from services.gradebook.courses.queries.movement import Movement, OtherCourse
from services.gradebook.courses.rules.movement import MemberOfCourse, anybody_moved
from services.gradebook.courses.tables import Course
from services.gradebook.gathered import Values, gathered
from services.gradebook.lessons.queries import HELD, IN_ORDER
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.queries import FOR_STAFF, MarkThen, is_shown, marks_in_order, only_if_helps
from services.gradebook.marks.tables import Mark
from services.gradebook.people.tables import ClassCopy, StudentCopy


class FrameOfCourse(Protocol):
    """A course, the first and last day of its year, and the marks of other schools."""

    id: UUID
    starts_on: dt.date
    ends_on: dt.date
    #: For `elsewhere_of`.
    elsewhere: list[Values]


class Origin(NamedTuple):
    """Where marks were set: in a course that was left, or at another school, whose `document` says so."""

    title: str = ""
    class_name: str = ""
    until: dt.date | None = None
    school: str = ""
    document: str = ""


class BroughtMark(NamedTuple):
    """A mark that a student brought along."""

    id: UUID
    course_id: UUID
    student_id: UUID
    kind_id: UUID
    value: str
    comment: str
    date: dt.date
    #: Whether another school set it.
    elsewhere: bool
    #: Whether it counts only where it raises the mean, as its column says.
    only_if_helps: bool = False


class TermMarkElsewhere(NamedTuple):
    """A term mark of another school."""

    course_id: UUID
    student_id: UUID
    term_id: UUID
    value: str
    origin: Origin


class Source(NamedTuple):
    """What a student brought along from one place."""

    origin: Origin
    marks: list[BroughtMark]


@dataclass(frozen=True, slots=True)
class Brought:
    """What came along to a course in a period, by student; and the moves by which it did."""

    movement: Movement
    sources: dict[UUID, list[Source]] = field(default_factory=dict)
    term_marks: list[TermMarkElsewhere] = field(default_factory=list)
    #: The moves of the whole year.
    every: Movement = field(default_factory=lambda: Movement(()))

    def marks_of(self, student_id: UUID) -> list[BroughtMark]:
        """The marks that a student brought along, by date."""
        found = [mark for source in self.sources.get(student_id, ()) for mark in source.marks]
        return sorted(found, key=attrgetter("date"))

    def origins(self, student_id: UUID) -> dict[UUID, Origin]:
        """Mark → where the student brought it from."""
        return {mark.id: source.origin for source in self.sources.get(student_id, ()) for mark in source.marks}


# --- marks of other schools ------------------------------------------------------------------------

#: Of a mark of another school: that it was not withdrawn, now or at the moment `AS_OF`.
STANDING: Final = OtherSchoolMark.withdrawn_at.is_(None)
STANDING_THEN: Final = and_(
    OtherSchoolMark.entered_at <= AS_OF,
    or_(OtherSchoolMark.withdrawn_at.is_(None), OtherSchoolMark.withdrawn_at > AS_OF),
)
_GATHERED: Final = gathered(
    OtherSchoolMark.id,
    OtherSchoolMark.course_id,
    OtherSchoolMark.student_id,
    OtherSchoolMark.kind_id,
    OtherSchoolMark.term_id,
    OtherSchoolMark.date,
    OtherSchoolMark.value,
    OtherSchoolMark.school,
    OtherSchoolMark.document,
)
_EVER_OF_COURSES: Final = select(_GATHERED).where(
    among(OtherSchoolMark.course_id, "course_ids"), among(OtherSchoolMark.student_id, "student_ids")
)
_OF_COURSES: Final = _EVER_OF_COURSES.where(STANDING)
_OF_COURSES_THEN: Final = _EVER_OF_COURSES.where(STANDING_THEN)


def elsewhere_in_course(*, then: bool = False) -> ColumnElement[Any]:
    """The marks of other schools in the `Course` of the enclosing query, as one value; `Elsewhere` reads it.

    `then`: those that stood at the moment `AS_OF`.
    """
    of_course = select(_GATHERED).where(OtherSchoolMark.course_id == Course.id, STANDING_THEN if then else STANDING)
    return of_course.correlate(Course).scalar_subquery()


def elsewhere_of_student(*, then: bool = False) -> ColumnElement[Any]:
    """The same of the `StudentCopy` of the enclosing query."""
    standing = STANDING_THEN if then else STANDING
    of_student = select(_GATHERED).where(OtherSchoolMark.student_id == StudentCopy.student_id, standing)
    return of_student.correlate(StudentCopy).scalar_subquery()


def elsewhere_of_class(*, then: bool = False) -> ColumnElement[Any]:
    """The same of all students of the `ClassCopy` of the enclosing query."""
    standing = STANDING_THEN if then else STANDING
    of_class = select(_GATHERED).join(StudentCopy, StudentCopy.student_id == OtherSchoolMark.student_id)
    return of_class.where(StudentCopy.class_id == ClassCopy.class_id, standing).correlate(ClassCopy).scalar_subquery()


class Elsewhere:
    """Marks of other schools, from a value of the functions above."""

    def __init__(self, rows: Iterable[Values]) -> None:
        self.marks: list[BroughtMark] = []
        self.term_marks: list[TermMarkElsewhere] = []
        self.origins: dict[UUID, Origin] = {}
        for row in rows:
            self._add(*row)

    def _add(
        self, mark_id: str, course: str, student: str, kind: str | None, term: str | None, day: str | None, value: str,
        school: str, document: str,
    ) -> None:  # fmt: skip
        origin, place = Origin(school=school, document=document), (UUID(course), UUID(student))
        if term is not None:
            self.term_marks.append(TermMarkElsewhere(*place, UUID(term), value, origin))
        elif kind is not None and day is not None:
            mark = BroughtMark(UUID(mark_id), *place, UUID(kind), value, "", dt.date.fromisoformat(day), True)
            self.marks.append(mark)
            self.origins[mark.id] = origin


# --- what came along to a course -------------------------------------------------------------------

_SPAN: Final[tuple[Any, Any]] = (bindparam("starts_on"), bindparam("ends_on"))


def _marks(mark: Any) -> Select[*tuple[Any, ...]]:
    helps = only_if_helps(mark, then=mark is MarkThen)
    of_another_school = literal(value=False)
    return (
        select(
            mark.id,
            mark.course_id,
            mark.student_id,
            mark.kind_id,
            mark.value,
            mark.comment,
            mark.date,
            of_another_school,
            helps,
        )
        .where(
            among(mark.student_id, "student_ids"),
            among(mark.course_id, "course_ids"),
            mark.date.between(*_SPAN),
            mark.value.is_not(None),
        )
        .order_by(*marks_in_order(mark))
    )


_MARKS: Final = _marks(Mark).where(is_shown(Mark))
_MARKS_THEN: Final = _marks(MarkThen)
_LESSONS: Final = (
    select(Lesson.id, Lesson.course_id, Lesson.date)
    .where(among(Lesson.course_id, "course_ids"), Lesson.date.between(*_SPAN), HELD)
    .order_by(*IN_ORDER)
)


def brought_to(
    session: Session,
    course: FrameOfCourse,
    members: Sequence[MemberOfCourse],
    starts_on: dt.date,
    ends_on: dt.date,
    as_of: dt.datetime | None = None,
    shown_at: dt.datetime = FOR_STAFF,
) -> Brought:
    """What members brought along to a course in a period. Asks nothing where all are in it from the year's start.

    And it asks for no marks where nobody left another course for this one. Who joined later brought nothing yet.
    `as_of`: the marks stand as they did then, those of the course's `elsewhere` too; the moves are today's.
    For a family the marks are those that it sees at the moment `shown_at`.
    """
    students = {one.student_id for one in members if one.since <= ends_on}
    rows = list(course.elsewhere)
    if not anybody_moved(members, course.starts_on, course.ends_on):
        return _with_elsewhere(Brought(Movement(())), rows, students, (starts_on, ends_on))
    every = movement_queries.of_course(session, course.id)
    movement = every.by(ends_on)
    moments = at(as_of) or {"shown_at": shown_at}
    came = _from_courses(session, movement, course.id, students, (starts_on, ends_on), moments)
    found = Brought(movement, came, every=every)
    places = {place for place in movement.left_courses(course.id) if place[0] in students}
    if places:
        rows += [row for row in _elsewhere_in(session, places, as_of) if (UUID(row[2]), UUID(row[1])) in places]
    return _with_elsewhere(found, rows, students, (starts_on, ends_on))


def _from_courses(
    session: Session,
    movement: Movement,
    course_id: UUID,
    students: Container[UUID],
    span: tuple[dt.date, dt.date],
    moments: Mapping[str, dt.datetime],
) -> dict[UUID, list[Source]]:
    former = _former(movement, course_id, students, span[0])
    if not former:
        return {}
    wanted = {"student_ids": set(former), **_in_courses(former, span), **moments}
    rows = session.execute(_MARKS_THEN if "as_of" in moments else _MARKS, wanted)
    marks = [BroughtMark._make(row) for row in rows]
    return {
        student_id: [
            Source(
                origin_of(one),
                [mark for mark in marks if (mark.student_id, mark.course_id) == (student_id, one.course_id)],
            )
            for one in courses
        ]
        for student_id, courses in former.items()
    }


def origin_of(course: OtherCourse) -> Origin:
    """A course that was left, as an origin of marks."""
    return Origin(course.title, course.class_name, course.until)


def _elsewhere_in(session: Session, places: Collection[tuple[UUID, UUID]], as_of: dt.datetime | None) -> list[Values]:
    students, courses = {student for student, _ in places}, {course for _, course in places}
    wanted = {"student_ids": students, "course_ids": courses, **at(as_of)}
    return session.execute(_OF_COURSES_THEN if as_of else _OF_COURSES, wanted).scalar_one() or []


def _with_elsewhere(
    found: Brought, rows: Iterable[Values], students: Container[UUID], span: tuple[dt.date, dt.date]
) -> Brought:
    """The same with marks of other schools, those of the period."""
    elsewhere = Elsewhere(rows)
    found.term_marks.extend(one for one in elsewhere.term_marks if one.student_id in students)
    by_origin: dict[tuple[UUID, Origin], list[BroughtMark]] = {}
    for mark in sorted(elsewhere.marks, key=attrgetter("date")):
        if mark.student_id in students and span[0] <= mark.date <= span[1]:
            by_origin.setdefault((mark.student_id, elsewhere.origins[mark.id]), []).append(mark)
    for (student_id, origin), marks in by_origin.items():
        found.sources.setdefault(student_id, []).append(Source(origin, marks))
    return found


def lessons_before(
    session: Session, course_id: UUID, students: Container[UUID], starts_on: dt.date, ends_on: dt.date
) -> dict[UUID, list[UUID]]:
    """Student → the lessons of the period that were the student's before the course was joined."""
    movement = movement_queries.of_course(session, course_id).by(ends_on)
    former = _former(movement, course_id, students, starts_on)
    rows = session.execute(_LESSONS, _in_courses(former, (starts_on, ends_on))).all() if former else []
    return {
        student_id: [row.id for one in courses for row in rows if row.course_id == one.course_id and one.has(row.date)]
        for student_id, courses in former.items()
    }


def _former(
    movement: Movement, course_id: UUID, students: Container[UUID], starts_on: dt.date
) -> dict[UUID, list[OtherCourse]]:
    """Student → the courses that were left for this one on `starts_on` or later."""
    moved = {student_id for student_id, _ in movement.left_courses(course_id) if student_id in students}
    found = {
        student_id: [one for one in movement.former(student_id, course_id) if one.until and one.until >= starts_on]
        for student_id in sorted(moved)
    }
    return {student_id: courses for student_id, courses in found.items() if courses}


def _in_courses(former: dict[UUID, list[OtherCourse]], span: tuple[dt.date, dt.date]) -> dict[str, Any]:
    courses = {one.course_id for courses in former.values() for one in courses}
    return {"course_ids": courses, "starts_on": span[0], "ends_on": span[1]}
