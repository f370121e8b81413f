"""One trace from the door through call, database, outbox and event into the handler of another service."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from kernel.waiting import eventually
from tests.e2e.stack import Stack, on_the_real_stack

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(120)]

AT_WORK = text("SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'")
RECORDED = text("SELECT event, call_id, traceparent FROM outbox ORDER BY position DESC LIMIT 1")


def database(stack: Stack, service: str) -> Engine:
    """A service's database, as the running system notes it."""
    return create_engine(json.loads((stack.data / "running.json").read_text())["databases"][service])


@contextmanager
def held(engine: Engine, table: str) -> Iterator[None]:
    """Nobody else writes to the table within the block: who wants to can be looked at while he waits."""
    with engine.connect() as connection:
        connection.execute(text(f"LOCK TABLE {table} IN EXCLUSIVE MODE"))
        yield


def is_at_work(engine: Engine, name: str) -> bool:
    """Whether a statement of that name is being carried out."""
    with engine.connect() as connection:
        return name in connection.execute(AT_WORK).scalars().all()


def command(stack: Stack) -> dict[str, Any]:
    """A mark that the demo school's teacher may give."""
    teacher, methodologist = stack.demo("teacher"), stack.demo("methodologist")
    own, today = teacher.get("/me")["memberships"][0]["person_id"], datetime.now(UTC).date().isoformat()
    terms = {term["id"] for year in methodologist.get("/calendar")["years"] for term in year["terms"]}
    for course in methodologist.get("/courses")["courses"]:
        for term in terms if own in course["teacher_ids"] else ():
            page = methodologist.get(f"/courses/{course['id']}/journal", term_id=term)
            held_lessons = [one for one in page["lessons"] if one["date"] < today]
            if held_lessons:
                return {"lesson_id": held_lessons[-1]["id"], "student_id": page["student_ids"][0], "value": "4"}
    raise AssertionError("the teacher has held no lesson")


@on_the_real_stack
def test_a_mark_is_followed_from_the_door_to_the_database_of_who_hears_of_it(stack: Stack) -> None:
    trace, gradebook, notifications = (
        secrets.token_hex(16),
        database(stack, "gradebook"),
        database(stack, "notifications"),
    )
    name, body, teacher = f"lyceum {trace} follow-me", command(stack), stack.demo("teacher")
    headers = {"traceparent": f"00-{trace}-{secrets.token_hex(8)}-01", "X-Request-Id": "follow-me"}
    with ThreadPoolExecutor() as threads, held(notifications, "inbox"):
        with held(gradebook, "mark"):
            posting = threads.submit(teacher.ask, "POST", "/marks", json=body, headers=headers)
            eventually(lambda: is_at_work(gradebook, name), 10, "the gradebook's statement waits for the table")
        answer = posting.result()
        assert (answer.status_code, answer.headers["X-Request-Id"]) == (201, "follow-me")
        with gradebook.connect() as connection:
            event, call_id, traceparent = connection.execute(RECORDED).one()
        assert (event, call_id, traceparent[3:35]) == ("mark_posted", "follow-me", trace)
        eventually(lambda: is_at_work(notifications, name), 10, "the handler's statement waits for the table")
    for engine in (gradebook, notifications):
        engine.dispose()
