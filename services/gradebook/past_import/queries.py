"""Selects what a file of the past is compared with, and the files that were taken; always in a constant number."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol, cast
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select, union
from sqlalchemy.orm import Session

from contracts.classes_in_years import years_between
from contracts.gradebook.calendar import year_at
from contracts.gradebook.past_import import KINDS
from contracts.gradebook.term_marks import CERTIFICATE, TERM
from kernel.data.among import among
from services.gradebook.brought.queries import STANDING
from services.gradebook.brought.tables import OtherSchoolMark
from services.gradebook.calendar import queries as calendar_queries
from services.gradebook.calendar.queries import SpanRow
from services.gradebook.calendar.rules.year_calendar import YearCalendar
from services.gradebook.calendar.tables import Term, Year
from services.gradebook.courses.queries import making as making_queries
from services.gradebook.courses.queries import subjects as subjects_queries
from services.gradebook.courses.queries.subjects import SubjectRow
from services.gradebook.courses.tables import Course, CourseMember, Subject
from services.gradebook.lessons.queries import HELD, IN_ORDER
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks import queries as marks_queries
from services.gradebook.marks.tables import Mark, Work
from services.gradebook.past_import.rules.plans import At, Present, Stay
from services.gradebook.past_import.tables import PastDayMark, PastImport, PastTermMark
from services.gradebook.people.tables import StudentCopy
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy.queries import SettingRow
from services.gradebook.rows import missing
from services.gradebook.term_marks import queries as term_marks_queries
from services.gradebook.term_marks.queries import SetMark
from services.gradebook.term_marks.tables import TermMark, TermSheet
from services.gradebook.term_results.queries import Sheet
from services.gradebook.timetable_import.tables import TimetableName

#: A course, a term and a kind of marks.
SheetPlace = tuple[UUID, UUID, str]


class CourseThen(Protocol):
    """A course of a year, of a class or across classes; its grade, if it has one of its own."""

    id: UUID
    title: str
    subject_id: UUID
    subject: str
    class_id: UUID | None
    group_name: str
    division: str
    grade: int | None


class LessonThere(NamedTuple):
    """A lesson of a day; one that is not held has its number all the same."""

    id: UUID
    number: int | None
    held: bool


class DayMark(NamedTuple):
    """A mark in a lesson; without value it was taken back."""

    id: UUID
    value: str | None
    version: int


class Days(NamedTuple):
    """The lessons of a class's courses on the days of a file, and the marks in them."""

    lessons: Mapping[tuple[UUID, dt.date], Sequence[LessonThere]]
    #: Lesson and student → the answer's mark, else any other one of the lesson.
    marks: Mapping[tuple[UUID, UUID], DayMark]
    #: Those of `marks` in columns of answers.
    answers: Mapping[tuple[UUID, UUID], DayMark]
    #: Lesson → its column of answers, where it has one.
    works: Mapping[UUID, UUID]
    #: The kind of work of answers in lessons; None where the school has none.
    kind_id: UUID | None


class Years(NamedTuple):
    """The school's years, and how many years later than the present one each begins; 0 while it goes on."""

    every: Sequence[SpanRow]
    on: Mapping[UUID, int]


class Found(NamedTuple):
    """What there is in a year for a class: courses, members, marks, and what is locked."""

    year: YearCalendar
    setting: SettingRow
    today: dt.date
    courses: Sequence[CourseThen]
    stays: Mapping[tuple[UUID, UUID], Sequence[Stay]]
    set: Mapping[At, SetMark]
    present: Mapping[At, Present]
    sheets: Mapping[SheetPlace, Sheet]
    subjects: Sequence[SubjectRow]
    #: (kind, folded name) → what it meant in an earlier file.
    remembered: Mapping[tuple[str, str], UUID]
    days: Days


