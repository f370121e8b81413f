"""Failures cross the wire as themselves."""

from __future__ import annotations

import json

import pytest

from kernel import errors
from kernel.errors import Conflict, Fault, FieldFault, Invalid, LyceumError, Stale, from_schema, from_wire
from kernel.texts import Text


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


def test_a_parameter_that_is_a_text_arrives_as_a_text():
    inner = Text("{n} of {most}.", {"n": 6, "most": 5})
    arrived = sent(Invalid("Line {item}: {fault}", item="a", fault=inner))
    assert arrived.params == {"item": "a", "fault": inner}
    assert str(arrived) == "Line a: 6 of 5."


def test_who_knows_no_texts_reads_sentences():
    wire = Invalid(
        "Line {item}: {fault}",
        item="a",
        fault=Text("{n} of {most}.", {"n": 6, "most": 5}),
        faults=(FieldFault("n", "most", "At most {most}.", {"most": 5}), FieldFault("m", "least", "Not so few.")),
    ).to_wire()
    assert wire["params"] == {"item": "a", "fault": "6 of 5."}
    assert [fault["message"] for fault in wire["faults"]] == ["At most 5.", "Not so few."]


def test_a_fault_arrives_with_its_template_and_parameters():
    fault = FieldFault("marks", "most", "At most {most}, {why}.", {"most": 5, "why": Text("as {this}", {"this": 1})})
    (arrived,) = sent(Invalid("No.", faults=(fault,))).faults
    assert arrived == fault
    assert str(arrived.text) == "At most 5, as 1."


def test_a_fault_of_an_older_sender_is_its_sentence():
    (arrived,) = from_wire({"faults": [{"field": "a", "rule": "b", "message": "Write {} there."}]}).faults
    assert str(arrived.text) == "Write {} there."


def test_a_text_made_elsewhere_is_raised_with_all_of_it():
    text = Text("{n} of {most}.", {"n": 6, "most": 5})
    refused = Conflict.of(text, rule="too-many", field="marks")
    assert (type(refused), refused.text, refused.rule, refused.field) == (Conflict, text, "too-many", "marks")


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
