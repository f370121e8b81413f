"""Selects entries of timetables, their edits, and what their lessons need."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple, Protocol, cast
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, bindparam, exists, false, func, literal, or_, select
from sqlalchemy.orm import Session

from kernel.data.among import among
from kernel.errors import Conflict
from services.gradebook.bells.rules.bells import YearBells
from services.gradebook.calendar.rules.year_calendar import calendar_of
from services.gradebook.calendar.tables import Year
from services.gradebook.classrooms.tables import Classroom
from services.gradebook.courses.queries import GRADE_OF_COURSE, TIES, CourseClass, Tied, teachers_beside, teachers_of
from services.gradebook.courses.rules.teaching import teaches_on
from services.gradebook.courses.tables import Course, CourseMember, CourseTeacher, Curriculum, Subject
from services.gradebook.gathered import Values
from services.gradebook.homework.tables import HomeworkDetail, LessonNote
from services.gradebook.lessons.rules.states import State
from services.gradebook.lessons.tables import CheckedLesson, Lesson
from services.gradebook.marks.tables import Work
from services.gradebook.people.tables import StudentCopy
from services.gradebook.plans.tables import AssociationHead, CourseTopic, Plan, PlanCourse
from services.gradebook.timetable.rules.conflicts import Needs
from services.gradebook.timetable.rules.edits import Edit
from services.gradebook.timetable.rules.entries import Entry
from services.gradebook.timetable.rules.laying import Change, Existing, Place, Planned
from services.gradebook.timetable.rules.made import Kind, Made, Thing
from services.gradebook.timetable.tables import DayChange, TimetableEdit, TimetableEntry

#: The newest edits that people are shown.
_SHOWN_EDITS: Final = 50

_ENTRY: Final = (
    TimetableEntry.id,
    TimetableEntry.course_id,
    TimetableEntry.weekday,
    TimetableEntry.number,
    TimetableEntry.week,
    TimetableEntry.valid_from,
    TimetableEntry.valid_until,
    TimetableEntry.classroom_id,
    TimetableEntry.teacher_id,
)
_ENTRIES: Final = (
    select(*_ENTRY)
    .where(TimetableEntry.year_id == bindparam("year_id"))
    .order_by(TimetableEntry.weekday, TimetableEntry.number, TimetableEntry.week, TimetableEntry.id)
)
_HOLDS: Final = or_(TimetableEntry.valid_until.is_(None), TimetableEntry.valid_until >= bindparam("day"))
_HOLDS_ON: Final = and_(TimetableEntry.valid_from <= bindparam("day"), _HOLDS)


# --- entries ---------------------------------------------------------------------------------------


def entries_of(
    session: Session,
    year_id: UUID,
    day: dt.date,
    *,
    class_id: UUID | None = None,
    teacher_id: UUID | None = None,
    classroom_id: UUID | None = None,
) -> list[Entry]:
    """The entries of a year that hold on a day, of a class, a teacher, a classroom, or all of them."""
    wanted: list[ColumnElement[bool]] = []
    if class_id is not None:
        wanted.append(_of_course(or_(Course.class_id == class_id, _has_members_of(class_id))))
    if teacher_id is not None:
        own = exists().where(
            CourseTeacher.course_id == TimetableEntry.course_id,
            CourseTeacher.teacher_id == teacher_id,
            or_(CourseTeacher.since.is_(None), CourseTeacher.since <= day),
            or_(CourseTeacher.until.is_(None), CourseTeacher.until >= day),
        )
        wanted.append(or_(TimetableEntry.teacher_id == teacher_id, and_(TimetableEntry.teacher_id.is_(None), own)))
    if classroom_id is not None:
        wanted.append(TimetableEntry.classroom_id == classroom_id)
    rows = session.execute(_ENTRIES.where(_HOLDS_ON, *wanted), {"year_id": year_id, "day": day})
    return [Entry(*row) for row in rows]


def _of_course(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Course.id == TimetableEntry.course_id, condition)


def _has_members_of(class_id: UUID) -> ColumnElement[bool]:
    """Whether students of a class are in the `Course` of the enclosing query, which is one across classes."""
    return and_(
        Course.class_id.is_(None),
        exists()
        .where(
            CourseMember.course_id == Course.id,
            StudentCopy.student_id == CourseMember.student_id,
            StudentCopy.class_id == class_id,
        )
        .correlate(Course),
    )


_HOLDING_FROM: Final = _ENTRIES.where(_HOLDS)
_ENTRIES_AMONG: Final = _ENTRIES.where(among(TimetableEntry.id, "entry_ids"))
_ENTRIES_OF_COURSES: Final = _ENTRIES.where(among(TimetableEntry.course_id, "course_ids"))


def entries_from(session: Session, year_id: UUID, day: dt.date, slots: Collection[tuple[int, int]]) -> list[Entry]:
    """The entries that hold on a day or later, at these weekdays and numbers."""
    rows = session.execute(_HOLDING_FROM, {"year_id": year_id, "day": day})
    return [Entry(*row) for row in rows if (row.weekday, row.number) in slots]


def entries_since(session: Session, year_id: UUID, day: dt.date) -> list[Entry]:
    """The entries of a year that hold on a day or later."""
    return [Entry(*row) for row in session.execute(_HOLDING_FROM, {"year_id": year_id, "day": day})]


def entries_among(session: Session, year_id: UUID, entry_ids: Collection[UUID]) -> dict[UUID, Entry]:
    """These entries of a year, by id; those that there are not are left out."""
    rows = session.execute(_ENTRIES_AMONG, {"year_id": year_id, "entry_ids": entry_ids})
    return {row.id: Entry(*row) for row in rows}


def entries_of_courses(session: Session, year_id: UUID, course_ids: Collection[UUID]) -> list[Entry]:
    """The entries of courses of a year, of all times."""
    rows = session.execute(_ENTRIES_OF_COURSES, {"year_id": year_id, "course_ids": course_ids})
    return [Entry(*row) for row in rows]


_IS_KEPT: Final = select(exists().where(TimetableEntry.school_id.is_not(None)))


def is_kept(session: Session) -> bool:
    """Whether the school keeps a timetable of any year."""
    return bool(session.execute(_IS_KEPT).scalar_one())


# --- edits -----------------------------------------------------------------------------------------


class EditRow(Protocol):
    """An edit, by whom and when."""

    version: int
    what: str
    undoes: int | None
    before: list[dict[str, Any]]
    after: list[dict[str, Any]]
    made: dict[str, list[str]] | None
    edited_by: UUID | None
    edited_at: dt.datetime


_VERSION: Final = select(func.coalesce(func.max(TimetableEdit.version), 0)).where(
    TimetableEdit.year_id == bindparam("year_id")
)
_EDITS: Final = (
    select(
        TimetableEdit.version, TimetableEdit.what, TimetableEdit.undoes, TimetableEdit.before, TimetableEdit.after,
        TimetableEdit.made, TimetableEdit.edited_by, TimetableEdit.edited_at,
    )
    .where(TimetableEdit.year_id == bindparam("year_id"))
    .order_by(TimetableEdit.version.desc())
)  # fmt: skip
_LAST_EDITS: Final = _EDITS.limit(_SHOWN_EDITS)
_LATER_EDITS: Final = _EDITS.where(TimetableEdit.version > bindparam("version"))
_EDIT: Final = _EDITS.where(
    or_(TimetableEdit.version == bindparam("version"), TimetableEdit.undoes == bindparam("version"))
)


def version(session: Session, year_id: UUID) -> int:
    """The version of a year's timetable: how often it was edited."""
    return session.execute(_VERSION, {"year_id": year_id}).scalar_one()


