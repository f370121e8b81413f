"""A bare Flask application with one view for a read and one for a write, which execute the gradebook's own SQL.

`python -m cli.bench.bare_door DATABASE_URL PORT FOLDER TOLD` lets the gradebook execute one read and one write as
described by TOLD (JSON), records their statements, and then serves them repeatedly.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg2
import psycopg2.extras
from flask import Flask, jsonify
from psycopg2.pool import ThreadedConnectionPool
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url
from uuid_utils.compat import uuid7

from contracts.gradebook.journal import Journal
from contracts.gradebook.marks import Marks
from gateway.serving import GunicornServer
from kernel import context
from kernel.auth import Actor
from kernel.config import Settings
from kernel.data.database import UnitOfWork, make_engine

Statements = list[tuple[str, Any]]
THREADS: Final = 16


@dataclass(frozen=True, slots=True)
class Told:
    """What the gradebook executes once for the recording: ids of the benchmark's school."""

    school_id: UUID
    student_id: UUID
    parent_id: UUID
    teacher_id: UUID
    lesson_id: UUID
    kind_id: UUID
    students: list[UUID]
    starts_on: date
    ends_on: date


class BareDoor(GunicornServer):
    """The same server as the gateway's, with the same number of threads."""

    def __init__(self, settings: Settings, app: Flask) -> None:
        self._app = app
        super().__init__(settings)

    def load(self) -> Flask:
        """The application."""
        return self._app


def recorded(engine: Engine, told: Told) -> tuple[Statements, Statements]:
    """The recorded statements of the read and of the write."""
    from services.gradebook.service import GradebookService

    service = GradebookService()
    unit_of_work: Any = UnitOfWork(engine, consumer="gradebook")
    service.unit_of_work = unit_of_work
    parent = Actor(told.school_id, told.parent_id, uuid7(), uuid7(), frozenset({"parent"}))
    teacher = Actor(told.school_id, told.teacher_id, uuid7(), uuid7(), frozenset({"teacher"}))
    marks = [{"student_id": str(one), "value": "5"} for one in told.students]
    span = {
        "student_id": str(told.student_id),
        "starts_on": told.starts_on.isoformat(),
        "ends_on": told.ends_on.isoformat(),
    }
    with _noted(engine) as read, context.handling(context.Call()):
        service.marks_of(parent, Journal.marks_of.load(span))
    with _noted(engine) as written, context.handling(context.Call(account_id=teacher.account_id, operation="bare")):
        service.post_marks(teacher, Marks.post_marks.load({"lesson_id": str(told.lesson_id), "marks": marks}))
    return read, written


@contextmanager
def _noted(engine: Engine) -> Iterator[Statements]:
    seen: Statements = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


class Replay:
    """Executes recorded statements again, with new ids in place of those that the recording generated."""

    def __init__(self, statements: Statements, kept: set[UUID], lesson_id: UUID) -> None:
        self._statements, self._kept, self._lesson_id = statements, kept, lesson_id

    def run(self, connection: Any, lesson_id: UUID | None = None) -> list[Any]:
        """Execute in one transaction, for `lesson_id` if given. Returns the rows of the last SELECT that had any."""
        known = {one: one for one in self._kept}
        known[self._lesson_id] = lesson_id or self._lesson_id
        rows: list[Any] = []
        with connection, connection.cursor() as cursor:
            for statement, parameters in self._statements:
                cursor.execute(statement, _renewed(parameters, known))
                if cursor.description is not None:
                    rows = cursor.fetchall() or rows
        return rows


def _renewed(parameters: Any, known: dict[UUID, UUID]) -> Any:
    if isinstance(parameters, dict):
        return {name: _renewed(value, known) for name, value in parameters.items()}
    if isinstance(parameters, (list, tuple)):
        return type(parameters)(_renewed(value, known) for value in parameters)
    if isinstance(parameters, UUID):
        return known.setdefault(parameters, uuid7())
    return parameters


def bare_app(database_url: str, read: Replay, written: Replay) -> Flask:
    """The application, with a view for the read and one for the write to a lesson."""
    app = Flask("bare")
    parts = make_url(database_url)
    psycopg2.extras.register_uuid()
    pool = ThreadedConnectionPool(
        1,
        THREADS,
        host=parts.host,
        port=parts.port,
        user=parts.username,
        password=parts.password,
        dbname=parts.database,
        options="-c timezone=UTC",
    )

    @contextmanager
    def connected() -> Iterator[Any]:
        connection = pool.getconn()
        try:
            yield connection
        finally:
            pool.putconn(connection)

    @app.get("/read")
    def reads() -> Any:
        with connected() as connection:
            return jsonify([[str(value) for value in row] for row in read.run(connection)])

    @app.post("/write/<uuid:lesson_id>")
    def writes(lesson_id: UUID) -> Any:
        with connected() as connection:
            written.run(connection, lesson_id)
        return jsonify({"lesson_id": str(lesson_id)}), 201

    return app


def main(database_url: str, port: str, folder: str, words: str) -> None:
    """Record the statements, then serve them."""
    told = msgspec.json.decode(words, type=Told)
    engine = make_engine(database_url)
    read, written = recorded(engine, told)
    engine.dispose()
    kept = {told.school_id, told.kind_id, told.teacher_id, *told.students, *_read_ids(read), *_read_ids(written)}
    replay_read, replay_write = (Replay(statements, kept, told.lesson_id) for statements in (read, written))
    settings = Settings(data_dir=Path(folder), port=int(port), gateway_threads=THREADS)
    BareDoor(settings, bare_app(database_url, replay_read, replay_write)).run()


def _read_ids(statements: Statements) -> set[UUID]:
    """The ids in SELECTs' parameters, which existed before."""
    found: set[UUID] = set()
    for statement, parameters in statements:
        if statement.lstrip().upper().startswith("SELECT") and isinstance(parameters, dict):
            found.update(value for value in parameters.values() if isinstance(value, UUID))
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
