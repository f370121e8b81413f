"""The short table of faults holds; and it is able not to hold."""

from __future__ import annotations

import pytest

from servers.postgres import PostgresServer
from servers.rabbit import RabbitBroker
from tests.faults.__main__ import FAULTS, table
from tests.faults.model import WITHOUT
from tests.faults.stage import Outcome, plan_of

#: The short table takes two minutes, beside other tests longer, and must not take more than this.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(480)]


def _outcomes(rabbit: RabbitBroker, postgres: PostgresServer, *faults: str, without: str = "") -> dict[str, Outcome]:
    return table(faults, rabbit, postgres, plan_of({"QUICK": "1", WITHOUT: without}))


def test_no_fault_loses_an_event_or_has_an_effect_twice(rabbit: RabbitBroker, postgres: PostgresServer) -> None:
    outcomes = _outcomes(rabbit, postgres, *FAULTS)
    assert {fault: outcome for fault, outcome in outcomes.items() if not outcome.holds} == {}
    assert len(outcomes) == 11


@pytest.mark.parametrize(
    ("fault", "without", "seen"),
    [("F11", "inbox", "double_effects"), ("F1", "outbox", "missing"), ("F1", "order", "overtaken")],
)
def test_the_table_shows_what_is_lost_doubled_or_overtaken_without(
    rabbit: RabbitBroker, postgres: PostgresServer, fault: str, without: str, seen: str
) -> None:
    outcome = _outcomes(rabbit, postgres, fault, without=without)[fault]
    assert not outcome.holds
    assert outcome.confirmed > 0
    assert getattr(outcome, seen) > 0
