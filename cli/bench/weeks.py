"""What a class's week and a teacher's day cost on the real stack, beside bare SQL in a bare Flask view."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from cli.bench.bare_weeks import DATABASE, SCHOOL
from cli.bench.beside import Kind, Side, bare_view, compared
from cli.bench.load import Request
from cli.bench.measuring import HERE
from cli.bench.requests import API
from cli.bench.system import System, running
from cli.bench.town import COURSES, COURSES_OF_TEACHER, vacuum
from kernel.data.database import UnitOfWork, make_engine
from servers.postgres import PostgresServer
from servers.rabbit import RabbitBroker

DAYS: Final = 5
#: A week of lessons for every class, each in a classroom of its own, with bells.
_FILL: Final = (
    "INSERT INTO classroom (school_id, id, name, shared)"
    " SELECT school_id, class_id, 'каб. ' || name, false FROM class_copy WHERE school_id = :school",
    "INSERT INTO bell_schedule (school_id, id, year_id, title, shift, weekdays, short, valid_from)"
    " SELECT school_id, id, id, 'Обычные', 1, '[]', false, starts_on FROM year WHERE school_id = :school",
    "INSERT INTO bell (school_id, schedule_id, number, starts, ends)"
    " SELECT school_id, id, number, CAST('08:00' AS time) + number * INTERVAL '50 minutes',"
    " CAST('08:40' AS time) + number * INTERVAL '50 minutes'"
    " FROM bell_schedule, generate_series(1, :numbers) AS number WHERE school_id = :school",
    "INSERT INTO lesson (school_id, id, course_id, date, number, topic, homework, version, classroom_id)"
    " SELECT school_id, gen_random_uuid(), id, CAST(:monday AS date) + ahead,"
    " row_number() OVER (PARTITION BY class_id, ahead ORDER BY title), 'Сложение дробей', '', 1, class_id"
    " FROM course, generate_series(0, :days - 1) AS ahead WHERE school_id = :school",
)


def beside_bare_sql(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> bool:
    """Measure both reads on both sides in turns. Returns whether the goal is met."""
    with running("weeks", HERE, ("gradebook",), broker, postgres, folder) as system:
        monday, classes = _filled(system)
        teachers = {course.teacher.person_id: course.teacher for course in system.town.courses}
        token = system.token(next(iter(teachers.values())), "director")
        bearer = {"Authorization": f"Bearer {token}"}
        class_ids, teacher_ids = cycle(classes), cycle(teachers)
        settings = {DATABASE: system.databases["gradebook"], SCHOOL: str(system.town.school_id)}
        with bare_view("bare_weeks", folder, settings) as (port, pid):
            sides = (
                Side(
                    system.port,
                    system.processes,
                    {
                        "week": lambda: Request("GET", f"{API}/classes/{next(class_ids)}/weeks/{monday}", bearer),
                        "day": lambda: Request("GET", f"{API}/teachers/{next(teacher_ids)}/days/{monday}", bearer),
                    },
                ),
                Side(
                    port,
                    {"view": pid, "database": postgres.pid},
                    {
                        "week": lambda: Request("GET", f"/classes/{next(class_ids)}/weeks/{monday}"),
                        "day": lambda: Request("GET", f"/teachers/{next(teacher_ids)}/days/{monday}"),
                    },
                ),
            )
            met = [
                compared(sides, name, Kind(f"{title} of {lessons} lessons", b'"starts":"', lessons))
                for title, name, lessons in (
                    ("a class's week", "week", COURSES * DAYS),
                    ("a teacher's day", "day", COURSES_OF_TEACHER),
                )
            ]
            return all(met)


def _filled(system: System) -> tuple[date, list[UUID]]:
    """Write a week of lessons; returns its Monday and the classes."""
    engine = make_engine(system.databases["gradebook"])
    monday = system.town.today + timedelta(days=7 - system.town.today.weekday())
    values: dict[str, Any] = {"school": system.town.school_id, "monday": monday, "days": DAYS, "numbers": COURSES}
    with UnitOfWork(engine).everywhere(keyed=False) as session:
        for statement in _FILL:
            session.execute(text(statement), {name: one for name, one in values.items() if f":{name}" in statement})
        classes = list(session.scalars(text("SELECT class_id FROM class_copy ORDER BY name")))
    vacuum(engine)
    engine.dispose()
    return monday, classes