_COURSES: Final = (
    select(
        Course.id, Course.title, Course.subject_id, Subject.name.label("subject"), Course.class_id, Course.group_name,
        Course.division, Course.grade,
    )
    .join(Subject, Subject.id == Course.subject_id)
    .where(Course.year_id == bindparam("year_id"))
    .order_by(Course.title, Course.id)
)  # fmt: skip
_COURSES_FOR: Final = _COURSES.where(or_(Course.class_id == bindparam("class_id"), Course.class_id.is_(None)))
_GRADES: Final = select(Course.class_id, Course.grade).where(
    Course.year_id == bindparam("year_id"), Course.class_id.is_not(None), Course.grade.is_not(None)
)
_STUDENTS: Final = union(
    select(StudentCopy.student_id).where(StudentCopy.class_id == bindparam("class_id")),
    select(CourseMember.student_id)
    .join(Course, Course.id == CourseMember.course_id)
    .where(Course.class_id == bindparam("class_id"), Course.year_id == bindparam("year_id")),
)
_SHEETS: Final = select(
    TermSheet.id, TermSheet.course_id, TermSheet.class_id, TermSheet.term_id, TermSheet.kind, TermSheet.state,
    TermSheet.version, TermSheet.changed_by, TermSheet.changed_at,
).where(TermSheet.class_id == bindparam("class_id"), among(TermSheet.course_id, "course_ids"))  # fmt: skip
_ELSEWHERE: Final = select(
    OtherSchoolMark.course_id, OtherSchoolMark.student_id, OtherSchoolMark.term_id, OtherSchoolMark.value
).where(among(OtherSchoolMark.course_id, "course_ids"), OtherSchoolMark.term_id.is_not(None), STANDING)
_OF_DAYS: Final = (among(Lesson.course_id, "course_ids"), Lesson.date.between(bindparam("first"), bindparam("last")))
_LESSONS: Final = (
    select(Lesson.id, Lesson.course_id, Lesson.date, Lesson.number, HELD.label("held"))
    .where(*_OF_DAYS)
    .order_by(*IN_ORDER)
)
_WORKS: Final = (
    select(Work.lesson_id, Work.id)
    .join(Lesson, Lesson.id == Work.lesson_id)
    .where(*_OF_DAYS, Work.kind_id == bindparam("kind_id"), Work.source_id.is_(None))
)
_DAY_MARKS: Final = (
    select(Mark.lesson_id, Mark.student_id, Mark.work_id, Mark.id, Mark.value, Mark.version)
    .where(
        among(Mark.course_id, "course_ids"),
        among(Mark.student_id, "student_ids"),
        Mark.date.between(bindparam("first"), bindparam("last")),
    )
    .order_by(Mark.id)
)
_REMEMBERED: Final = select(TimetableName.kind, TimetableName.name, TimetableName.target_id).where(
    TimetableName.kind.in_(KINDS)
)


def years(session: Session) -> Years:
    """The school's years."""
    every, today = calendar_queries.years(session), policy_queries.today(session)
    present = year_at(every, today, lambda one: (one.starts_on, one.ends_on))
    return Years(every, {one.id: years_between(present.starts_on, one.starts_on) if present else 0 for one in every})


def grades_of_courses(session: Session, year_id: UUID) -> list[tuple[UUID | None, int | None]]:
    """Class and grade of each course of a year that has both."""
    return [(row.class_id, row.grade) for row in session.execute(_GRADES, {"year_id": year_id})]


def students(session: Session, year_id: UUID, class_id: UUID) -> list[UUID]:
    """The students of a class today, and those of its courses in a year."""
    return sorted(session.scalars(_STUDENTS, {"year_id": year_id, "class_id": class_id}))


def found(
    session: Session,
    year_id: UUID,
    class_id: UUID,
    student_ids: Collection[UUID],
    days: Collection[dt.date] = (),
    *,
    lock: bool = False,
) -> Found:
    """What there is in a year for a class and these students. Raises `NotFound` for the year.

    `lock` makes others who change courses, subjects or term marks of the year wait until the transaction ends.
    """
    if lock:
        making_queries.lock_year(session, year_id)
        making_queries.lock_courses(session, year_id)
    year, setting = calendar_queries.year_of(session, year_id), policy_queries.setting(session)
    wanted = {"year_id": year_id, "class_id": class_id}
    courses = cast("Sequence[CourseThen]", session.execute(_COURSES_FOR, wanted).all())
    course_ids = {one.id for one in courses}
    stays: defaultdict[tuple[UUID, UUID], list[Stay]] = defaultdict(list)
    for one in making_queries.memberships_of(session, course_ids):
        stays[one.course_id, one.student_id].append(Stay(one.since, one.until))
    marks = term_marks_queries.set_of_students(session, student_ids, course_ids)
    of_place = {At(one.course_id, one.student_id, one.term_id, one.kind): one for one in marks}
    present = {
        At(row.course_id, row.student_id, row.term_id, TERM): Present(row.value, 0)
        for row in session.execute(_ELSEWHERE, {"course_ids": course_ids})
    }
    for at, mark in of_place.items():
        if mark.value is not None or at not in present:
            present[at] = Present(mark.value, mark.version)
    return Found(
        year,
        setting,
        policy_queries.today_of(setting),
        courses,
        stays,
        of_place,
        present,
        sheets(session, class_id, course_ids),
        subjects_queries.subjects(session, lock=lock),
        {(row.kind, row.name): row.target_id for row in session.execute(_REMEMBERED)},
        _days(session, course_ids, student_ids, days),
    )


