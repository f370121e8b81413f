"""What it costs to make a large school's lessons of a term from its timetable."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, event, func, select
from uuid_utils.compat import uuid7

from cli.bench.measuring import measure
from cli.building import Rows, calendar, copies, courses, write
from cli.building.courses import Taught
from contracts.identity.schools import TIME_ZONE
from kernel.clock import local_date, now
from kernel.data import jobs, migrations
from kernel.data.database import UnitOfWork, make_engine
from servers.postgres import PostgresServer
from services.gradebook.laying import LESSONS, ask_for_lessons
from services.gradebook.lessons.tables import Lesson
from services.gradebook.timetable.lessons import lay_school
from services.gradebook.timetable.tables import TimetableEntry

CLASSES: Final = 60
STUDENTS: Final = 15
COURSES: Final = 10
#: Lessons of a class in a week.
A_WEEK: Final = 35
A_DAY: Final = 7
TERM: Final = timedelta(weeks=10) - timedelta(days=1)
#: Seconds of CPU of the service and the database, and statements.
MOST: Final = 10.0
MOST_STATEMENTS: Final = 300


def of_a_term(postgres: PostgresServer, _folder: Path) -> bool:
    """Make the lessons of a school of 900 students, then look at them again. Returns whether the goals are met."""
    engine = make_engine(postgres.create_database("lessons"))
    migrations.upgrade("gradebook", engine.url.render_as_string(hide_password=False))
    unit_of_work = UnitOfWork(engine, consumer="gradebook")
    school_id, begins = uuid7(), _monday()
    write(unit_of_work, school_id, *_school(begins))
    made = _laid(unit_of_work, engine, school_id, postgres, "made")
    again = _laid(unit_of_work, engine, school_id, postgres, "looked at again")
    return made and again


def _monday() -> date:
    today = local_date(now(), TIME_ZONE)
    return today - timedelta(days=today.weekday())


def _school(begins: date) -> list[Rows]:
    """A school of classes that are taught by a timetable from a Monday on, for a year that is one term."""
    year_id, span = uuid7(), (begins, begins + TERM)
    classes = [
        copies.Class(uuid7(), f"{place}", 5 + place % 5, tuple(uuid7() for _ in range(STUDENTS)))
        for place in range(CLASSES)
    ]
    taught = [
        Taught(uuid7(), f"Предмет {number}, {one.name}", one.id, (uuid7(),), one.students)
        for one in classes
        for number in range(COURSES)
    ]
    entries = [
        {
            "id": uuid7(), "year_id": year_id, "course_id": taught[place * COURSES + slot % COURSES].id,
            "weekday": 1 + slot // A_DAY, "number": 1 + slot % A_DAY, "week": "", "valid_from": begins,
            "valid_until": None, "classroom_id": None, "teacher_id": None,
        }
        for place in range(CLASSES)
        for slot in range(A_WEEK)
    ]  # fmt: skip
    return [
        calendar.year(year_id, span, {uuid7(): span}),
        courses.courses(year_id, begins, taught),
        copies.copies(classes, {}),
        [(TimetableEntry, entries)],
    ]


def _laid(unit_of_work: UnitOfWork, engine: Engine, school_id: UUID, postgres: PostgresServer, what: str) -> bool:
    """Carry out the job that lays the school's lessons, as the service does, and tell what it cost."""
    statements = 0

    def count(*_details: Any) -> None:
        nonlocal statements
        statements += 1

    with unit_of_work.of(school_id) as session:
        ask_for_lessons(session, school_id)
    job = jobs.claim(unit_of_work, LESSONS, now())
    assert job is not None, "the job was just added"
    event.listen(engine, "before_cursor_execute", count)
    cost = measure({"database": postgres.pid}, 1, lambda: lay_school(unit_of_work, job))
    event.remove(engine, "before_cursor_execute", count)
    jobs.give_back(job, unit_of_work, None)
    with unit_of_work.of(school_id) as session:
        lessons = session.scalar(select(func.count()).select_from(Lesson)) or 0
    seconds = cost.cpu_sum / 1000
    met = seconds <= MOST and statements <= MOST_STATEMENTS
    print(
        f"  {lessons} lessons {what}: {seconds:.2f} s of CPU, wall {cost.wall / 1000:.2f} s, {statements} statements"
        f" (goals: {MOST:g} s, {MOST_STATEMENTS}): {'met' if met else 'MISSED'}",
        flush=True,
    )
    return met
