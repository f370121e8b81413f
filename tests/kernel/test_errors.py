"""Failures cross the wire as themselves."""

from __future__ import annotations

import json

import pytest

from kernel import errors
from kernel.errors import Conflict, Fault, FieldFault, Invalid, LyceumError, Stale, from_schema, from_wire


def sent(error: LyceumError) -> LyceumError:
    """What a caller makes of the failure."""
    return from_wire(json.loads(json.dumps(error.to_wire())))


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Refused", 400), ("Invalid", 422), ("Unauthenticated", 401), ("Forbidden", 403), ("NotFound", 404),
        ("Conflict", 409), ("Stale", 412), ("Throttled", 429), ("Fault", 500), ("Unavailable", 503), ("TimedOut", 504),
    ],
)  # fmt: skip
def test_each_kind_arrives_as_itself_with_its_status(name: str, status: int):
    arrived = sent(getattr(errors, name)("No."))
    assert type(arrived) is getattr(errors, name)
    assert arrived.status == status


def test_a_refusal_arrives_with_its_rule_field_parameters_and_faults():
    faults = (FieldFault("marks.0.value", "scale", "A mark is 2 to 5."),)
    arrived = sent(Conflict("{n} of {most}.", rule="too-many", field="marks", faults=faults, n=6, most=5))
    assert (arrived.rule, arrived.field, arrived.params) == ("too-many", "marks", {"n": 6, "most": 5})
    assert arrived.faults == faults
    assert str(arrived) == "6 of 5."


def test_a_refusal_without_a_rule_is_called_by_its_kind():
    assert sent(Invalid("No.")).rule == "invalid"


def test_a_message_with_braces_and_no_parameters_is_said_as_it_is():
    assert str(Invalid("Write {} around it.")) == "Write {} around it."


def test_a_parameter_may_have_a_name_that_the_constructor_uses():
    error = Stale("Someone was first.")
    error.params = {"message": "theirs", "rule": "r", "field": "f"}
    assert sent(error).params == error.params


@pytest.mark.parametrize("wire", [{}, {"kind": "omnipotent", "message": "Obey."}, {"kind": None}])
def test_a_kind_nobody_knows_is_a_fault_and_never_more(wire: dict):
    assert type(from_wire(wire)) is Fault


def test_a_schema_s_complaints_name_each_field_by_its_path():
    refused = from_schema(
        {"marks": {0: {"value": ["Not a number."]}}, "day": ["Missing.", "Really."], "_schema": ["x"]}
    )
    assert [(one.field, one.message) for one in refused.faults] == [
        ("marks.0.value", "Not a number."), ("day", "Missing."), ("day", "Really."), ("", "x"),
    ]  # fmt: skip
    assert (refused.field, refused.rule) == ("marks.0.value", "schema")
