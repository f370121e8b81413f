"""Selects what a new policy would change: a grade's marks of the present terms, and when its journals were kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from typing import Any, Final, NamedTuple, Protocol, cast
from uuid import UUID

from sqlalchemy import String, and_, bindparam, case, func, select
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import Session

from kernel.data.among import among
from services.gradebook.calendar import queries as calendar_queries
from services.gradebook.calendar.rules.school_days import SchoolCalendar
from services.gradebook.calendar.rules.year_calendar import calendar_of
from services.gradebook.calendar.tables import Term, Year
from services.gradebook.courses.queries import GRADE_OF_COURSE, CourseClass
from services.gradebook.courses.tables import Course, Subject
from services.gradebook.exact import plain
from services.gradebook.lessons.tables import Lesson, LessonRevision
from services.gradebook.marks.queries import kinds as kinds_of_work
from services.gradebook.marks.queries import only_if_helps
from services.gradebook.marks.rules.cells import stored_marks
from services.gradebook.marks.tables import KindOfWork, Mark, MarkRevision, Work
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy.queries import VersionRow
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import scale_at
from services.gradebook.timeliness.rules.breaches import ExpectedMark, HeldLesson, SetWork
from services.gradebook.voting.rules.preview import CourseRecord
from services.gradebook.voting.rules.scale_changes import Span

#: Most marks that a preview computes with, and most entries whose timeliness it looks at: of a grade, of the school.
MOST_OF_GRADE: Final = 20_000
MOST_OF_SCHOOL: Final = 200_000
_BEFORE_EVERYTHING: Final = dt.datetime.min.replace(tzinfo=dt.UTC)


class CourseOfTerm(Protocol):
    """A course of the newest year, with the span of its present term, or of its last one."""

    id: UUID
    title: str
    subject: str
    grade: int
    hours_a_week: Decimal | None
    year_id: UUID
    division: str
    starts_on: dt.date
    ends_on: dt.date


class Known(NamedTuple):
    """The versions of the school's policy."""

    #: The school's time zone, and its date.
    zone: str
    today: dt.date
    #: What a school has before its first version.
    usual: Policy
    adopted: list[Policy]
    draft: VersionRow | None
    #: The version that decides today.
    present: Policy

    @property
    def last(self) -> Policy:
        """The version that was adopted last, though it may not have begun yet."""
        return self.adopted[-1] if self.adopted else self.usual