def _days(
    session: Session, course_ids: Collection[UUID], student_ids: Collection[UUID], days: Collection[dt.date]
) -> Days:
    """Lessons and marks from the first to the last of some days; asks nothing where there are none."""
    if not days:
        return Days({}, {}, {}, {}, None)
    kind_id = next((one.id for one in marks_queries.kinds(session) if one.is_answer), None)
    span = {"course_ids": course_ids, "first": min(days), "last": max(days)}
    lessons: defaultdict[tuple[UUID, dt.date], list[LessonThere]] = defaultdict(list)
    for row in session.execute(_LESSONS, span):
        lessons[row.course_id, row.date].append(LessonThere(row.id, row.number, bool(row.held)))
    works = {row.lesson_id: row.id for row in session.execute(_WORKS, {**span, "kind_id": kind_id})}
    others: dict[tuple[UUID, UUID], DayMark] = {}
    answers: dict[tuple[UUID, UUID], DayMark] = {}
    for mark in session.execute(_DAY_MARKS, {**span, "student_ids": student_ids}):
        is_answer = works.get(mark.lesson_id) == mark.work_id
        if is_answer or mark.value is not None:
            place, one = (mark.lesson_id, mark.student_id), DayMark(mark.id, mark.value, mark.version)
            (answers if is_answer else others)[place] = one
    standing = {key: one for key, one in answers.items() if one.value is not None or key not in others}
    return Days(lessons, {**others, **standing}, answers, works, kind_id)


# --- files that were taken -------------------------------------------------------------------------


class ImportRow(Protocol):
    """A file that was taken, and how many marks it brought."""

    id: UUID
    document: str
    year_id: UUID
    year: str
    class_id: UUID
    class_name: str
    marks: int
    taken_by: UUID
    taken_at: dt.datetime
    undone_by: UUID | None
    undone_at: dt.datetime | None


_MARKS_OF_IMPORT: Final = (
    select(func.count()).where(PastTermMark.import_id == PastImport.id).correlate(PastImport).scalar_subquery()
)
_DAY_MARKS_OF_IMPORT: Final = (
    select(func.count()).where(PastDayMark.import_id == PastImport.id).correlate(PastImport).scalar_subquery()
)
_IMPORTS: Final = (
    select(
        PastImport.id, PastImport.document, PastImport.year_id, Year.title.label("year"), PastImport.class_id,
        PastImport.class_name, (_MARKS_OF_IMPORT + _DAY_MARKS_OF_IMPORT).label("marks"), PastImport.taken_by,
        PastImport.taken_at, PastImport.undone_by, PastImport.undone_at,
    )
    .join(Year, Year.id == PastImport.year_id)
    .order_by(PastImport.taken_at.desc(), PastImport.id)
)  # fmt: skip
_IMPORT: Final = _IMPORTS.where(PastImport.id == bindparam("import_id"))
_LOCK: Final = select(PastImport.id).where(PastImport.id == bindparam("import_id")).with_for_update()
_BROUGHT: Final = (
    select(
        TermMark.id, TermMark.course_id, TermMark.term_id, TermMark.kind, TermMark.student_id, TermMark.value,
        TermMark.computed, TermMark.version, PastTermMark.version.label("brought_version"), Course.title,
        Term.title.label("term"),
    )
    .join(PastTermMark, PastTermMark.term_mark_id == TermMark.id)
    .join(Course, Course.id == TermMark.course_id)
    .join(Term, Term.id == TermMark.term_id)
    .where(PastTermMark.import_id == bindparam("import_id"))
    .order_by(Course.title, Term.starts_on, TermMark.id)
)  # fmt: skip
#: Marks of the year and of the certificate are made of others: of those of the same course, or of the year before.
_LATER: Final = (
    select(Course.title, Term.title.label("term"), TermMark.kind)
    .join(Course, Course.id == TermMark.course_id)
    .join(Term, Term.id == TermMark.term_id)
    .where(
        among(TermMark.student_id, "student_ids"),
        or_(among(TermMark.course_id, "course_ids"), TermMark.kind == CERTIFICATE),
        TermMark.kind != TERM,
        TermMark.value.is_not(None),
        TermMark.set_at > bindparam("taken_at"),
        TermMark.id.not_in(select(PastTermMark.term_mark_id).where(PastTermMark.import_id == bindparam("import_id"))),
    )
    .order_by(Course.title, Term.starts_on)
    .limit(1)
)


