"""Lays the lessons that follow from a timetable: at once for some courses, in the background for a school."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.data import statistics
from kernel.data.database import UnitOfWork
from kernel.data.jobs import Job
from services.gradebook.calendar import queries as calendar_queries
from services.gradebook.calendar.rules.year_calendar import YearCalendar, calendar_of
from services.gradebook.courses.tables import Course, CourseMember, CourseTeacher
from services.gradebook.lessons.tables import Lesson
from services.gradebook.policy import queries as policy_queries
from services.gradebook.timetable import queries, recording
from services.gradebook.timetable.rules.laying import Laying, changed_by_hand, laying, wanted_lessons
from services.gradebook.timetable.tables import TimetableEntry

#: The most courses whose lessons are laid while somebody waits, and in one step of a job.
AT_ONCE: Final = 30

#: So many new lessons change what reads of them cost.
MANY: Final = 1000


def lay(session: Session, school_id: UUID, year: YearCalendar, course_ids: Collection[UUID]) -> Laying:
    """Make the lessons of courses those that timetable and calendar say, in a constant number of statements."""
    span = year.starts_on, year.ends_on
    # of all days: a year that became shorter leaves lessons behind
    existing = queries.existing_lessons(session, course_ids, date.min, date.max)
    entries = queries.entries_of_courses(session, year.id, course_ids)
    goes_by = {one.id: (one.grade, one.division) for one in queries.to_be_laid(session, course_ids)}
    calendars = {key: calendar_of(year, *key) for key in set(goes_by.values())}
    changes = {place: kept.change for place, kept in queries.changes_of(session, course_ids, *span).items()}
    wanted = wanted_lessons(entries, goes_by, calendars, year.starts_on, span, changes)
    wanted |= changed_by_hand(wanted, existing, changes)
    today = policy_queries.today(session)
    plan = laying(wanted, existing, today)
    recording.laid(session, school_id, plan)
    return plan


def lay_school(unit_of_work: UnitOfWork, job: Job) -> None:
    """Lay the lessons of a school's present and later years, some courses in each transaction."""
    school_id = job.tenant_id
    assert school_id is not None, "lessons are laid for a school"
    with unit_of_work.of(school_id) as session:
        today = policy_queries.today(session)
        courses = {
            year_id: queries.courses_with_entries(session, year_id) for year_id in queries.years_from(session, today)
        }
    done, total, new = 0, sum(map(len, courses.values())), 0
    for year_id, some in _in_steps(courses):
        job.step("lessons", done, total)
        with unit_of_work.of(school_id) as session:
            job.check(session)
            new += len(lay(session, school_id, calendar_queries.year_of(session, year_id), some).new)
        done += len(some)
    if new > MANY:
        with unit_of_work.of(school_id) as session:
            statistics.renew(session, Lesson, TimetableEntry, Course, CourseTeacher, CourseMember)


def _in_steps(courses: dict[UUID, list[UUID]]) -> Iterator[tuple[UUID, Sequence[UUID]]]:
    for year_id, them in courses.items():
        for start in range(0, len(them), AT_ONCE):
            yield year_id, them[start : start + AT_ONCE]
