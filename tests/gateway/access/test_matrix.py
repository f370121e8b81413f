"""Every operation of the API, asked for in every role, for things of every kind of people: who gets what.

Here the system runs in this process; `tests/e2e/test_access.py` asks the one that its commands start.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from contracts.gradebook.calendar_feeds import CalendarFeeds
from gateway.door import policy
from gateway.rest.openapi import PREFIX
from tests.gateway.access.expected import EXPECTED
from tests.gateway.access.matrix import BETWEEN_SERVICES, METHODS, Matrix, admitted, every_address
from tests.gateway.access.systems import InProcess
from tests.gateway.access.tables import WORDS
from tests.gateway.access.world import World
from tests.gateway.site import Site


@pytest.fixture(scope="module")
def world(lasting: Site) -> World:
    return World(InProcess(lasting))


def test_every_address_of_the_api_has_an_expectation_and_no_expectation_is_for_none(lasting: Site) -> None:
    served = {}
    for rule in lasting.app.url_map.iter_rules():
        view: Any = lasting.app.view_functions[rule.endpoint]
        if rule.rule.startswith(PREFIX) and view.operation != policy.DOCUMENTATION:
            path = re.sub(r"<\w+:(\w+)>", r"{\1}", rule.rule).removeprefix(PREFIX)
            (verb,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            served[f"{verb} {path}"] = view.operation
    named = {address: repr(expected.method) for address, expected in EXPECTED.items()}
    assert named == served, "say in tests/gateway/access/expected.py what each role gets at the address"


def test_every_operation_that_people_may_ask_for_has_an_expectation() -> None:
    expected = {repr(one.method) for one in EXPECTED.values()}
    # the address of a feed is none of the API; its secret decides: `tests/gateway/pages/test_calendar_feeds.py`
    elsewhere = {*map(repr, BETWEEN_SERVICES), repr(CalendarFeeds.calendar_feed)}
    asked_for = {repr(method) for method in METHODS} - elsewhere
    assert expected == asked_for, "say in tests/gateway/access/expected.py what each role gets"


@every_address
def test_the_table_has_a_row_for_every_role_that_the_contract_admits_and_for_no_other(address: str) -> None:
    for expected in filter(None, (EXPECTED[address], EXPECTED[address].behind)):
        named = "the table has a row for each role of the contract's callers, and for no other"
        assert set(expected.rights) == admitted(expected.method), named
        assert {word for row in expected.rights.values() for word in row.values()} <= set(WORDS)


class TestInProcess(Matrix):
    """Services in this process, on SQLite."""
