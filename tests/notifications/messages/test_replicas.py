"""Two replicas as processes of their own send for different schools, and one of them is killed in the middle."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from contracts.gradebook.lessons import HomeworkSet
from kernel.waiting import eventually
from services.notifications.deliveries.tables import Delivery, SchoolTurn
from services.notifications.messages import entrypoints, turns
from tests.kit.calls import deliver
from tests.kit.town import School
from tests.notifications.conftest import MailServer

ROOT = Path(__file__).parents[3]
FIRST, SECOND = "first@example.org", "second@example.org"
#: Letters of one school: a turn and a half.
LETTERS = entrypoints.BATCH * 3 // 2
#: The letter at which the first replica is kept waiting: some of its turn is recorded by then, some is not.
HELD = entrypoints.NOTED + 15


class HoldingServer(MailServer):
    """Takes all letters of one sender, and of another those before `HELD`, which it never answers."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[tuple[str, str]] = []
        self.asked: Counter[str] = Counter()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        sender = envelope.mail_from
        self.asked[sender] += 1
        if sender == FIRST and self.asked[sender] == HELD:
            await asyncio.Event().wait()
        answer = await super().handle_DATA(server, session, envelope)
        self.taken.append((sender, self.letters[-1]["Message-ID"].strip("<>").partition("@")[0]))
        return answer

    def ids_from(self, sender: str) -> set[str]:
        """The ids of the deliveries whose letters came from there."""
        return {delivery_id for one, delivery_id in list(self.taken) if one == sender}


@pytest.fixture
def holding_server() -> Iterator[HoldingServer]:
    server = HoldingServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def replica(engine, town, tmp_path, holding_server) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """Starts replicas, each with its sender, and ends them."""
    started: list[subprocess.Popen[bytes]] = []
    folder = Path(town.gradebook.unit_of_work.engine.url.database).parent

    def start(sender: str) -> subprocess.Popen[bytes]:
        url = engine.url.render_as_string(hide_password=False)
        command = [sys.executable, "-m", "tests.notifications.replica", url, str(folder), holding_server.url, sender]
        with (tmp_path / "replicas.log").open("ab") as log:
            started.append(subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def due(service: Any, school: School) -> None:
    """Make `LETTERS` letters due, to the mother of Boris and of Vera."""
    students = (school.boris.person_id, school.vera.person_id)
    for lesson_id in school.lessons_with_homework(LETTERS // 2):
        deliver(service, HomeworkSet(lesson_id=lesson_id, version=2, student_ids=students), school.id, str(uuid7()))


def deliveries(service: Any) -> dict[str, Delivery]:
    with service.unit_of_work.everywhere() as session:
        return {str(row.id): row for row in session.scalars(select(Delivery))}


def leased_until(service: Any, school_id: UUID) -> datetime:
    with service.unit_of_work.of(school_id) as session:
        return session.get_one(SchoolTurn, school_id).leased_until


@pytest.mark.slow
def test_a_killed_replicas_letters_arrive_soon_and_only_those_in_flight_twice(
    service, town, school, holding_server, replica
):
    schools = [school, *(School(town) for _ in range(3))]
    for one in schools:
        due(service, one)
    every = deliveries(service)
    assert len(every) == LETTERS * len(schools)

    first = replica(FIRST)
    eventually(lambda: holding_server.asked[FIRST], 30, "the first replica sends")
    replica(SECOND)
    eventually(lambda: holding_server.asked[FIRST] == HELD, 30, "the first replica is kept waiting in a letter")
    held = {every[delivery_id].school_id for delivery_id in holding_server.ids_from(FIRST)}
    (held_school,) = held
    lease = leased_until(service, held_school)
    others = {delivery_id for delivery_id, row in every.items() if row.school_id != held_school}
    eventually(lambda: others <= holding_server.ids_from(SECOND), 30, "the second one serves all other schools")
    assert not holding_server.ids_from(SECOND) - others, "two replicas serve one school at the same time"

    eventually(lambda: leased_until(service, held_school) > lease, 10, "the turn is renewed within the letter")

    first.kill()
    soon = (turns.LEASE + turns.RENEWAL).total_seconds() + 5
    eventually(lambda: {row.state for row in deliveries(service).values()} == {"sent"}, soon, "the rest is sent")

    taken = Counter(delivery_id for _, delivery_id in holding_server.taken)
    assert set(taken) == set(every)
    twice = {delivery_id for delivery_id, times in taken.items() if times > 1}
    assert len(twice) <= entrypoints.NOTED
    assert max(taken.values()) == 2
    assert twice == holding_server.ids_from(FIRST) & holding_server.ids_from(SECOND)
    assert twice, "the replica was killed with letters sent that it had not recorded"
