"""Selects the term marks that are set, and their history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple, Protocol, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from contracts.gradebook.term_marks import SET, TERM, YEAR
from kernel.data.among import among
from services.gradebook.as_it_stood import AS_OF, as_it_stood, at
from services.gradebook.brought.queries import STANDING, STANDING_THEN
from services.gradebook.brought.tables import OtherSchoolMark
from services.gradebook.calendar.tables import Term, Year
from services.gradebook.courses.tables import Course, CourseMember
from services.gradebook.people.tables import StudentCopy
from services.gradebook.term_marks.tables import TermMark, TermMarkRevision, TermSheet, TermSheetStep

#: The term marks as they stood at the moment `AS_OF`; of what families were shown first `_shown_then` says it.
TermMarkThen: Final = as_it_stood(
    TermMark,
    TermMarkRevision,
    "term_mark_id",
    ("value", "computed", "reason", "comment", "version", "set_by", "set_at"),
    when="set_at",
)


def _handed_in_then() -> ColumnElement[bool]:
    """Whether a `TermMarkThen` had been handed in: the marks of its class, or of another one if that has none there."""
    own = aliased(TermSheet)
    class_id = (
        select(StudentCopy.class_id)
        .where(StudentCopy.student_id == TermMarkThen.student_id)
        .correlate(TermMarkThen)
        .scalar_subquery()
    )
    steps = select(TermSheetStep.sheet_id).where(TermSheetStep.state == SET, TermSheetStep.changed_at <= AS_OF)
    has_own = exists().where(_at_place(own), own.class_id == class_id).correlate(TermMarkThen)
    of_class = or_(TermSheet.class_id == class_id, ~has_own)
    return exists().where(_at_place(TermSheet), TermSheet.id.in_(steps), of_class).correlate(TermMarkThen)


def _at_place(sheet: Any) -> ColumnElement[bool]:
    """Whether a sheet is of the place of a `TermMarkThen`."""
    mark = TermMarkThen
    return and_(sheet.course_id == mark.course_id, sheet.term_id == mark.term_id, sheet.kind == mark.kind)


_HANDED_IN_THEN: Final = _handed_in_then()
#: What the family had been shown first of a `TermMarkThen`.
_SHOWN_THEN: Final = case((_HANDED_IN_THEN, TermMarkThen.first_shown)).label("first_shown")


def _set(mark: Any, shown: Any) -> Select[*tuple[Any, ...]]:
    """Selects the columns of a term mark that answers show, of the table or of an alias of it."""
    return select(
        mark.id,
        mark.course_id,
        mark.term_id,
        mark.kind,
        mark.student_id,
        mark.value,
        mark.computed,
        mark.reason,
        mark.comment,
        mark.version,
        mark.set_by,
        mark.set_at,
        shown,
    )


class SetMark(Protocol):
    """A term mark that is set, or that was taken back."""

    id: UUID
    course_id: UUID
    term_id: UUID
    kind: str
    student_id: UUID
    value: str | None
    computed: str | None
    reason: str
    comment: str
    version: int
    set_by: UUID
    set_at: dt.datetime
    first_shown: str | None


def _in_course(mark: Any, shown: Any) -> Select[*tuple[Any, ...]]:
    return _set(mark, shown).where(mark.course_id == bindparam("course_id"))


def _of_students(mark: Any, shown: Any) -> Select[*tuple[Any, ...]]:
    return _set(mark, shown).where(among(mark.student_id, "student_ids"), among(mark.course_id, "course_ids"))


_SET_IN_COURSE: Final = _in_course(TermMark, TermMark.first_shown)
_SET_IN_COURSE_THEN: Final = _in_course(TermMarkThen, _SHOWN_THEN)
_SET_OF_STUDENTS: Final = _of_students(TermMark, TermMark.first_shown)
_SET_OF_STUDENTS_THEN: Final = _of_students(TermMarkThen, _SHOWN_THEN)


def set_in_course(session: Session, course_id: UUID, as_of: dt.datetime | None = None) -> list[SetMark]:
    """The term and year marks of a course, of all its terms, also those that were taken back.

    As they stood at a moment, if one is given.
    """
    wanted = {"course_id": course_id, **at(as_of)}
    statement = _SET_IN_COURSE_THEN if as_of else _SET_IN_COURSE
    return list(cast("Sequence[SetMark]", session.execute(statement, wanted).all()))


def set_of_students(
    session: Session,
    student_ids: Collection[UUID],
    course_ids: Collection[UUID],
    as_of: dt.datetime | None = None,
) -> list[SetMark]:
    """The term and year marks of students in these courses, also those that were taken back; or those of a moment."""
    wanted = {"student_ids": student_ids, "course_ids": course_ids, **at(as_of)}
    statement = _SET_OF_STUDENTS_THEN if as_of else _SET_OF_STUDENTS
    return list(cast("Sequence[SetMark]", session.execute(statement, wanted).all()))


def set_at_places(
    session: Session, places: Collection[tuple[UUID, UUID]], as_of: dt.datetime | None = None
) -> list[SetMark]:
    """The term and year marks of students in courses, each with its course; asks nothing where there are none."""
    if not places:
        return []
    students, courses = {student_id for student_id, _ in places}, {course_id for _, course_id in places}
    found = set_of_students(session, students, courses, as_of)
    return [one for one in found if (one.student_id, one.course_id) in places]


class MarkBefore(NamedTuple):
    """A term or year mark of an earlier year, in a course of the subject of a present one."""

    #: The present course.
    course_id: UUID
    student_id: UUID
    term_id: UUID
    kind: str
    value: str
    #: Null for what the family was not shown.
    first_shown: str | None
    term: str
    ends_on: dt.date
    year: str
    #: The title of the course in which it stands, and the last day of its year.
    title: str
    until: dt.date
    #: Whether both courses are of a class, or both of students of several classes.
    alike: bool
    #: The day on which the student joined that course; null for a mark of another school.
    joined: dt.date | None
    #: Of a mark of another school, else empty.
    school: str
    document: str


_This: Final = aliased(Course, name="this_course")
#: From the last day of a year to the first one of the next.
_LONGEST_BREAK: Final = dt.timedelta(days=182)


def _before(mark: Any, kind: Any, shown: Any, *more: Any) -> Select[*tuple[Any, ...]]:
    """The columns of `MarkBefore`, `more` being the last three; `mark` is a table, or an alias of it."""
    return (
        select(
            _This.id.label("course_id"),
            mark.student_id,
            mark.term_id,
            kind.label("kind"),
            mark.value,
            shown.label("first_shown"),
            Term.title.label("term"),
            Term.ends_on,
            Year.title.label("year"),
            Course.title,
            Year.ends_on.label("until"),
            (Course.class_id.is_(None) == _This.class_id.is_(None)).label("alike"),
            *more,
        )
        .join(Course, Course.id == mark.course_id)
        .join(_This, _This.subject_id == Course.subject_id)
        .join(Year, Year.id == Course.year_id)
        .join(Term, Term.id == mark.term_id)
        .where(
            among(mark.student_id, "student_ids"),
            among(_This.id, "course_ids"),
            Year.ends_on.between(bindparam("first"), bindparam("last")),
        )
    )


def _set_before(mark: Any) -> Select[*tuple[Any, ...]]:
    joined = (
        select(func.max(CourseMember.since))
        .where(CourseMember.course_id == mark.course_id, CourseMember.student_id == mark.student_id)
        .correlate(mark)
        .scalar_subquery()
    )
    nowhere_else = literal("").label("school"), literal("").label("document")
    found = _before(mark, mark.kind, mark.first_shown, joined.label("joined"), *nowhere_else)
    return found.where(mark.kind.in_((TERM, YEAR)), mark.value.is_not(None))


def _elsewhere_before(standing: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    mark = OtherSchoolMark
    never_joined = literal(None, Date).label("joined")
    return _before(mark, literal(TERM), mark.value, never_joined, mark.school, mark.document).where(standing)


_BEFORE: Final = union_all(_set_before(TermMark), _elsewhere_before(STANDING))
_BEFORE_THEN: Final = union_all(_set_before(TermMarkThen), _elsewhere_before(STANDING_THEN))


def of_the_year_before(
    session: Session,
    student_ids: Collection[UUID],
    course_ids: Collection[UUID],
    starts_on: dt.date,
    as_of: dt.datetime | None = None,
) -> list[MarkBefore]:
    """The term and year marks of students in the subjects of these courses, in the year before that of `starts_on`.

    That is one that ended at most half a year earlier. Those of other schools are first, then those that were set, in
    the order in which their courses were joined; all as they stood at a moment, if one is given.
    """
    span = {"first": starts_on - _LONGEST_BREAK, "last": starts_on - dt.timedelta(days=1)}
    wanted = {"student_ids": student_ids, "course_ids": course_ids, **span, **at(as_of)}
    rows = session.execute(_BEFORE_THEN if as_of else _BEFORE, wanted)
    found = (MarkBefore._make(row) for row in rows)
    return sorted(found, key=lambda one: (not one.school, one.joined or dt.date.min, one.title))


class ShownToFamily(Protocol):
    """A term mark that the family sees."""

    course_id: UUID
    term_id: UUID
    kind: str
    value: str
    comment: str
    first_shown: str


def _of_family(mark: Any) -> Select[*tuple[Any, ...]]:
    return select(mark.course_id, mark.term_id, mark.kind, mark.value, mark.comment, mark.first_shown).where(
        mark.student_id == bindparam("student"), mark.value.is_not(None), mark.first_shown.is_not(None)
    )


_OF_FAMILY: Final = _of_family(TermMark)
_OF_FAMILY_THEN: Final = _of_family(TermMarkThen).where(_HANDED_IN_THEN)


def shown_to_family(session: Session, student_id: UUID, as_of: dt.datetime | None = None) -> Sequence[ShownToFamily]:
    """The term marks of a student that were handed in; as they stood at a moment, if one is given."""
    wanted = {"student": student_id, **at(as_of)}
    rows = session.execute(_OF_FAMILY_THEN if as_of else _OF_FAMILY, wanted).all()
    return cast("Sequence[ShownToFamily]", rows)


_REVISIONS: Final = (
    select(
        TermMarkRevision.version,
        TermMarkRevision.value,
        TermMarkRevision.computed,
        TermMarkRevision.reason,
        TermMarkRevision.comment,
        TermMarkRevision.set_by,
        TermMarkRevision.set_at,
    )
    .join(TermMark, TermMark.id == TermMarkRevision.term_mark_id)
    .where(
        TermMark.course_id == bindparam("course_id"),
        TermMark.term_id == bindparam("term_id"),
        TermMark.kind == bindparam("kind"),
        TermMark.student_id == bindparam("student"),
    )
    .order_by(TermMarkRevision.version)
)


def revisions(session: Session, course_id: UUID, term_id: UUID, kind: str, student_id: UUID) -> Sequence[RowMapping]:
    """Every state of a student's mark of a kind in a course, first to last."""
    wanted = {"course_id": course_id, "term_id": term_id, "kind": kind, "student": student_id}
    return session.execute(_REVISIONS, wanted).mappings().all()


def notices(session: Session, term_mark_ids: Collection[UUID]) -> Sequence[RowMapping]:
    """The facts of notices about term marks: the present and the previous value."""
    if not term_mark_ids:
        return []
    before = aliased(TermMarkRevision)
    wanted = (
        select(
            TermMark.id.label("term_mark_id"),
            TermMark.student_id,
            Course.title,
            Term.title.label("term"),
            TermMark.kind,
            TermMark.value,
            before.value.label("previous"),
            TermMark.comment,
        )
        .join(Course, Course.id == TermMark.course_id)
        .join(Term, Term.id == TermMark.term_id)
        .outerjoin(before, and_(before.term_mark_id == TermMark.id, before.version == TermMark.version - 1))
        .where(among(TermMark.id, "term_mark_ids"))
        .order_by(TermMark.id)
    )
    return session.execute(wanted, {"term_mark_ids": term_mark_ids}).mappings().all()
