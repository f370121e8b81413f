"""What stands on the wire: frozen names, envelopes, events and failures that read as they were written."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import errors
from kernel.bus import wire
from kernel.errors import Fault, FieldFault, Invalid, LyceumError, Stale
from tests.kernel.bell import Bell, Rang

texts = st.text(max_size=20)
envelopes = st.builds(
    wire.Envelope,
    name=texts,
    tenant=st.none() | texts,
    call_id=texts,
    deadline=st.none() | st.floats(0, 1e10),
    token=st.none() | texts,
    idempotency_key=st.none() | texts,
    attempts=st.integers(0, 10),
    reason=texts,
)


def test_names_are_frozen():
    names = {
        wire.CALLS,
        wire.REPLIES,
        wire.HEADER,
        wire.calls_queue("bell"),
        wire.events_exchange("bell"),
        wire.handler_queue("bell", "on_rang"),
        wire.retry_exchange("bell"),
        wire.wait_name("bell", 30),
        wire.park_exchange("bell"),
        wire.parked_queue("bell"),
    }
    assert names == {
        "lyceum.calls", "lyceum.replies", "lyceum", "bell.calls", "bell.events", "bell.on_rang", "bell.retry",
        "bell.wait.30", "bell.park", "bell.parked",
    }  # fmt: skip


def test_a_failed_event_waits_ever_longer_and_is_then_given_up():
    assert [wire.retry_delay(attempts) for attempts in range(1, 7)] == [1, 5, 30, 120, 600, None]


@given(envelopes)
def test_an_envelope_reads_as_it_was_written(envelope):
    assert wire.envelope_of({wire.HEADER: envelope.encode()}) == envelope


def test_an_envelope_holds_only_what_is_not_the_default():
    assert json.loads(wire.Envelope(name="ring").encode()) == {"name": "ring"}


def test_an_envelope_of_an_older_sender_that_names_the_caller_s_language_is_read():
    older = '{"name": "ring", "language": "en", "call_id": "call-1"}'
    assert wire.envelope_of({wire.HEADER: older}) == wire.Envelope(name="ring", call_id="call-1")


def test_an_unknown_member_of_an_envelope_is_passed_over():
    assert wire.envelope_of({wire.HEADER: '{"name": "ring", "colour": "red"}'}) == wire.Envelope(name="ring")


@pytest.mark.parametrize(
    ("headers", "rule"),
    [
        (None, "no-envelope"),
        ({}, "no-envelope"),
        ({wire.HEADER: {"name": "ring"}}, "no-envelope"),
        ({wire.HEADER: b"{}"}, "no-envelope"),
        ({wire.HEADER: ""}, "bad-envelope"),
        ({wire.HEADER: "[]"}, "bad-envelope"),
        ({wire.HEADER: '{"deadline": "soon"}'}, "bad-envelope"),
        ({wire.HEADER: '{"name": "\ud800"}'}, "bad-envelope"),
        ({wire.HEADER: '{"x": ' + "[" * 100_000}, "bad-envelope"),
    ],
)
def test_what_is_no_envelope_is_refused(headers, rule):
    with pytest.raises(Invalid) as refused:
        wire.envelope_of(headers)
    assert refused.value.rule == rule


def test_an_event_reads_as_it_was_written_and_passes_over_unknown_members():
    event = Rang(bell_id=uuid4(), ring_id=uuid4(), number=7)
    told = json.loads(event.to_wire()) | {"colour": "red"}
    assert Rang.from_wire(json.dumps(told).encode()) == event
    assert event.aggregate == f"bell_id:{event.bell_id}"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"bell_id": 1}', b'{"mood": "\xff"}', b'{"x":' + b"[" * 100_000])
def test_what_is_no_event_is_refused_as_undecodable(body):
    with pytest.raises(Invalid) as refused:
        Rang.from_wire(body)
    assert refused.value.rule == "undecodable"


def kinds(cls: type[LyceumError]) -> list[type[LyceumError]]:
    return [cls, *(deeper for sub in cls.__subclasses__() for deeper in kinds(sub))]


@pytest.mark.parametrize("cls", [cls for cls in kinds(LyceumError) if cls is not LyceumError])
def test_every_failure_crosses_the_wire_as_itself(cls):
    faults = (FieldFault("marks.0.value", "range", "Not a mark."),)
    sent = cls("No {what}.", rule="why-not", field="marks", faults=faults, what="way")
    got = errors.from_wire(json.loads(json.dumps(sent.to_wire())))
    assert type(got) is cls
    assert (got.rule, got.field, got.faults, got.params) == ("why-not", "marks", faults, {"what": "way"})
    assert str(got) == "No way."


def test_a_stale_failure_brings_the_present_state():
    assert errors.from_wire(Stale("Changed.", present={"value": 5}).to_wire()).params == {"present": {"value": 5}}


def test_a_failure_of_an_unknown_kind_is_a_fault():
    got = errors.from_wire({"kind": "apocalypse", "message": "The end."})
    assert type(got) is Fault
    assert str(got) == "The end."


def test_a_misspelt_member_of_a_command_is_named():
    with pytest.raises(Invalid) as refused:
        Bell.echo.load({"words": "hi", "secnods": 1})
    assert (refused.value.rule, refused.value.field) == ("schema", "secnods")


@pytest.mark.parametrize("command", [None, [], "words", 7])
def test_a_command_that_is_no_object_is_refused(command):
    with pytest.raises(Invalid):
        Bell.echo.load(command)
