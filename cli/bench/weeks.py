"""What a class's week and a teacher's day cost on the real stack, beside bare SQL in a bare Flask view."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from cli.bench.bare_weeks import DATABASE, SCHOOL
from cli.bench.load import AT_ONCE, Request, WrongAnswer, send_all
from cli.bench.measuring import HERE, Cost, measure, started
from cli.bench.requests import API, WARMING, medians, total
from cli.bench.system import System, running
from cli.bench.town import COURSES, COURSES_OF_TEACHER, vacuum
from kernel.data.database import UnitOfWork, make_engine
from kernel.waiting import eventually
from servers.postgres import PostgresServer
from servers.process import free_ports
from servers.rabbit import RabbitBroker

#: At most so many times the CPU of the bare view.
GOAL: Final = 3.0
DAYS: Final = 5
REQUESTS: Final = 240
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


@dataclass(frozen=True)
class Side:
    """What is measured: where it answers, by which processes, and its addresses."""

    port: int
    processes: dict[str, int]
    week: Callable[[], Request]
    day: Callable[[], Request]


def beside_bare_sql(broker: RabbitBroker, postgres: PostgresServer, folder: Path) -> bool:
    """Measure both reads on both sides in turns. Returns whether the goal is met."""
    with running("weeks", HERE, ("gradebook",), broker, postgres, folder) as system:
        monday, classes = _filled(system)
        teachers = {course.teacher.person_id: course.teacher for course in system.town.courses}
        token = system.token(next(iter(teachers.values())), "director")
        bearer = {"Authorization": f"Bearer {token}"}
        class_ids, teacher_ids = cycle(classes), cycle(teachers)
        with _bare(system, folder) as (port, pid):
            sides = (
                Side(
                    system.port,
                    system.processes,
                    lambda: Request("GET", f"{API}/classes/{next(class_ids)}/weeks/{monday}", bearer),
                    lambda: Request("GET", f"{API}/teachers/{next(teacher_ids)}/days/{monday}", bearer),
                ),
                Side(
                    port,
                    {"view": pid, "database": postgres.pid},
                    lambda: Request("GET", f"/classes/{next(class_ids)}/weeks/{monday}"),
                    lambda: Request("GET", f"/teachers/{next(teacher_ids)}/days/{monday}"),
                ),
            )
            rows = (("a class's week", "week", COURSES * DAYS), ("a teacher's day", "day", COURSES_OF_TEACHER))
            met = [_compared(title, sides, which, lessons) for title, which, lessons in rows]
            return all(met)


def _compared(title: str, sides: tuple[Side, Side], which: str, lessons: int) -> bool:
    """Print what a read costs on both sides, the median round of each."""
    for side in sides:
        answers = partial(_round, side, which, lessons, WARMING)
        eventually(answers, 90, "it answers", ignoring=(WrongAnswer,))
    measured = [partial(_round, side, which, lessons, REQUESTS) for side in sides]
    ours, bare = medians(measured)
    ratio = total(ours) / total(bare)
    print(f"  {title:18} of {lessons:2} lessons   {_told(ours)}", flush=True)
    print(f"  {'':18} bare SQL in Flask {_told(bare)}", flush=True)
    print(f"  {'':18} {ratio:.2f} times as much, goal {GOAL:g}: {'met' if ratio <= GOAL else 'MISSED'}", flush=True)
    return ratio <= GOAL


def _told(cost: Cost) -> str:
    parts = "  ".join(f"{name} {spent:.2f}" for name, spent in cost.cpu.items() if name != "client")
    return f"{total(cost):6.2f} ms = {parts}"


def _round(side: Side, which: str, lessons: int, times: int) -> Cost:
    """What one read costs, of so many. Raises `WrongAnswer`."""
    make: Callable[[], Request] = getattr(side, which)
    requests = list(islice(iter(make, None), times))

    def heard(_place: int, answer: bytes) -> None:
        found = answer.count(b'"starts":"')
        if found != lessons:
            raise WrongAnswer(f"{found} lessons instead of {lessons}: {answer[:300]!r}")

    return measure(side.processes, times, lambda: send_all(side.port, requests, heard))


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


@contextmanager
def _bare(system: System, folder: Path) -> Iterator[tuple[int, int]]:
    """The bare view on the same database: its port and its process."""
    (port,) = free_ports(1)
    settings = {DATABASE: system.databases["gradebook"], SCHOOL: str(system.town.school_id)}
    serving = ("--bind", f"127.0.0.1:{port}", "--threads", str(AT_ONCE), "cli.bench.bare_weeks:made()")
    with started("gunicorn", *serving, log=folder / "bare.log", environment=settings) as process:
        yield port, process.pid
