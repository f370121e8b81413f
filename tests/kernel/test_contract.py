"""What the two sides of the wire declare to each other: strict about what is sent, tolerant of what is answered."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest
from marshmallow.validate import Length

from kernel import fields
from kernel.auth import Actor
from kernel.contract import MANY, PUBLIC, SIGNED_IN, Callers, Command, Interface, Rpc, View, holders, in_parts, only
from kernel.errors import Fault, Forbidden, Invalid, Unauthenticated
from tests.kernel.bell import Bell, Rang


class Place(Command):
    town = fields.Str(required=True)
    at = fields.UUID(required=True)


class Seen(View):
    town = fields.Str(required=True)


class Atlas(Interface, service="atlas"):
    look = Rpc(Place, Seen, "Look it up.", holders("guide") | only("maps"))
    list_towns = Rpc(Place, Seen, "All of them.", PUBLIC)


def test_a_method_knows_its_service_and_its_name():
    assert [repr(method) for method in Atlas.methods()] == ["atlas.look", "atlas.list_towns"]
    assert [method.callers.public for method in Atlas.methods()] == [False, True]


def test_two_interfaces_keep_their_methods_apart():
    assert {method.service for method in Bell.methods()} == {"bell"}


def test_a_command_is_loaded_with_its_types():
    at = uuid4()
    assert Atlas.look.load({"town": "Samara", "at": str(at)}) == {"town": "Samara", "at": at}


class Letter(Command):
    text = fields.Str(required=True, validate=Length(max=3))
    to = fields.Email()


class Letters(Interface, service="letters"):
    send = Rpc(Letter, Seen, "Send it.", PUBLIC)


def test_p22_letters_and_their_accents_are_loaded_as_one_character():
    apart = {"text": "Цои\u0306", "to": "цои\u0306@example.org"}
    assert Letters.send.load(apart) == {"text": "Цой", "to": "цой@example.org"}


def test_a_command_that_is_wrong_is_refused_with_every_field():
    with pytest.raises(Invalid) as refused:
        Atlas.look.load({"twon": "Samara", "at": "here"})
    assert {one.field for one in refused.value.faults} == {"town", "twon", "at"}


@pytest.mark.parametrize("data", [None, [], "town", 7])
def test_a_command_that_is_no_object_is_refused(data: object):
    with pytest.raises(Invalid):
        Atlas.look.load(data)


def test_what_an_owner_adds_to_its_answer_does_not_trouble_an_older_caller():
    assert Atlas.look.answer.load({"town": "Samara", "population": 1_163_645}) == {"town": "Samara"}


def test_an_event_arrives_as_it_was_sent():
    event = Rang(bell_id=uuid4(), ring_id=uuid4(), number=3, mood="glad")
    assert Rang.from_wire(event.to_wire()) == event


def test_fields_that_an_owner_adds_to_an_event_are_passed_over():
    event = Rang(bell_id=uuid4(), ring_id=uuid4(), number=3)
    body = {**json.loads(event.to_wire()), "loudness": 11}
    assert Rang.from_wire(json.dumps(body).encode()) == event


def test_a_field_with_a_default_may_be_missing_from_an_older_event():
    body = json.dumps({"bell_id": str(uuid4()), "ring_id": str(uuid4()), "number": 1}).encode()
    assert Rang.from_wire(body).mood == ""


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b'{"number": 1}', b"\xff"])
def test_what_is_no_such_event_is_refused_as_undecodable(body: bytes):
    with pytest.raises(Invalid) as refused:
        Rang.from_wire(body)
    assert refused.value.rule == "undecodable"


def test_events_of_one_thing_are_one_aggregate():
    bell = UUID(int=7)
    first, second = (Rang(bell_id=bell, ring_id=uuid4(), number=number) for number in range(2))
    other = Rang(bell_id=uuid4(), ring_id=uuid4(), number=0)
    assert first.aggregate == second.aggregate == f"bell_id:{bell}"
    assert other.aggregate != first.aggregate


def test_ids_of_many_calls_come_once_in_order_in_parts_that_one_call_takes() -> None:
    ids = [UUID(int=number) for number in range(2 * MANY + 1)]
    parts = list(in_parts([*reversed(ids), ids[0]]))
    assert [len(part) for part in parts] == [MANY, MANY, 1]
    assert [one for part in parts for one in part] == ids
    assert list(in_parts([])) == []


GUIDE = Actor(uuid4(), uuid4(), uuid4(), uuid4(), frozenset({"guide"}))
VISITOR = Actor(uuid4(), uuid4(), uuid4(), uuid4(), frozenset({"visitor"}))
MAPS = Actor(None, roles=frozenset({"service"}), service="maps")


@pytest.mark.parametrize(
    ("callers", "admitted"),
    [
        (PUBLIC, {"nobody", "guide", "visitor", "maps"}),
        (SIGNED_IN, {"guide", "visitor"}),
        (holders("guide"), {"guide"}),
        (only("maps"), {"maps"}),
        (holders("guide") | only("maps"), {"guide", "maps"}),
        (SIGNED_IN | only("maps"), {"guide", "visitor", "maps"}),
        (Callers(), set()),
    ],
)
def test_a_method_admits_its_callers_and_nobody_else(callers: Callers, admitted: set[str]) -> None:
    for name, actor in {"nobody": None, "guide": GUIDE, "visitor": VISITOR, "maps": MAPS}.items():
        if name in admitted:
            callers.admit(actor)
            continue
        with pytest.raises(Unauthenticated if actor is None else Forbidden):
            callers.admit(actor)


def test_a_service_is_not_let_in_by_the_role_of_its_token() -> None:
    with pytest.raises(Forbidden):
        holders("service").admit(MAPS)


def test_an_answer_that_cannot_be_read_is_a_fault_of_the_service() -> None:
    assert Atlas.look.read({"town": "Samara", "tomorrow": 1}) == {"town": "Samara"}
    with pytest.raises(Fault) as failed:
        Atlas.look.read({"town": None})
    assert (failed.value.rule, failed.value.params) == ("bad-answer", {"service": "atlas"})
