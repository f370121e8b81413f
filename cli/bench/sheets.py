"""What the journal's grid costs on the real stack: its page beside bare SQL, and 30 cells saved by one request."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import text
from uuid_utils.compat import uuid7

from cli.bench import requests
from cli.bench.bare_sheets import DATABASES, SCHOOL
from cli.bench.beside import Kind, Side, bare_view, compared
from cli.bench.load import Request
from cli.bench.measuring import HERE
from cli.bench.requests import API, Row, Scene, told
from cli.bench.system import System, running
from cli.bench.town import COLUMNS, COURSES, STUDENTS, Course, vacuum
from kernel.data.database import UnitOfWork, make_engine
from servers.postgres import PostgresServer
from servers.rabbit import RabbitBroker

#: Lessons of the grid, and how many of a hundred cells of most of them have a mark.
LESSONS: Final = 60
MARKED: Final = 44
#: Lessons of a course in a term, for the page of a class.
TERM_LESSONS: Final = 20
#: The courses of one class have so many lessons.
_FILL: Final = (
    "INSERT INTO lesson (school_id, id, course_id, date, number, topic, homework, version)"
    " SELECT school_id, gen_random_uuid(), id, CAST(:first AS date) + ahead, 1, 'Сложение дробей', 'Стр. 33', 1"
    " FROM course, generate_series(0, :lessons - 1) AS ahead WHERE school_id = :school AND id = ANY (:courses)",
    "INSERT INTO work (school_id, id, lesson_id, kind_id, title)"
    " SELECT lesson.school_id, gen_random_uuid(), lesson.id, kind_of_work.id, ''"
    " FROM lesson JOIN kind_of_work ON kind_of_work.school_id = lesson.school_id"
    " WHERE lesson.school_id = :school AND lesson.course_id = ANY (:courses) AND lesson.homework = 'Стр. 33'",
    "INSERT INTO mark (school_id, id, work_id, student_id, value, comment, version, lesson_id, kind_id, course_id,"
    " date, number) SELECT lesson.school_id, gen_random_uuid(), work.id, student_id,"
    " CAST(2 + abs(hashtext(work.id::text || student_id::text)) % 4 AS text), '', 1, lesson.id, work.kind_id,"
    " lesson.course_id, lesson.date, lesson.number"
    " FROM lesson JOIN work ON work.lesson_id = lesson.id AND work.school_id = lesson.school_id"
    " JOIN course_member ON course_member.course_id = lesson.course_id"
    " AND course_member.school_id = lesson.school_id"
    " WHERE lesson.school_id = :school AND lesson.course_id = ANY (:courses) AND lesson.homework = 'Стр. 33'"
    " AND abs(hashtext(student_id::text || lesson.id::text)) % 100 < :marked",
)


def of_page(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> bool:
    """Measure the page on both sides in turns. Returns whether the goal is met."""
    with running("sheet", HERE, requests.SERVICES, broker, postgres, folder) as system:
        courses = system.town.courses[:COURSES]
        marks = _filled(system, courses)
        term = system.town.term_id
        tokens = {course.id: system.token(course.teacher, "teacher") for course in courses}
        ours, bare = cycle(tokens.items()), cycle(tokens)
        settings = {DATABASES: msgspec.json.encode(system.databases).decode(), SCHOOL: str(system.town.school_id)}

        def asked() -> Request:
            course_id, token = next(ours)
            return Request(
                "GET", f"{API}/courses/{course_id}/sheet?term_id={term}", {"Authorization": f"Bearer {token}"}
            )

        with bare_view("bare_sheets", folder, settings) as (port, pid):
            sides = (
                Side(system.port, system.processes, {"sheet": asked}),
                Side(
                    port,
                    {"view": pid, "database": postgres.pid},
                    {"sheet": lambda: Request("GET", f"/courses/{next(bare)}/sheets/{term}")},
                ),
            )
            print(f"  {marks // len(courses)} marks on a page", flush=True)
            title = f"a grid of {STUDENTS} x {LESSONS}"
            return compared(sides, "sheet", Kind(title, b'"moved_to"', LESSONS))


def of_class_terms(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> bool:
    """Measure the page of a class's term marks on both sides in turns. Returns whether the goal is met."""
    with running("class_terms", HERE, requests.SERVICES, broker, postgres, folder) as system:
        courses = system.town.courses[:COURSES]
        marks = _filled(system, courses, TERM_LESSONS)
        class_id = courses[0].class_id
        token, term = system.token(courses[0].teacher, "director"), system.town.term_id
        settings = {DATABASES: msgspec.json.encode(system.databases).decode(), SCHOOL: str(system.town.school_id)}
        ours = Request(
            "GET", f"{API}/classes/{class_id}/term-marks?term_id={term}", {"Authorization": f"Bearer {token}"}
        )
        with bare_view("bare_sheets", folder, settings) as (port, pid):
            sides = (
                Side(system.port, system.processes, {"terms": lambda: ours}),
                Side(
                    port,
                    {"view": pid, "database": postgres.pid},
                    {"terms": lambda: Request("GET", f"/classes/{class_id}/terms/{term}")},
                ),
            )
            print(f"  {marks} marks of the class", flush=True)
            title = f"term marks of {STUDENTS} x {COURSES}"
            return compared(sides, "terms", Kind(title, "Предмет".encode(), COURSES))