_BROUGHT_OF_DAYS: Final = (
    select(
        Mark.id, Mark.course_id, Mark.student_id, Mark.date, Mark.version,
        PastDayMark.version.label("brought_version"), Course.title, Course.division, Mark.date.label("term"),
    )
    .join(PastDayMark, PastDayMark.mark_id == Mark.id)
    .join(Course, Course.id == Mark.course_id)
    .where(PastDayMark.import_id == bindparam("import_id"))
    .order_by(Course.title, Mark.date, Mark.id)
)  # fmt: skip
#: Marks of a term are made of those of its days; those that files brought are not.
_LATER_THAN_DAYS: Final = (
    select(Course.title, Term.title.label("term"), TermMark.kind)
    .join(Course, Course.id == TermMark.course_id)
    .join(Term, Term.id == TermMark.term_id)
    .where(
        among(TermMark.student_id, "student_ids"),
        among(TermMark.course_id, "course_ids"),
        TermMark.value.is_not(None),
        TermMark.set_at > bindparam("taken_at"),
        TermMark.id.not_in(select(PastTermMark.term_mark_id)),
    )
    .order_by(Course.title, Term.starts_on)
    .limit(1)
)


class BroughtDayMark(Protocol):
    """A mark of a day that a file brought, as it is now; its `term` is the day."""

    id: UUID
    course_id: UUID
    student_id: UUID
    date: dt.date
    version: int
    brought_version: int
    title: str
    division: str
    term: dt.date


class BroughtMark(Protocol):
    """A term mark that a file brought, as it is now, and the version that it had then."""

    id: UUID
    course_id: UUID
    term_id: UUID
    kind: str
    student_id: UUID
    value: str | None
    computed: str | None
    version: int
    brought_version: int
    title: str
    term: str


class LaterMark(Protocol):
    """A mark of the year or of the certificate that was set since."""

    title: str
    term: str
    kind: str


def imports(session: Session) -> Sequence[ImportRow]:
    """The files that were taken, the last one first."""
    return cast("Sequence[ImportRow]", session.execute(_IMPORTS).all())


def locked_import(session: Session, import_id: UUID) -> ImportRow:
    """A file that was taken, which nobody else undoes until the transaction ends. Raises `NotFound`.

    Others who change term marks of its year wait as well.
    """
    if session.execute(_LOCK, {"import_id": import_id}).one_or_none() is None:
        raise missing("import", import_id)
    row = cast(ImportRow, session.execute(_IMPORT, {"import_id": import_id}).one())
    making_queries.lock_courses(session, row.year_id)
    return row


def brought(session: Session, import_id: UUID) -> Sequence[BroughtMark]:
    """The marks that a file brought, as they are now."""
    return cast("Sequence[BroughtMark]", session.execute(_BROUGHT, {"import_id": import_id}).all())


def brought_of_days(session: Session, import_id: UUID) -> Sequence[BroughtDayMark]:
    """The marks of days that a file brought, as they are now."""
    return cast("Sequence[BroughtDayMark]", session.execute(_BROUGHT_OF_DAYS, {"import_id": import_id}).all())


def later_mark(
    session: Session, taken: ImportRow, marks: Collection[BroughtMark], days: Collection[BroughtDayMark]
) -> LaterMark | None:
    """A mark that was set after a file was taken, of what it brought; None where none was."""
    of_terms = _later(session, _LATER, taken, marks) if marks else None
    return of_terms or (_later(session, _LATER_THAN_DAYS, taken, days) if days else None)


def _later(
    session: Session, statement: Any, taken: ImportRow, marks: Collection[BroughtMark] | Collection[BroughtDayMark]
) -> LaterMark | None:
    wanted = {
        "import_id": taken.id,
        "taken_at": taken.taken_at,
        "student_ids": {one.student_id for one in marks},
        "course_ids": {one.course_id for one in marks},
    }
    return cast("LaterMark | None", session.execute(statement, wanted).one_or_none())


def sheets(session: Session, class_id: UUID, course_ids: Collection[UUID]) -> dict[SheetPlace, Sheet]:
    """How far the marks of a class are in courses, where anything was done."""
    rows = session.execute(_SHEETS, {"class_id": class_id, "course_ids": course_ids}).all()
    return {(row.course_id, row.term_id, row.kind): cast(Sheet, row) for row in rows}