def last_edits(session: Session, year_id: UUID) -> Sequence[EditRow]:
    """The last edits of a year's timetable, newest first."""
    return cast("Sequence[EditRow]", session.execute(_LAST_EDITS, {"year_id": year_id}).all())


def edits_since(session: Session, year_id: UUID, seen: int) -> Sequence[EditRow]:
    """The edits after a version, newest first."""
    rows = session.execute(_LATER_EDITS, {"year_id": year_id, "version": seen}).all()
    return cast("Sequence[EditRow]", rows)


def edit(session: Session, year_id: UUID, number: int) -> EditRow:
    """An edit that nobody has taken back. Raises `Conflict`."""
    rows = cast("Sequence[EditRow]", session.execute(_EDIT, {"year_id": year_id, "version": number}).all())
    if len(rows) != 1 or rows[0].version != number:
        raise Conflict("This edit of the timetable was taken back already.", rule="no-such-edit", field="edit")
    return rows[0]


def edit_of_row(row: EditRow) -> Edit:
    """The edit in a row."""
    return Edit(*(tuple(msgspec.convert(one, Entry, strict=False) for one in side) for side in (row.before, row.after)))


def made_by(row: EditRow) -> Made:
    """What an edit made."""
    return Made(**{name: tuple(UUID(one) for one in ids) for name, ids in (row.made or {}).items()})