def of_entries(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> bool:
    """Measure 30 cells saved by one request, beside a column saved as a whole. Returns whether the goal is met."""
    rows = (
        Row("30 cells saved", 20, 60, _entries, '"saved"', STUDENTS, writes=True),
        Row("a column of 30 marks saved", 20, 60, Scene.columns, '"student_id"', STUDENTS, writes=True),
    )
    with ExitStack() as stack:
        system = stack.enter_context(running("entries", HERE, requests.SERVICES, broker, postgres, folder))
        requests.stand_in_for_notifications(system)
        scene = Scene(system)
        scene.warm_up(*rows)
        for row in rows:
            requests.one_round(row, scene, requests.WARMING)
        gradebook = make_engine(system.databases["gradebook"])
        vacuum(gradebook)  # as a server does by itself where it is not a test's: else it knows nothing of the inbox
        gradebook.dispose()
        met = []
        for row in rows:
            (cost,) = requests.medians([partial(requests.one_round, row, scene, row.times)])
            met.append(requests.total(cost) <= row.goal)
            print(f"  {row.title:32} {told(cost)}", flush=True)
            print(f"  {'':32} goal {row.goal:.1f}: {'met' if met[-1] else 'MISSED'}", flush=True)
    return all(met)


def _entries(scene: Scene, times: int) -> list[Request]:
    """30 cells of a lesson that had none."""
    return [_of_lesson(*column) for column in scene.free_columns(times)]


def _of_lesson(course: Course, lesson_id: Any, token: str) -> Request:
    entries = [
        {
            "key": str(uuid7()),
            "lesson_id": str(lesson_id),
            "student_id": str(student),
            "text": str(2 + place % 4),
        }
        for place, student in enumerate(course.students)
    ]
    path, headers = f"{API}/courses/{course.id}/entries", {"Authorization": f"Bearer {token}"}
    return Request("POST", path, headers, {"entries": entries})


def _filled(system: System, courses: list[Course], lessons: int = LESSONS) -> int:
    """Write lessons and marks of these courses; returns how many marks they have then."""
    engine = make_engine(system.databases["gradebook"])
    values: dict[str, Any] = {
        "school": system.town.school_id,
        "courses": [course.id for course in courses],
        "first": system.town.today - timedelta(days=lessons),
        "lessons": lessons - COLUMNS,
        "marked": MARKED,
    }
    with UnitOfWork(engine).everywhere(keyed=False) as session:
        for statement in _FILL:
            session.execute(text(statement), {name: one for name, one in values.items() if f":{name}" in statement})
        counted = text("SELECT count(*) FROM mark WHERE course_id = ANY (:courses)")
        marks: int = session.execute(counted, {"courses": values["courses"]}).scalar_one()
    vacuum(engine)
    engine.dispose()
    return marks
