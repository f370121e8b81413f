"""What grid, term marks and diary cost on the real stack, and 30 cells saved by one request, each beside bare SQL."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import text
from uuid_utils.compat import uuid7

from cli.bench import requests
from cli.bench.bare_sheets import DATABASES, SCHOOL
from cli.bench.beside import Kind, Side, bare_view, compared
from cli.bench.load import Request, WrongAnswer, send_all
from cli.bench.measuring import HERE, Cost, measure
from cli.bench.requests import API, Row, Scene, told
from cli.bench.system import System, running
from cli.bench.town import COLUMNS, COURSES, STUDENTS, Course, vacuum
from kernel.data.database import UnitOfWork, make_engine
from kernel.waiting import eventually
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

        def asked() -> Request:
            course_id, token = next(ours)
            return Request(
                "GET", f"{API}/courses/{course_id}/sheet?term_id={term}", {"Authorization": f"Bearer {token}"}
            )

        with bare_view("bare_sheets", folder, _settings(system)) as (port, pid):
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
        ours = Request(
            "GET", f"{API}/classes/{class_id}/term-marks?term_id={term}", {"Authorization": f"Bearer {token}"}
        )
        with bare_view("bare_sheets", folder, _settings(system)) as (port, pid):
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


def of_diary(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> bool:
    """Measure a student's week, as the diary shows it, on both sides in turns. Returns whether the goal is met."""
    with running("diary", HERE, requests.SERVICES, broker, postgres, folder) as system:
        town, day = system.town, system.town.today - timedelta(days=1)
        tokens = {child: system.token(town.parents[child], "parent") for child in town.visited}
        ours, bare = cycle(tokens.items()), cycle(tokens)

        def asked() -> Request:
            child, token = next(ours)
            return Request("GET", f"{API}/students/{child}/diary?date={day}", {"Authorization": f"Bearer {token}"})

        with bare_view("bare_sheets", folder, _settings(system)) as (port, pid):
            sides = (
                Side(system.port, system.processes, {"diary": asked}),
                Side(
                    port,
                    {"view": pid, "database": postgres.pid},
                    {"diary": lambda: Request("GET", f"/students/{next(bare)}/weeks/{day}")},
                ),
            )
            lessons = _lessons_in_week(system, next(iter(tokens)), day)
            return compared(sides, "diary", Kind(f"a student's week of {lessons} lessons", b'"topic"', lessons))


def of_entries(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> bool:
    """Measure 30 cells saved by one request, beside bare SQL and beside a column saved as a whole.

    Returns whether the goals are met.
    """
    cells = Row("30 cells saved", 20, 60, _entries, '"saved"', STUDENTS, writes=True)
    column = Row("a column of 30 marks saved", 20, 60, Scene.columns, '"student_id"', STUDENTS, writes=True)
    with ExitStack() as stack:
        system = stack.enter_context(running("entries", HERE, requests.SERVICES, broker, postgres, folder))
        requests.stand_in_for_notifications(system)
        port, pid = stack.enter_context(bare_view("bare_sheets", folder, _settings(system)))
        scene = Scene(system)
        scene.warm_up(cells, column)
        bare = partial(_bare_round, scene, port, {"view": pid, "database": postgres.pid})
        eventually(partial(bare, requests.WARMING), 90, "it answers", ignoring=(WrongAnswer,))
        for row in (cells, column):
            requests.one_round(row, scene, requests.WARMING)
        gradebook = make_engine(system.databases["gradebook"])
        vacuum(gradebook)  # as a server does by itself where it is not a test's: else it knows nothing of the inbox
        gradebook.dispose()
        rounds = [partial(requests.one_round, row, scene, row.times) for row in (cells, column)]
        *ours, least = requests.medians([*rounds, partial(bare, cells.times)])
    for row, cost in zip((cells, column), ours):
        print(f"  {row.title:32} {told(cost)}", flush=True)
        met = "met" if requests.total(cost) <= row.goal else "MISSED"
        print(f"  {'':32} goal {row.goal:.1f}: {met}", flush=True)
    print(f"  {'':18} bare SQL in Flask {told(least)}", flush=True)
    print(f"  {'':18} the cells {requests.total(ours[0]) / requests.total(least):.2f} times as much", flush=True)
    return all(requests.total(cost) <= row.goal for row, cost in zip((cells, column), ours))


def _bare_round(scene: Scene, port: int, processes: dict[str, int], times: int) -> Cost:
    """What it costs the bare view to save 30 cells, of so many requests. Raises `WrongAnswer`."""
    wanted = [
        Request("POST", f"/lessons/{lesson_id}/cells", body={"entries": _cells(course)})
        for course, lesson_id, _ in scene.free_columns(times)
    ]

    def heard(_place: int, answer: bytes) -> None:
        if answer.count(b'"saved"') != STUDENTS:
            raise WrongAnswer(f"the bare view saved something else: {answer[:300]!r}")

    return measure(processes, times, lambda: send_all(port, wanted, heard))


def _settings(system: System) -> dict[str, str]:
    """What the bare view is told."""
    return {DATABASES: msgspec.json.encode(system.databases).decode(), SCHOOL: str(system.town.school_id)}


def _lessons_in_week(system: System, child: UUID, day: date) -> int:
    """How many lessons a student has in the week of a day."""
    monday = day - timedelta(days=day.weekday())
    asked = system.asking("gradebook")
    counted: int = asked(
        f"SELECT count(*) FROM lesson WHERE course_id = ANY (ARRAY(SELECT course_id FROM course_member"  # noqa: S608  # our own id
        f" WHERE student_id = '{child}'))"
        f" AND date BETWEEN '{monday}' AND '{monday + timedelta(days=6)}'"
    )
    return counted


def _entries(scene: Scene, times: int) -> list[Request]:
    """30 cells of a lesson that had none."""
    return [_of_lesson(*column) for column in scene.free_columns(times)]


def _of_lesson(course: Course, lesson_id: Any, token: str) -> Request:
    entries = [{**cell, "lesson_id": str(lesson_id)} for cell in _cells(course)]
    path, headers = f"{API}/courses/{course.id}/entries", {"Authorization": f"Bearer {token}"}
    return Request("POST", path, headers, {"entries": entries})


def _cells(course: Course) -> list[dict[str, str]]:
    """A cell for each student of a course."""
    return [
        {"key": str(uuid7()), "student_id": str(student), "text": str(2 + place % 4)}
        for place, student in enumerate(course.students)
    ]


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
