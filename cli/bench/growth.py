"""What a read costs as data grow: ten years of a student's marks against one, two hundred schools against one."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from cli.bench.measuring import HERE
from cli.bench.requests import ROWS, WARMING, Scene, of_row, one_round, rounds, told, total
from cli.bench.system import System, running
from cli.bench.town import COURSES, YEAR, Town, vacuum
from kernel.data.database import UnitOfWork, make_engine
from servers.postgres import PostgresServer
from servers.rabbit import RabbitBroker
from services.gradebook.marks.tables import Mark

#: More than this times the cost of the small installation is too much.
GOAL: Final = 1.1
YEARS: Final = 10
SCHOOLS: Final = 200
#: Lessons of a course in a year: with ten courses, a student with a mark in each has 1,340 marks a year.
LESSONS: Final = 134
#: Courses of every other school: ten classes, with 15,000 marks.
OTHER_COURSES: Final = 10 * COURSES
#: Schools that are written by one statement.
TOGETHER: Final = 20
#: More of them than where milliseconds are told: a tenth more has to show.
MEASURED: Final = tuple(
    replace(row, times=2 * row.times) for row in ROWS if row.requests in {Scene.marks, Scene.class_marks}
)
Statement = Callable[..., Any]

#: A year before the town's, with its courses, all their lessons, and marks of the students that are asked for.
#: Courses of the same class and title take the place of this year's.
_YEAR_BEFORE: Final = (
    "INSERT INTO year (school_id, id, title, starts_on, ends_on) VALUES (:school, :year, '', :starts_on, :ends_on)",
    "INSERT INTO course (school_id, id, title, subject_id, class_id, grade, year_id)"
    " SELECT school_id, gen_random_uuid(), title, subject_id, class_id, grade, :year FROM course"
    " WHERE school_id = :school AND year_id = :present",
    "INSERT INTO course_member (school_id, id, course_id, student_id, since, until)"
    " SELECT school_id, gen_random_uuid(), before.id, student_id, :starts_on, :ends_on FROM course_member"
    " JOIN course USING (school_id) JOIN course before USING (school_id, class_id, title)"
    " WHERE school_id = :school AND course.id = course_id AND course.year_id = :present AND before.year_id = :year",
    "INSERT INTO lesson (school_id, id, course_id, date, number, topic, homework, version)"
    " SELECT school_id, gen_random_uuid(), id, CAST(:starts_on AS date) + 2 * CAST(day AS int), 1, '', '', 1"
    " FROM course, generate_series(1, :lessons) AS day WHERE school_id = :school AND year_id = :year",
    "INSERT INTO work (school_id, id, lesson_id, kind_id, title)"
    " SELECT school_id, gen_random_uuid(), lesson.id, kind_of_work.id, ''"
    " FROM lesson JOIN course USING (school_id) JOIN kind_of_work USING (school_id)"
    " WHERE school_id = :school AND course.id = course_id AND year_id = :year AND is_answer",
    "INSERT INTO mark (school_id, id, work_id, student_id, value, comment, version,"
    " lesson_id, kind_id, course_id, date, number)"
    " SELECT school_id, gen_random_uuid(), work.id, student_id, '4', '', 1, lesson.id, kind_id, course.id, date, number"
    " FROM work JOIN lesson USING (school_id) JOIN course USING (school_id) JOIN course_member USING (school_id)"
    " WHERE school_id = :school AND lesson.id = lesson_id AND course.id = lesson.course_id AND year_id = :year"
    " AND course_member.course_id = course.id AND student_id = ANY (:students)",
)
#: What other schools get of the town's own courses of this year. Rows keep their ids: keys begin with the school.
_OTHER_COURSES: Final = (
    "(SELECT id FROM course WHERE school_id = :school AND year_id = :present ORDER BY id LIMIT :courses)"
)
_IN_OTHER_COURSES: Final = {
    "course": f"id IN {_OTHER_COURSES}",
    **dict.fromkeys(("course_teacher", "course_member", "lesson", "mark"), f"course_id IN {_OTHER_COURSES}"),
    "work": f"lesson_id IN (SELECT id FROM lesson WHERE school_id = :school AND course_id IN {_OTHER_COURSES})",  # noqa: S608  # parts of our own
    "year": "id = :present",
}


def of_reads(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> bool:
    """Measure reads of three installations in turns. Returns whether the goal is met."""
    grown: dict[str, Callable[[Statement, Town], None]] = {
        "a year of marks, one school": lambda execute, town: _years(execute, town, 1),
        f"{YEARS} years of marks": lambda execute, town: _years(execute, town, YEARS),
        f"{SCHOOLS} schools": _schools,
    }
    met = []
    with ExitStack() as stack:
        scenes = []
        for number, (name, grow) in enumerate(grown.items()):
            (own := folder / str(number)).mkdir()
            system = stack.enter_context(running(str(number), HERE, ("gradebook",), broker, postgres, own))
            began = time.monotonic()
            marks = _grow(system, grow)
            print(f"  {name}: {marks:,} marks, written in {time.monotonic() - began:.0f} s", flush=True)
            scenes.append(Scene(system))
            scenes[-1].warm_up(*MEASURED)
            for row in MEASURED:
                one_round(row, scenes[-1], WARMING)
        for row in MEASURED:
            # the cheapest round of each: what others do on the machine at times only adds
            small, *others = (min(found, key=total) for found in rounds(of_row(row, scenes)))
            print(f"  {row.title:32} {told(small)}", flush=True)
            for name, cost in zip(list(grown)[1:], others):
                ratio = total(cost) / total(small)
                met.append(ratio <= GOAL)
                print(f"  {'  with ' + name:32} {told(cost)}", flush=True)
                print(f"  {'':32} {ratio:.2f} times as much, goal {GOAL}: {'met' if met[-1] else 'MISSED'}", flush=True)
    return all(met)


def _grow(system: System, grow: Callable[[Statement, Town], None]) -> int:
    """Write the rows; returns how many marks there are then."""
    engine = make_engine(system.databases["gradebook"])

    def execute(statement: str, **values: Any) -> Any:
        with UnitOfWork(engine).everywhere(keyed=False) as session:
            session.execute(text("SET LOCAL statement_timeout = 0"))
            return _executed(session, statement, {"school": system.town.school_id, **values})

    grow(execute, system.town)
    vacuum(engine)
    marks: int = execute("SELECT count(*) FROM mark")
    engine.dispose()
    return marks


def _executed(session: Session, statement: str, values: dict[str, Any]) -> Any:
    result: Any = session.execute(text(statement), values)
    return result.scalar() if result.returns_rows else None


def _years(execute: Statement, town: Town, years: int) -> None:
    """Years before the town's."""
    students = list(town.visited)
    present = _present_year(execute, town)
    for back in range(1, years + 1):
        starts_on = town.today - YEAR - timedelta(365 * back)
        span = {"starts_on": starts_on, "ends_on": starts_on + timedelta(2 * LESSONS)}
        year = {"year": uuid4(), "present": present, "students": students, "lessons": LESSONS, **span}
        for statement in _YEAR_BEFORE:
            execute(statement, **{name: value for name, value in year.items() if f":{name}" in statement})


def _schools(execute: Statement, town: Town) -> None:
    """A year before the town's, and other schools with the same courses."""
    _years(execute, town, 1)
    present = _present_year(execute, town)
    schools = [uuid4() for _ in range(SCHOOLS - 1)]
    for first in range(0, len(schools), TOGETHER):
        for table in Mark.metadata.sorted_tables:
            columns = ", ".join(column.name for column in table.columns if column.name != "school_id")
            which = _IN_OTHER_COURSES.get(table.name, "true")
            statement = (
                f"INSERT INTO {table.name} (school_id, {columns}) SELECT other, {columns} FROM {table.name},"  # noqa: S608  # our own tables
                f" unnest(CAST(:schools AS uuid[])) AS other WHERE school_id = :school AND {which}"
            )
            wanted = {"schools": schools[first : first + TOGETHER], "present": present, "courses": OTHER_COURSES}
            execute(statement, **{name: value for name, value in wanted.items() if f":{name}" in statement})


def _present_year(execute: Statement, town: Town) -> Any:
    return execute("SELECT year_id FROM term WHERE school_id = :school AND id = :term", term=town.term_id)
