"""What the tables say of every operation, asked of a system: through the gateway, and at the services past it.

Either wall holds alone.
"""

from __future__ import annotations

import pytest

from contracts import SERVICES, interfaces
from gateway.door import policy
from kernel.contract import Rpc
from kernel.errors import Forbidden
from tests.gateway.access.asking import ROLE, Door, OwnPage, Service, outcomes, request_to, unreadable
from tests.gateway.access.expected import EXPECTED, Command
from tests.gateway.access.world import ASKERS, OWN, World

METHODS = [method for owner in SERVICES for interface in interfaces(owner) for method in interface.methods()]
BETWEEN_SERVICES = [method for method in METHODS if policy.between_services(repr(method))]
#: A list, a thing of one's own, something entered and something changed: the way in differs, what follows does not.
BY_COOKIES = ("GET /courses", "GET /students/{student_id}/marks", "POST /marks", "PATCH /lessons/{lesson_id}")
every_address = pytest.mark.parametrize("address", EXPECTED)


def admitted(method: Rpc) -> set[str]:
    """The askers whose role the contract lets in."""
    return {asker for asker, role in ASKERS.items() if method.callers.holds(frozenset({role}))}


def command_of(world: World, address: str, whose: str) -> Command:
    """The command of a request for somebody's thing."""
    return EXPECTED[address].command(world.things[whose], world)


def _turn(address: str) -> int:
    """The place of an address among all."""
    return list(EXPECTED).index(address)


class Matrix:
    """The tests of a system that the fixture `world` builds its schools in.

    What the gateway refuses by role or token before it asks a service does not depend on whose things it is asked for,
    nor a bad token on the role it once had. `thorough` asks for every combination all the same; without it, of the
    things one's own and for each address another role's token are asked for.
    """

    thorough = True

    @pytest.fixture
    def door(self, world: World) -> Door:
        return Door(world)

    @pytest.fixture
    def service(self, world: World) -> Service:
        return Service(world)

    # --- at the gateway ------------------------------------------------------------------------------

    @every_address
    def test_whoever_may_ask_gets_at_what_concerns_them_and_nothing_else(self, door: Door, address: str) -> None:
        expected = EXPECTED[address]
        assert {asker: outcomes(door, address, expected, asker) for asker in expected.rights} == expected.rights

    @every_address
    def test_other_roles_are_refused_whatever_they_ask_for_before_the_body_is_read(
        self, door: Door, address: str
    ) -> None:
        world = door.world
        asked_before = self._calls_made(world, address)
        for asker in set(ASKERS) - admitted(EXPECTED[address].method):
            for whose in world.things if self.thorough else (OWN,):
                request = unreadable(request_to(address, command_of(world, address, whose)))
                answer = door.answer(request, world.token(asker))
                assert (answer.status, answer.rule) == (403, ROLE), f"{asker} asks for what is of {whose}"
        assert self._calls_made(world, address) == asked_before, "no service is asked"

    @every_address
    def test_without_a_valid_token_nobody_is_let_in(self, door: Door, address: str) -> None:
        world, public = door.world, EXPECTED[address].method.callers.public
        tokens: dict[tuple[str, str], str | None] = {("nobody", "token-missing"): None}
        for asker in ["director"] if public else self._holders(address):
            tokens[asker, "session-ended"] = world.ended_tokens[asker]
            tokens[asker, "token-expired"] = world.token(asker, seconds=-1)
        asked_before = self._calls_made(world, address)
        commands = {who: command_of(world, address, OWN) for who in tokens}
        answers = {who: door.answer(request_to(address, commands[who]), token) for who, token in tokens.items()}
        if public:
            assert {answer.status for answer in answers.values()} <= {200, 201}
        else:
            assert {who: (answer.status, answer.rule) for who, answer in answers.items()} == {
                who: (401, who[1]) for who in tokens
            }
            assert self._calls_made(world, address) == asked_before, "no service is asked"

    @pytest.mark.parametrize("address", BY_COOKIES)
    def test_cookies_of_a_page_open_nothing_that_a_token_does_not(self, world: World, address: str) -> None:
        page, expected = OwnPage(world), EXPECTED[address]
        assert {asker: outcomes(page, address, expected, asker) for asker in expected.rights} == expected.rights
        refused = set(ASKERS) - set(expected.rights)
        asked_before = world.system.calls_made
        answers = {asker: page.of(address, asker, command_of(world, address, OWN)) for asker in refused}
        assert {asker: answer.rule for asker, answer in answers.items()} == dict.fromkeys(refused, ROLE)
        assert world.system.calls_made == asked_before, "no service is asked"

    def test_a_request_that_is_let_in_is_counted_as_one_that_asks_a_service(self, door: Door) -> None:
        asked_before = door.world.system.calls_made
        assert door.of("GET /me", "director", {}).status == 200
        assert door.world.system.calls_made > asked_before

    def _holders(self, address: str) -> list[str]:
        """Those with whose tokens, ended and expired, an address is asked."""
        askers = list(ASKERS)
        return askers if self.thorough else [askers[_turn(address) % len(askers)]]

    def _calls_made(self, world: World, address: str) -> int:
        """How often services were asked. A running gateway writes all its figures for it: for some addresses only."""
        return world.system.calls_made if self.thorough or _turn(address) % 10 == 0 else 0

    # --- at the services, past the gateway -----------------------------------------------------------

    @every_address
    def test_a_service_lets_nobody_further_who_gets_past_the_gateway(self, service: Service, address: str) -> None:
        expected = EXPECTED[address].behind or EXPECTED[address]
        assert {asker: outcomes(service, address, expected, asker) for asker in expected.rights} == expected.rights

    @every_address
    def test_a_service_refuses_the_same_roles_before_it_reads_the_command(self, service: Service, address: str) -> None:
        refused = set(ASKERS) - admitted(EXPECTED[address].method)
        unknown = {"no_such_field": 1}
        assert {asker: service.of(address, asker, unknown).rule for asker in refused} == dict.fromkeys(refused, ROLE)

    @pytest.mark.parametrize("method", BETWEEN_SERVICES, ids=repr)
    @pytest.mark.parametrize("asker", ASKERS)
    def test_no_person_gets_at_what_only_services_ask(self, world: World, method: Rpc, asker: str) -> None:
        with pytest.raises(Forbidden) as refused:
            world.system.ask(method, world.askers[asker], {})
        assert refused.value.rule == ROLE
