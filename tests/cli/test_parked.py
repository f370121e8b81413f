"""`lyceum parked`: a person sees what could not be handled and decides, and every decision is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from cli.upkeep import unit_of_work
from kernel import config
from kernel.data import migrations
from kernel.data.parking import ParkedMessage


@pytest.fixture
def gradebook(data):
    """The gradebook's migrated database in the data folder."""
    data.mkdir()
    settings = config.load()
    migrations.upgrade("gradebook", settings.database_url("gradebook"))
    unit = unit_of_work(settings, "gradebook")
    yield unit
    unit.engine.dispose()


@pytest.fixture
def park(gradebook):
    """Parks a message and returns its id."""

    def one(queue="gradebook.on_students_changed", body=b'{"batch_id": "b-1"}'):
        message = ParkedMessage(
            queue=queue, message_id=str(uuid4()), event="students_changed", tenant_id=uuid4(),
            reason="failed", error="KeyError at recording.py:12", attempts=8, call_id="c-1", body=body,
            parked_at=datetime(2026, 11, 25, 8, 30, tzinfo=UTC),
        )  # fmt: skip
        with gradebook.everywhere() as session:
            session.add(message)
        return str(message.id)

    return one


@pytest.fixture
def state_of(gradebook):
    def state(message_id):
        with gradebook.everywhere() as session:
            return {str(row.id): row.state for row in session.scalars(select(ParkedMessage))}[message_id]

    return state


def test_messages_are_listed_with_where_they_came_from_and_why(lyceum, park):
    message_id = park()
    listed = lyceum("parked", "list", "gradebook")
    assert listed.status == 0
    assert message_id in listed.out
    assert "gradebook.on_students_changed" in listed.out
    assert "KeyError at recording.py:12" in listed.out


def test_a_message_is_shown_with_its_body(lyceum, park):
    shown = lyceum("parked", "show", "gradebook", park())
    assert '{"batch_id": "b-1"}' in shown.out
    assert "waiting" in shown.out


def test_a_body_that_is_no_text_is_shown_all_the_same(lyceum, park):
    assert "\\xff" in lyceum("parked", "show", "gradebook", park(body=b"\xff\x00")).out


def test_a_message_that_is_replayed_waits_for_the_service_to_publish_it(lyceum, park, state_of):
    message_id = park()
    assert lyceum("parked", "replay", "gradebook", message_id, "--reason", "the defect is mended").status == 0
    assert state_of(message_id) == "replaying"
    assert message_id not in lyceum("parked", "list", "gradebook").out
    assert message_id in lyceum("parked", "list", "gradebook", "--state", "replaying").out
    assert "the defect is mended" in lyceum("parked", "show", "gradebook", message_id).out


def test_a_message_is_discarded_with_a_reason_only_and_once(lyceum, park, state_of):
    message_id = park()
    without = lyceum("parked", "discard", "gradebook", message_id)
    assert (without.status, state_of(message_id)) == (2, "waiting")
    assert "--reason" in without.err
    assert lyceum("parked", "discard", "gradebook", message_id, "--reason", "a test").status == 0
    assert state_of(message_id) == "discarded"
    again = lyceum("parked", "replay", "gradebook", message_id)
    assert (again.status, state_of(message_id)) == (1, "discarded")
    assert "discarded already" in again.err


def test_a_call_cannot_be_replayed(lyceum, park, state_of):
    message_id = park(queue="gradebook.calls")
    refused = lyceum("parked", "replay", "gradebook", message_id)
    assert (refused.status, state_of(message_id)) == (1, "waiting")
    assert "nobody waits for its answer" in refused.err


def test_a_message_that_is_not_there_is_said_so_in_a_line(lyceum, gradebook):
    missing = lyceum("parked", "show", "gradebook", str(uuid4()))
    assert missing.status == 1
    assert "no parked message" in missing.err
    assert len(missing.err.strip().splitlines()) == 1