# --- what lessons need -----------------------------------------------------------------------------


class CourseOfTimetable(Tied, Protocol):
    """A course with its hours a week, its teachers, the person's ties and by what calendar it goes."""

    id: UUID
    title: str
    subject: str
    class_id: UUID | None
    subject_id: UUID
    group_name: str
    kept_here: bool
    version: int
    grade: int | None
    division: str
    #: By the course, else by the curriculum; None where neither says.
    hours: Decimal | None
    #: For `courses.queries.teachers_of`.
    teachers: list[Values]


_COURSES: Final = (
    select(
        Course.id, Course.title, Subject.name.label("subject"), Course.subject_id, Course.class_id, Course.group_name,
        Course.kept_here, Course.version, GRADE_OF_COURSE.label("grade"), Course.division,
        func.coalesce(Course.hours_a_week, Curriculum.hours).label("hours"),
        teachers_beside().label("teachers"), *TIES,
    )
    .join(Subject, Subject.id == Course.subject_id)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .outerjoin(
        Curriculum,
        and_(
            Curriculum.year_id == Course.year_id,
            Curriculum.subject_id == Course.subject_id,
            Curriculum.grade == GRADE_OF_COURSE,
        ),
    )
    .where(Course.year_id == bindparam("year_id"))
    .order_by(Course.title, Course.id)
)  # fmt: skip
_COURSES_AMONG: Final = _COURSES.where(among(Course.id, "course_ids"))
_MEMBERS: Final = (
    select(CourseMember.course_id, CourseMember.student_id, StudentCopy.class_id)
    .outerjoin(
        StudentCopy,
        and_(StudentCopy.school_id == CourseMember.school_id, StudentCopy.student_id == CourseMember.student_id),
    )
    .where(
        among(CourseMember.course_id, "course_ids"),
        CourseMember.since <= bindparam("day"),
        or_(CourseMember.until.is_(None), CourseMember.until >= bindparam("day")),
    )
)


def courses(
    session: Session, year_id: UUID, person_id: UUID | None, course_ids: Collection[UUID] | None = None
) -> dict[UUID, CourseOfTimetable]:
    """The courses of a year by id, in order of their titles; only those of `course_ids`, where that is given."""
    wanted: dict[str, Any] = {"year_id": year_id, "person_id": person_id}
    if course_ids is None:
        rows = session.execute(_COURSES, wanted).all()
    else:
        rows = session.execute(_COURSES_AMONG, {**wanted, "course_ids": course_ids}).all()
    return {row.id: row for row in cast("Sequence[CourseOfTimetable]", rows)}


def needs(
    session: Session, courses: Mapping[UUID, CourseOfTimetable], day: dt.date, bells: YearBells
) -> dict[UUID, Needs]:
    """What the lessons of courses need on a day; the bells say which classes are of which shift."""
    students: defaultdict[UUID, set[UUID]] = defaultdict(set)
    classes: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for row in session.execute(_MEMBERS, {"course_ids": list(courses), "day": day}):
        students[row.course_id].add(row.student_id)
        if row.class_id is not None:
            classes[row.course_id].add(row.class_id)
    goes_by = {(course.grade, course.division) for course in courses.values()}
    weeks = {one: frozenset(calendar_of(bells.calendar, *one).week) for one in goes_by}
    return {
        course.id: Needs(
            frozenset(teachers_on(course, day)), frozenset(students[course.id]), course.class_id, course.group_name,
            course.hours, bells.shift_of_classes([course.class_id] if course.class_id else classes[course.id]),
            weeks[course.grade, course.division],
        )
        for course in courses.values()
    }  # fmt: skip


