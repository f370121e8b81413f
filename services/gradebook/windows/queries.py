"""Selects what decides until when a lesson's records may be changed and were due. `Windows` is what other rooms ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session

from kernel.clock import local_date, now
from kernel.data.columns import UtcDateTime
from services.gradebook.as_it_stood import AS_OF
from services.gradebook.calendar.queries import year_of
from services.gradebook.calendar.rules.school_days import ISO_WEEKDAYS, NoSchoolDay, SchoolCalendar
from services.gradebook.calendar.rules.year_calendar import YearCalendar, calendar_of
from services.gradebook.courses.queries import terms_beside, terms_of
from services.gradebook.courses.tables import Course, CourseTeacher
from services.gradebook.gathered import Values, gathered, moment_in
from services.gradebook.policy.queries import SETTING, SettingRow, policy_on, zone_of
from services.gradebook.policy.rules.policy import Place, Policy, place_of
from services.gradebook.windows.rules import deadlines
from services.gradebook.windows.rules.closed_terms import Closing, SomeTerm, closing_of, term_of_lesson
from services.gradebook.windows.rules.deadlines import Duty, Late, deadline
from services.gradebook.windows.rules.edit_windows import EditWindow, Lock, Opening, check_open, edit_window
from services.gradebook.windows.tables import EditOpening

#: For so long a refusal says that something had been opened.
_REMEMBERED: Final = dt.timedelta(days=30)
#: Counts every day: what it gives is never later than what the school's own days give.
_EVERY_DAY: Final = SchoolCalendar(ISO_WEEKDAYS)
#: The end of an opening.
_ENDS: Final = func.coalesce(EditOpening.ended_at, EditOpening.until)
_ENDS_THEN: Final = case((EditOpening.ended_at <= AS_OF, EditOpening.ended_at), else_=EditOpening.until)
_TAUGHT: Final = (
    exists()
    .where(CourseTeacher.course_id == Course.id, CourseTeacher.teacher_id == EditOpening.teacher_id)
    .correlate(Course, EditOpening)
)


def openings_beside(*, then: bool = False) -> ColumnElement[Any]:
    """The openings of lessons of the `Course` of the enclosing query, as one value of it; `openings_of` reads it.

    Those that are over are left out, but for the last ones. `then`: as they were at the moment `AS_OF`, all of them.
    """
    since = bindparam("openings_since", callable_=lambda: now() - _REMEMBERED, type_=UtcDateTime())
    return (
        select(
            gathered(
                EditOpening.opened_at,
                _ENDS_THEN if then else _ENDS,
                EditOpening.reason,
                EditOpening.lesson_id,
                EditOpening.first,
                EditOpening.last,
            )
        )
        .where(
            EditOpening.opened_at <= AS_OF if then else EditOpening.until > since,
            or_(EditOpening.course_id == Course.id, EditOpening.class_id == Course.class_id, _TAUGHT),
        )
        .correlate(Course)
        .scalar_subquery()
    )


#: The columns of `ClosingRow` beside the date; `Course` must be joined, and `Setting` outside.
CLOSING: Final = (
    *SETTING,
    terms_beside().label("terms"),
    openings_beside().label("openings"),
    Course.year_id,
    Course.division,
)
_OPENINGS: Final = select(Course.id, openings_beside().label("openings")).where(Course.id == bindparam("course_id"))


class OfCourse(SettingRow, Protocol):
    """What of a course its lessons' windows depend on, and the school's setting."""

    year_id: UUID
    division: str
    grade: int | None
    subject: str


class ClosingRow(OfCourse, Protocol):
    """A lesson's date and what its windows depend on."""

    date: dt.date
    homework_due: dt.date | None
    #: For `courses.queries.terms_of`.
    terms: list[Values]
    #: For `openings_of`.
    openings: list[Values]


class LessonOf(ClosingRow, Protocol):
    """A lesson and what its windows depend on."""

    id: UUID


@dataclass(frozen=True, slots=True)
class Held:
    """A lesson as its windows see it; `id` is None where it is still to be entered."""

    id: UUID | None
    day: dt.date
    course: OfCourse
    term: SomeTerm | None
    openings: tuple[Opening, ...]
    homework_due: dt.date | None = None


def held(row: ClosingRow, lesson_id: UUID) -> Held:
    """The lesson of a row."""
    term = term_of_lesson(row.date, terms_of(row.terms))
    return Held(lesson_id, row.date, row, term, openings_of(row, row.openings), row.homework_due)


def openings_of(row: SettingRow, rows: Iterable[Values]) -> tuple[Opening, ...]:
    """Openings, from the value of `openings_beside`."""
    zone = zone_of(row)
    return tuple(_opening(zone, *one) for one in rows)


def openings_of_course(session: Session, row: SettingRow, course_id: UUID) -> tuple[Opening, ...]:
    """The openings of lessons of a course."""
    return openings_of(row, session.execute(_OPENINGS, {"course_id": course_id}).one().openings)


