"""Schools take turns, and a turn is kept for as long as its letters take."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from uuid_utils.compat import uuid7

from contracts.gradebook.lessons import HomeworkSet
from kernel.clock import now
from kernel.waiting import eventually
from services.notifications.deliveries.queries import schools_to_serve
from services.notifications.deliveries.tables import Delivery, SchoolTurn
from services.notifications.messages import entrypoints, turns
from tests.kit.calls import deliver
from tests.kit.town import School
from tests.notifications.conftest import MailServer


def due(service: Any, school: School, events: int) -> None:
    """Make letters due to the mother of Boris, one for each event: about the homework of as many lessons."""
    for lesson_id in school.lessons_with_homework(events):
        event = HomeworkSet(lesson_id=lesson_id, version=2, student_ids=(school.boris.person_id,))
        deliver(service, event, school.id, str(uuid7()))


def states(service: Any, school: School) -> dict[str, int]:
    with service.unit_of_work.of(school.id) as session:
        counted = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
        return {state: number for state, number in counted}  # noqa: C416  # rows, which mypy takes for no pairs


def school_of_letters(service: Any) -> dict[str, UUID]:
    """Message-ID's left part → school."""
    with service.unit_of_work.everywhere() as session:
        return {str(row.id): row.school_id for row in session.scalars(select(Delivery))}


def served(service: Any, mail_server: MailServer) -> list[UUID]:
    """The schools of the letters that the server took, in their order."""
    schools = school_of_letters(service)
    return [schools[letter["Message-ID"].strip("<>").partition("@")[0]] for letter in mail_server.letters]


def leased_until(service: Any, school: School) -> datetime:
    with service.unit_of_work.of(school.id) as session:
        return session.get_one(SchoolTurn, school.id).leased_until


class SlowServer(MailServer):
    """Answers its first letter only when it is let go, and on the same connection nothing else can come meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.let_go = threading.Event(), threading.Event()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if not self.reached.is_set():
            self.reached.set()
            await server.loop.run_in_executor(None, self.let_go.wait, 30)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def slow_server(service) -> Iterator[SlowServer]:
    """The service's mail server, which waits at each letter."""
    server = SlowServer()
    server.start()
    service.settings = replace(service.settings, smtp_url=server.url)
    yield server
    server.let_go.set()
    server.stop()


@contextmanager
def within_a_letter(service: Any, server: SlowServer) -> Iterator[None]:
    """A run of the timer, which the mail server keeps waiting at its first letter within the block."""
    run = threading.Thread(target=service.send_due)
    run.start()
    try:
        assert server.reached.wait(10)
        yield
    finally:
        server.let_go.set()
        run.join()


def test_a_school_with_many_letters_lets_others_have_their_turns(service, school, town, mail_server, monkeypatch):
    monkeypatch.setattr(entrypoints, "BATCH", 2)
    other = School(town)
    due(service, school, 5)
    due(service, other, 3)
    service.send_due()
    first, second = school.id, other.id
    assert served(service, mail_server) == [first, first, second, second, first, first, second, first]


def test_a_run_sends_everything_that_is_due_over_one_connection(service, school, mail_server, monkeypatch):
    monkeypatch.setattr(entrypoints, "BATCH", 2)
    due(service, school, 5)
    service.send_due()
    assert states(service, school) == {"sent": 5}
    assert mail_server.seen["connections"] == 1


def test_a_run_and_a_turn_end_after_their_time(service, school, town, mail_server, monkeypatch):
    other = School(town)
    due(service, school, 2)
    due(service, other, 2)
    monkeypatch.setattr(turns, "RUN", timedelta(0))
    service.send_due()
    assert mail_server.letters == []
    monkeypatch.setattr(turns, "RUN", timedelta(seconds=0.2))
    monkeypatch.setattr(entrypoints, "TURN", timedelta(0))
    service.send_due()
    assert mail_server.letters == []
    monkeypatch.undo()
    service.send_due()
    assert states(service, school) == states(service, other) == {"sent": 2}


def test_a_run_takes_up_no_further_school_after_its_time(service, school, town, slow_server, monkeypatch):
    monkeypatch.setattr(turns, "RUN", timedelta(seconds=0.2))
    other = School(town)
    due(service, school, 1)
    due(service, other, 1)
    with within_a_letter(service, slow_server):
        over = now() + turns.RUN
        eventually(lambda: now() > over, 10, "the run's time is over")
    assert states(service, school) == {"sent": 1}
    assert states(service, other) == {"due": 1}