_LAST_MARKED: Final = select(func.max(Mark.date)).where(Mark.value.is_not(None))
_TERMS: Final = select(Term.title, Term.starts_on, Term.ends_on).where(Term.ends_on >= bindparam("day"))
_NEWEST_YEAR: Final = select(func.max(Year.starts_on)).where(Year.starts_on <= bindparam("day")).scalar_subquery()
_COURSES: Final = (
    select(
        Course.id,
        Course.title,
        Subject.name.label("subject"),
        GRADE_OF_COURSE.label("grade"),
        Course.hours_a_week,
        Course.year_id,
        Course.division,
        Term.starts_on,
        Term.ends_on,
    )
    .join(Subject, Subject.id == Course.subject_id)
    .join(Year, Year.id == Course.year_id)
    .join(Term, and_(Term.year_id == Course.year_id, Term.division == Course.division))
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .where(Year.starts_on == _NEWEST_YEAR, Term.starts_on <= bindparam("day"), GRADE_OF_COURSE.is_not(None))
    .order_by(Course.title, Course.id, Term.starts_on)
)
_SPAN: Final[tuple[Any, Any]] = (bindparam("starts_on"), bindparam("ends_on"))
_MARKS: Final = (
    select(Mark.course_id, Mark.student_id, Mark.value, Mark.kind_id, Mark.date, only_if_helps(Mark))
    .where(among(Mark.course_id, "course_ids"), Mark.date.between(*_SPAN), Mark.value.is_not(None))
    .order_by(Mark.course_id, Mark.student_id, Mark.date, Mark.number, Mark.id)
    .limit(bindparam("most") + 1)
)
_STATE_OF_MARKS: Final = (
    select(Mark.work_id, Mark.kind_id, Mark.course_id, Mark.date, func.count(), func.sum(Mark.version),
           func.max(cast_to(Mark.id, String)), func.sum(case((only_if_helps(Mark), 1), else_=0)))
    .where(among(Mark.course_id, "course_ids"), Mark.date.between(*_SPAN))
    .group_by(Mark.work_id, Mark.kind_id, Mark.course_id, Mark.date)
    .order_by(Mark.work_id, Mark.kind_id, Mark.course_id, Mark.date)
)  # fmt: skip
_STATE_OF_LESSONS: Final = (
    select(Lesson.course_id, Lesson.date, func.count(), func.sum(Lesson.version), func.max(cast_to(Lesson.id, String)))
    .where(among(Lesson.course_id, "course_ids"), Lesson.date.between(*_SPAN))
    .group_by(Lesson.course_id, Lesson.date)
    .order_by(Lesson.course_id, Lesson.date)
)
_OF_PERSON: Final = LessonRevision.changed_by.is_not(None)
_LESSONS: Final = (
    select(
        Lesson.id,
        Lesson.course_id,
        Lesson.date,
        Lesson.topic,
        Lesson.homework,
        func.min(LessonRevision.changed_at).filter(LessonRevision.topic != "", _OF_PERSON).label("topic_at"),
        func.min(LessonRevision.changed_at).filter(LessonRevision.homework != "", _OF_PERSON).label("homework_at"),
    )
    .join(LessonRevision, LessonRevision.lesson_id == Lesson.id)
    .where(among(Lesson.course_id, "course_ids"), Lesson.date.between(*_SPAN))
    .group_by(Lesson.school_id, Lesson.id)
    .order_by(Lesson.date, Lesson.id)
    .limit(bindparam("most"))
)
_WORKS: Final = (
    select(
        Work.id,
        Work.lesson_id,
        Mark.course_id,
        Mark.date,
        Mark.student_id,
        KindOfWork.name.label("kind"),
        func.min(MarkRevision.changed_at).label("marked_at"),
    )
    .join(Work, Work.id == Mark.work_id)
    .join(KindOfWork, KindOfWork.id == Work.kind_id)
    .join(MarkRevision, MarkRevision.mark_id == Mark.id)
    .where(among(Mark.course_id, "course_ids"), Mark.date.between(*_SPAN), Work.source_id.is_(None))
    .group_by(Work.school_id, Work.id, Mark.school_id, Mark.id, KindOfWork.school_id, KindOfWork.id)
    .order_by(Work.id, Mark.id)
    .limit(bindparam("most"))
)


def known(session: Session) -> Known:
    """The school's versions."""
    setting, rows = policy_queries.setting(session), policy_queries.versions(session)
    zone, today = policy_queries.zone_of(setting), policy_queries.today_of(setting)
    adopted = policy_queries.policies(session, [row for row in rows if row.valid_from is not None], zone)
    draft = next((row for row in rows if row.valid_from is None), None)
    present = policy_queries.policy_on(session, setting, today)
    return Known(zone, today, policy_queries.default_of(setting), adopted, draft, present)


def kinds(session: Session) -> list[tuple[str, Decimal]]:
    """The names of the school's kinds of work, and the weights of their marks."""
    return [(kind.name, Decimal(plain(kind.weight))) for kind in kinds_of_work(session)]


def last_marked(session: Session) -> dt.date | None:
    """The last day on which a mark stands."""
    return session.scalar(_LAST_MARKED)


def terms_from(session: Session, day: dt.date) -> list[Span]:
    """The terms of all divisions that end on a day or later."""
    return [Span(*row) for row in session.execute(_TERMS, {"day": day})]


def courses(session: Session, today: dt.date) -> list[CourseOfTerm]:
    """The courses of the newest year that has begun, by title, each with the last of its terms that has begun."""
    rows = cast("Sequence[CourseOfTerm]", session.execute(_COURSES, {"day": today}).all())
    latest = {row.id: row for row in rows}
    return list(latest.values())


def records(
    session: Session, chosen: Sequence[CourseOfTerm], policy: Policy, most: int
) -> tuple[Iterator[CourseRecord], bool]:
    """The students' marks of these courses in their terms, read by a policy's scale; and whether there are more.

    The policy names every kind of work that the school uses. The records are made as they are read, from rows that are
    selected before: whoever reads them needs no session.
    """
    if not chosen:
        return iter(()), False
    rows = session.execute(_MARKS, {**_span(chosen), "most": most}).all()
    names = {kind.id: kind.name for kind in kinds_of_work(session)}
    return _records(rows[:most], chosen, policy, names), len(rows) > most