def teachers_on(course: CourseOfTimetable, day: dt.date) -> list[UUID]:
    """Those who teach a course on a day."""
    return [one.teacher_id for one in teachers_of(course.teachers) if teaches_on(one.since, one.until, day)]


def shared_classrooms(session: Session) -> frozenset[UUID]:
    """The classrooms that hold several classes at once."""
    return frozenset(session.scalars(select(Classroom.id).where(Classroom.shared)))


# --- lessons ---------------------------------------------------------------------------------------


class ToBeLaid(NamedTuple):
    """A course whose lessons follow from the timetable, and by what calendar it goes."""

    id: UUID
    grade: int | None
    division: str


class ExistingRow(Protocol):
    """A lesson that there is, and whether something was entered in it."""

    id: UUID
    course_id: UUID
    date: dt.date
    number: int | None
    entry_id: UUID | None
    classroom_id: UUID | None
    teacher_id: UUID | None
    state: str
    moved_to: dt.date | None
    moved_number: int | None
    reason: str
    filled: bool


_CALENDARS: Final = (
    select(Course.id, GRADE_OF_COURSE.label("grade"), Course.division)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .where(among(Course.id, "course_ids"))
)
_LOCK_COURSES: Final = (
    select(Course.id).where(among(Course.id, "course_ids")).order_by(Course.id).with_for_update(key_share=True)
)
_LOCK_LESSONS: Final = (
    select(Lesson.id)
    .where(among(Lesson.course_id, "course_ids"), Lesson.date.between(bindparam("first"), bindparam("last")))
    .order_by(Lesson.id)
    .with_for_update(key_share=True)
)
#: Whether something was entered in a lesson: topic, homework and what goes with it, a note, a column of marks, a check.
_FILLED: Final = or_(
    Lesson.topic != "",
    Lesson.version > 1,
    exists().where(Work.lesson_id == Lesson.id).correlate(Lesson),
    exists().where(CheckedLesson.lesson_id == Lesson.id).correlate(Lesson),
    exists().where(HomeworkDetail.lesson_id == Lesson.id).correlate(Lesson),
    exists().where(LessonNote.lesson_id == Lesson.id).correlate(Lesson),
)
_EXISTING: Final = select(
    Lesson.id, Lesson.course_id, Lesson.date, Lesson.number, Lesson.entry_id, Lesson.classroom_id, Lesson.teacher_id,
    Lesson.state, Lesson.moved_to, Lesson.moved_number, Lesson.reason, _FILLED.label("filled"),
).where(
    among(Lesson.course_id, "course_ids"),
    Lesson.date.between(bindparam("first"), bindparam("last")),
)  # fmt: skip
_WITH_ENTRIES: Final = (
    select(Course.id)
    .where(
        Course.year_id == bindparam("year_id"),
        or_(
            exists().where(TimetableEntry.course_id == Course.id).correlate(Course),
            exists().where(Lesson.course_id == Course.id, Lesson.entry_id.is_not(None)).correlate(Course),
            exists().where(DayChange.course_id == Course.id).correlate(Course),
        ),
    )
    .order_by(Course.id)
)
_YEARS_FROM: Final = select(Year.id).where(Year.ends_on >= bindparam("day")).order_by(Year.starts_on, Year.id)


def to_be_laid(session: Session, course_ids: Collection[UUID]) -> list[ToBeLaid]:
    """Courses with what names their calendars."""
    return [ToBeLaid(*row) for row in session.execute(_CALENDARS, {"course_ids": course_ids})]


def existing_lessons(
    session: Session, course_ids: Collection[UUID], first: dt.date, last: dt.date
) -> dict[Place, Existing]:
    """The lessons of courses between two dates, by place, locked: nobody enters anything in them meanwhile."""
    wanted = {"course_ids": course_ids, "first": first, "last": last}
    session.execute(_LOCK_COURSES, {"course_ids": course_ids}).all()
    session.execute(_LOCK_LESSONS, wanted).all()
    rows = cast("Sequence[ExistingRow]", session.execute(_EXISTING, wanted).all())
    return {
        Place(row.course_id, row.date, row.number): Existing(
            row.id,
            Planned(
                row.entry_id, row.classroom_id, row.teacher_id, State(row.state), row.moved_to, row.moved_number,
                row.reason,
            ),
            bool(row.filled),
        )
        for row in rows
    }  # fmt: skip