class Windows:
    """Until when the records of lessons may be changed and were due, for one answer.

    The version of the policy in force on the lesson's day decides, but how long its term is open is decided by the one
    of the term's last day: so no later version closes a term that has ended, or opens it again. It takes no statement,
    but one for each year whose school days matter: where marks of written work are closed or late, or a policy gives
    other duties more than the lesson's day.
    """

    def __init__(self, session: Session, *years: YearCalendar, as_of: dt.datetime | None = None) -> None:
        """With the calendars of `years` that are known already; as they were at an earlier moment, if one is given."""
        self.now = as_of or now()
        self._session = session
        self._years = {year.id: year for year in years}
        self._calendars: dict[tuple[UUID, int | None, str], SchoolCalendar] = {}
        #: All lessons are of one school, which has one policy on a day.
        self._policies: dict[dt.date, Policy] = {}

    def of(self, lesson: Held, kind: str | None = None) -> EditWindow:
        """The window of a lesson's topic and homework, or of its marks for a kind of work, by its name."""
        course, place = lesson.course, self._place(lesson, kind)
        policy = self._policy(lesson, lesson.day)
        given: dict[str, Any] = {
            "term": self._closing(lesson, place),
            "due_on": lesson.homework_due if deadlines.kind_of_work(policy, place.kind).homework else None,
            "openings": tuple(one for one in lesson.openings if one.covers(lesson.id, lesson.day)),
        }
        earliest = edit_window(lesson.day, policy, _EVERY_DAY, place, **given)
        if self.now < earliest.closes_at or earliest.closed_by is Lock.TERM or earliest.counted_from == lesson.day:
            return earliest
        try:
            return edit_window(lesson.day, policy, self._calendar(course), place, **given)
        except NoSchoolDay:  # the year has no more of them
            return earliest

    def check(self, lesson: Held, field: str, kind: str | None = None) -> None:
        """Refuse a change of a lesson's topic and homework, or of its marks, if they are closed."""
        check_open(self.of(lesson, kind), self.now, field)

    def missed(self, lesson: Held, duty: Duty, kind: str | None = None) -> dt.date | None:
        """The deadline of a duty if it is over (clause 3.2); None while it is in time."""
        place, policy = self._place(lesson, kind), self._policy(lesson, lesson.day)
        closing = self._closing(lesson, place)
        last = None if closing is None else closing.last_day
        earliest = deadline(duty, lesson.day, policy, _EVERY_DAY, place, last)
        if not earliest.missed(self.now):
            return None
        if deadlines.due_days(duty, policy, place) == 0:
            return earliest.day
        try:
            due = deadline(duty, lesson.day, policy, self._calendar(lesson.course), place, last)
        except NoSchoolDay:  # as above
            due = earliest
        return due.day if due.missed(self.now) else None

    def asks_reason(self, lesson: Held, kind: str | None = None) -> bool:
        """Whether the policy asks why an entry is late."""
        policy = self._policy(lesson, lesson.day)
        return policy.keeping.late_reason.at(self._place(lesson, kind)).value

    def late(self, lesson: Held, duties: Iterable[Duty], given: str, kind: str | None = None) -> Late:
        """What is kept of an entry that does these duties now, with the words `given` for it. Raises `Invalid`."""
        policy = self._policy(lesson, lesson.day)
        missed = [day for duty in duties if (day := self.missed(lesson, duty, kind)) is not None]
        return deadlines.late_entry(min(missed, default=None), given, policy, self._place(lesson, kind))

    def _policy(self, lesson: Held, day: dt.date) -> Policy:
        if day not in self._policies:
            self._policies[day] = policy_on(self._session, lesson.course, day)
        return self._policies[day]

    def _place(self, lesson: Held, kind: str | None) -> Place:
        policy = self._policy(lesson, lesson.day)
        return place_of(policy, lesson.course.grade, lesson.course.subject, kind)

    def _closing(self, lesson: Held, place: Place) -> Closing | None:
        if lesson.term is None:
            return None
        return closing_of(lesson.term, self._policy(lesson, lesson.term.ends_on), place)

    def _calendar(self, course: OfCourse) -> SchoolCalendar:
        key = (course.year_id, course.grade, course.division)
        if key not in self._calendars:
            if course.year_id not in self._years:
                self._years[course.year_id] = year_of(self._session, course.year_id)
            self._calendars[key] = calendar_of(self._years[course.year_id], course.grade, course.division)
        return self._calendars[key]


def _opening(
    zone: str, opened_at: Any, until: Any, reason: str, lesson_id: str | None, first: str | None, last: str | None
) -> Opening:
    end = moment_in(until)
    return Opening(
        moment_in(opened_at),
        end,
        local_date(end - dt.timedelta(microseconds=1), zone),
        reason,
        UUID(lesson_id) if lesson_id else None,
        dt.date.fromisoformat(first) if first else None,
        dt.date.fromisoformat(last) if last else None,
    )