def _records(
    rows: Sequence[Any], chosen: Sequence[CourseOfTerm], policy: Policy, names: dict[UUID, str]
) -> Iterator[CourseRecord]:
    by_id = {course.id: course for course in chosen}
    codes = {kind.name: kind.code for kind in policy.kinds}
    for (course_id, student_id), marks in groupby(rows, lambda row: (row.course_id, row.student_id)):
        course = by_id[course_id]
        place = Place(course.grade, course.subject)
        scale, step = scale_at(policy, place), policy.scales.sign.at(place).value
        given = tuple(
            replace(one, only_if_helps=True) if row.only_if_helps else one
            for row in marks
            if course.starts_on <= row.date <= course.ends_on
            for one in stored_marks(row.value, scale, step, None, codes[names[row.kind_id]])
        )
        if given:
            hours = course.hours_a_week or Decimal(0)
            yield CourseRecord(str(student_id), str(course_id), place, hours, given)


def state_of_marks(session: Session, chosen: Sequence[CourseOfTerm]) -> list[tuple[Any, ...]]:
    """What is another one as soon as a mark of these courses is: columns, what is said of them, versions of marks."""
    return [tuple(row) for row in session.execute(_STATE_OF_MARKS, _span(chosen))]


def state_of_lessons(session: Session, chosen: Sequence[CourseOfTerm], today: dt.date) -> list[tuple[Any, ...]]:
    """Likewise of the lessons up to today, with their topics and homework."""
    return [tuple(row) for row in session.execute(_STATE_OF_LESSONS, _span(chosen, today))]


def lessons(session: Session, chosen: Sequence[CourseOfTerm], today: dt.date, most: int) -> tuple[HeldLesson, ...]:
    """The lessons of these courses with the instants at which their records were first there, as far as they are known.

    What an import brought counts as entered in time, and so does homework that is not there, as nobody can say yet that
    there is none; attendance is kept elsewhere.
    """
    by_id = {course.id: course for course in chosen}
    return tuple(
        HeldLesson(
            ref=str(row.id),
            teacher="",
            day=row.date,
            place=Place(by_id[row.course_id].grade, by_id[row.course_id].subject),
            topic_at=row.topic_at or (_BEFORE_EVERYTHING if row.topic else None),
            homework_at=row.homework_at or _BEFORE_EVERYTHING,
            attendance_at=_BEFORE_EVERYTHING,
        )
        for row in session.execute(_LESSONS, {**_span(chosen, today), "most": most}).all()
    )


def works(
    session: Session, chosen: Sequence[CourseOfTerm], today: dt.date, policy: Policy, most: int
) -> tuple[SetWork, ...]:
    """The columns of these courses that have marks, with the instants at which each was set."""
    by_id = {course.id: course for course in chosen}
    codes = {kind.name: kind.code for kind in policy.kinds}
    rows = session.execute(_WORKS, {**_span(chosen, today), "most": most}).all()
    return tuple(_set_works(rows, by_id, codes))


def _set_works(rows: Sequence[Any], by_id: dict[UUID, CourseOfTerm], codes: dict[str, str]) -> Iterator[SetWork]:
    for work_id, group in groupby(rows, lambda row: row.id):
        marks = list(group)
        course = by_id[marks[0].course_id]
        yield SetWork(
            ref=str(work_id),
            lesson=str(marks[0].lesson_id),
            teacher="",
            day=marks[0].date,
            place=Place(course.grade, course.subject, codes[marks[0].kind]),
            expected=tuple(ExpectedMark(str(row.student_id), row.marked_at) for row in marks),
        )


def calendars(session: Session, chosen: Sequence[CourseOfTerm]) -> dict[int | None, SchoolCalendar]:
    """On which days the grades of these courses have lessons, each by the terms of its first course.

    The days beyond their year count as school days, so that each deadline ends.
    """
    year = calendar_queries.year_of(session, chosen[0].year_id)
    divisions: dict[int, str] = {}
    for course in chosen:
        divisions.setdefault(course.grade, course.division)
    return {grade: _without_end(calendar_of(year, grade, division)) for grade, division in divisions.items()}


def _without_end(found: SchoolCalendar) -> SchoolCalendar:
    return replace(found, holidays=tuple(one for one in found.holidays if one.last != dt.date.max))


def _span(chosen: Sequence[CourseOfTerm], today: dt.date = dt.date.max) -> dict[str, Any]:
    return {
        "course_ids": [course.id for course in chosen],
        "starts_on": min(course.starts_on for course in chosen),
        "ends_on": min(today, max(course.ends_on for course in chosen)),
    }
