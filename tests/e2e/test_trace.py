"""One trace from the door through call, database, outbox and event into the handler of another service."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

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


@on_the_real_stack
def test_a_mark_is_followed_from_the_door_to_the_database_of_who_hears_of_it(stack: Stack) -> None:
    trace, gradebook, notifications = (
        secrets.token_hex(16),
        database(stack, "gradebook"),
        database(stack, "notifications"),
    )
    name, teacher = f"lyceum {trace} follow-me", stack.demo("teacher")
    # of a kind for which no other test has set it already
    body = stack.mark_to_post() | {"kind_id": teacher.get("/kinds")["kinds"][-1]["id"]}
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