def test_a_replica_with_several_connections_sends_for_several_schools_at_once(service, school, town, slow_server):
    service.settings = replace(service.settings, mail_connections=3)
    other = School(town)
    due(service, school, 2)
    due(service, other, 2)
    with within_a_letter(service, slow_server):
        eventually(lambda: {"sent": 2} in (states(service, school), states(service, other)), 10, "one is served")
        assert {"due": 2} in (states(service, school), states(service, other))
        assert slow_server.seen["connections"] == 2, "there are two schools to send for"
    assert states(service, school) == states(service, other) == {"sent": 2}


def test_a_connection_that_is_free_again_finds_what_is_due_since(service, school, town, slow_server, monkeypatch):
    """Also where another connection of the run found nothing meanwhile, and has ended."""
    monkeypatch.setattr(entrypoints, "BATCH", 1)
    service.settings = replace(service.settings, mail_connections=2)
    other = School(town)
    due(service, school, 3)
    due(service, other, 1)
    with within_a_letter(service, slow_server):
        eventually(lambda: slow_server.letters, 10, "the other connection sends")
    assert states(service, school) == {"sent": 3}
    assert states(service, other) == {"sent": 1}


def failing_for(school: School, ask: Callable[..., Any]) -> Callable[..., Any]:
    def asked(method: Any, **command: Any) -> Any:
        if command.get("tenant") == school.id:
            raise RuntimeError("a defect")
        return ask(method, **command)

    return asked


def test_a_school_whose_letters_make_a_run_fail_is_last_the_next_time(service, school, town, mail_server):
    other = School(town)
    due(service, school, 1)
    due(service, other, 1)
    service.ask = failing_for(school, whole := service.ask)
    with pytest.raises(RuntimeError):
        service.send_due()
    with pytest.raises(RuntimeError):
        service.send_due()
    assert served(service, mail_server) == [other.id]
    assert states(service, school) == {"due": 1}
    service.ask = whole
    service.send_due()
    assert states(service, school) == {"sent": 1}


def test_a_turn_is_renewed_while_the_mail_server_is_slow(service, school, slow_server, monkeypatch):
    monkeypatch.setattr(turns, "RENEWAL", timedelta(seconds=0.05))
    due(service, school, 2)
    with within_a_letter(service, slow_server):
        first = leased_until(service, school)
        eventually(lambda: leased_until(service, school) > first, 10, "the turn is renewed")
        with service.unit_of_work.everywhere() as session:
            assert schools_to_serve(session, first, 10) == []
    assert states(service, school) == {"sent": 2}
    assert leased_until(service, school) <= now()


def test_who_has_lost_the_turn_begins_no_further_letter(service, school, slow_server, monkeypatch):
    monkeypatch.setattr(turns, "RENEWAL", timedelta(seconds=0.05))
    due(service, school, 2)
    with within_a_letter(service, slow_server):
        with service.unit_of_work.of(school.id) as session:
            session.execute(update(SchoolTurn).values(holder="other", leased_until=now() + timedelta(minutes=1)))
        renewals: list[bool] = []
        monkeypatch.setattr(turns, "keep_turn", lambda *given: renewals.append(True) or keep_turn(*given))
        eventually(lambda: len(renewals) > 1, 10, "a renewal has ended, and the next begun")
    assert len(slow_server.letters) == 1
    assert states(service, school) == {"sent": 1, "due": 1}
    assert leased_until(service, school) > now()


keep_turn = turns.keep_turn


def test_who_cannot_renew_begins_no_letter_shortly_before_the_lease_ends(service, school, mail_server, monkeypatch):
    """Another replica may take the turn then, and would send the same letter."""
    due(service, school, 1)
    monkeypatch.setattr(turns, "LEASE", turns.MARGIN)
    monkeypatch.setattr(turns, "RUN", timedelta(seconds=0.2))
    service.send_due()
    assert mail_server.letters == []
    assert states(service, school) == {"due": 1}
    monkeypatch.undo()
    service.send_due()
    assert states(service, school) == {"sent": 1}
