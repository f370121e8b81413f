"""Every operation of the API, asked for in every role, for things of every kind of people: who gets what.

Asked through the gateway, then at the services themselves: either holds alone.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from contracts import SERVICES, interfaces
from gateway.door import policy
from gateway.rest.openapi import PREFIX
from kernel.contract import Rpc
from kernel.errors import Forbidden
from tests.gateway.access.asking import ROLE, UNREADABLE, Door, Service, outcomes
from tests.gateway.access.expected import EXPECTED, Command
from tests.gateway.access.tables import WORDS
from tests.gateway.access.world import ASKERS, OWN, World
from tests.gateway.site import Site
from tests.kit.calls import call

METHODS = [method for owner in SERVICES for interface in interfaces(owner) for method in interface.methods()]
BETWEEN_SERVICES = [method for method in METHODS if policy.between_services(repr(method))]
every_address = pytest.mark.parametrize("address", EXPECTED)


@pytest.fixture(scope="module")
def world(lasting: Site) -> World:
    return World(lasting)


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


@pytest.fixture
def service(world: World) -> Service:
    return Service(world)


def admitted(method: Rpc) -> set[str]:
    """The askers whose role the contract lets in."""
    return {asker for asker, role in ASKERS.items() if method.callers.holds(frozenset({role}))}


def command_of(world: World, address: str, whose: str) -> Command:
    """The command of a request for somebody's thing."""
    return EXPECTED[address].command(world.things[whose], world)


# --- the table is whole ------------------------------------------------------------------------------


def test_every_address_of_the_api_has_an_expectation_and_no_expectation_is_for_none(world: World) -> None:
    served = {}
    for rule in world.site.app.url_map.iter_rules():
        view: Any = world.site.app.view_functions[rule.endpoint]
        if rule.rule.startswith(PREFIX) and view.operation != policy.DOCUMENTATION:
            path = re.sub(r"<\w+:(\w+)>", r"{\1}", rule.rule).removeprefix(PREFIX)
            (verb,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            served[f"{verb} {path}"] = view.operation
    named = {address: repr(expected.method) for address, expected in EXPECTED.items()}
    assert named == served, "say in tests/gateway/access/expected.py what each role gets at the address"


def test_every_operation_that_people_may_ask_for_has_an_expectation() -> None:
    expected = {repr(one.method) for one in EXPECTED.values()}
    assert expected == {repr(method) for method in METHODS} - {repr(method) for method in BETWEEN_SERVICES}


@every_address
def test_the_table_has_a_row_for_every_role_that_the_contract_admits_and_for_no_other(address: str) -> None:
    for expected in filter(None, (EXPECTED[address], EXPECTED[address].behind)):
        assert set(expected.rights) == admitted(expected.method)
        assert {word for row in expected.rights.values() for word in row.values()} <= set(WORDS)


# --- at the gateway ----------------------------------------------------------------------------------


@every_address
def test_whoever_may_ask_gets_at_what_concerns_them_and_nothing_else(door: Door, address: str) -> None:
    expected = EXPECTED[address]
    assert {asker: outcomes(door, address, expected, asker) for asker in expected.rights} == expected.rights


@every_address
def test_other_roles_are_refused_whatever_they_ask_for_before_the_body_is_read(door: Door, address: str) -> None:
    world = door.world
    asked_before = len(world.site.bus.calls)
    for asker in set(ASKERS) - admitted(EXPECTED[address].method):
        for whose in world.things:
            answer = door.ask(address, command_of(world, address, whose), world.token(asker), **UNREADABLE)
            assert (answer.status, answer.rule) == (403, ROLE), f"{asker} asks for what is of {whose}"
    assert len(world.site.bus.calls) == asked_before, "no service is asked"


@every_address
def test_without_a_valid_token_nobody_is_let_in(door: Door, address: str) -> None:
    world, public = door.world, EXPECTED[address].method.callers.public
    tokens: dict[tuple[str, str], str | None] = {("nobody", "token-missing"): None}
    for asker in ASKERS:
        tokens[asker, "session-ended"] = world.token(asker, ended=True)
        tokens[asker, "token-expired"] = world.token(asker, seconds=-1)
    asked_before = len(world.site.bus.calls)
    answers = {who: door.ask(address, command_of(world, address, OWN), token) for who, token in tokens.items()}
    if public:
        assert {answer.status for answer in answers.values()} <= {200, 201}
    else:
        assert {who: (answer.status, answer.rule) for who, answer in answers.items()} == {
            who: (401, who[1]) for who in tokens
        }
        assert len(world.site.bus.calls) == asked_before, "no service is asked"


# --- at the services, past the gateway ---------------------------------------------------------------


@every_address
def test_a_service_lets_nobody_further_who_gets_past_the_gateway(service: Service, address: str) -> None:
    expected = EXPECTED[address].behind or EXPECTED[address]
    assert {asker: outcomes(service, address, expected, asker) for asker in expected.rights} == expected.rights


@every_address
def test_a_service_refuses_the_same_roles_before_it_reads_the_command(service: Service, address: str) -> None:
    refused = set(ASKERS) - admitted(EXPECTED[address].method)
    unreadable = {"no_such_field": 1}
    assert {asker: service.of(address, asker, unreadable).rule for asker in refused} == dict.fromkeys(refused, ROLE)


@pytest.mark.parametrize("method", BETWEEN_SERVICES, ids=repr)
@pytest.mark.parametrize("asker", ASKERS)
def test_no_person_gets_at_what_only_services_ask(world: World, method: Rpc, asker: str) -> None:
    with pytest.raises(Forbidden) as refused:
        call(world.services[method.service], method, world.askers[asker])
    assert refused.value.rule == ROLE