_CHANGES: Final = select(
    DayChange.course_id, DayChange.date, DayChange.number, DayChange.version, DayChange.cancelled, DayChange.moved_to,
    DayChange.moved_number, DayChange.classroom_id, DayChange.teacher_id, DayChange.reason,
).where(
    among(DayChange.course_id, "course_ids"), DayChange.date.between(bindparam("first"), bindparam("last"))
)  # fmt: skip


class KeptChange(NamedTuple):
    """A change of a lesson, and its version."""

    version: int
    change: Change


def changes_of(
    session: Session, course_ids: Collection[UUID], first: dt.date, last: dt.date
) -> dict[Place, KeptChange]:
    """The changes of lessons of courses between two dates, by the places that the lessons have without them."""
    rows = session.execute(_CHANGES, {"course_ids": course_ids, "first": first, "last": last})
    return {
        Place(row.course_id, row.date, row.number): KeptChange(
            row.version,
            Change(
                row.cancelled, None if row.moved_to is None else (row.moved_to, row.moved_number), row.classroom_id,
                row.teacher_id, row.reason,
            ),
        )
        for row in rows
    }  # fmt: skip


_IS_FILLED: Final = select(_FILLED).where(Lesson.id == bindparam("lesson_id"))


def is_filled(session: Session, lesson_id: UUID) -> bool:
    """Whether something was entered in a lesson that there is."""
    return bool(session.execute(_IS_FILLED, {"lesson_id": lesson_id}).scalar_one())


def courses_with_entries(session: Session, year_id: UUID) -> list[UUID]:
    """The courses of a year whose lessons follow from the timetable, or did."""
    return list(session.scalars(_WITH_ENTRIES, {"year_id": year_id}))


def years_from(session: Session, day: dt.date) -> list[UUID]:
    """The years that have not ended before a day."""
    return list(session.scalars(_YEARS_FROM, {"day": day}))


# --- what files made -------------------------------------------------------------------------------


def _has(of: Any, key: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether rows refer by the column `of` to the row of `key` in the enclosing query."""
    return exists().where(of == key, *conditions).correlate(key.class_)


_COURSES_MADE: Final = select(
    Course.id, Course.title.label("name"), Course.version,
    or_(Course.version > 1, _has(DayChange.course_id, Course.id)).label("changed"),
    _has(TimetableEntry.course_id, Course.id).label("in_timetable"),
    _has(Lesson.course_id, Course.id, _FILLED).label("entered"),
    or_(_has(PlanCourse.course_id, Course.id), _has(CourseTopic.course_id, Course.id)).label("in_use"),
).where(among(Course.id, "ids")).order_by(Course.title, Course.id)  # fmt: skip
_SUBJECTS_MADE: Final = select(
    Subject.id, Subject.name, Subject.version, (Subject.version > 1).label("changed"), false().label("in_timetable"),
    false().label("entered"),
    or_(
        _has(Course.subject_id, Subject.id), _has(Curriculum.subject_id, Subject.id), _has(Plan.subject_id, Subject.id),
        _has(AssociationHead.subject_id, Subject.id),
    ).label("in_use"),
).where(among(Subject.id, "ids")).order_by(Subject.name, Subject.id)  # fmt: skip
_CLASSROOMS_MADE: Final = select(
    Classroom.id, Classroom.name, literal(1).label("version"), false().label("changed"),
    _has(TimetableEntry.classroom_id, Classroom.id).label("in_timetable"), false().label("entered"),
    or_(_has(Lesson.classroom_id, Classroom.id), _has(DayChange.classroom_id, Classroom.id)).label("in_use"),
).where(among(Classroom.id, "ids")).order_by(Classroom.name, Classroom.id)  # fmt: skip
_MADE: Final = {Kind.COURSE: _COURSES_MADE, Kind.SUBJECT: _SUBJECTS_MADE, Kind.CLASSROOM: _CLASSROOMS_MADE}


def things(session: Session, kind: Kind, ids: Collection[UUID]) -> list[Thing]:
    """Those of these things that there still are, with what stands on them."""
    rows = session.execute(_MADE[kind], {"ids": list(ids)}) if ids else ()
    return [Thing(kind, *row) for row in rows]
