"""Faults of a bundle: their places, and how many are told."""

from __future__ import annotations

from kernel.errors import FieldFault
from kernel.texts import Text
from services.identity.bundles.rules.faults import MOST, Fault, Faults

TEXT = Text("“{value}” is no date.", {"value": "вчера"})


def test_a_fault_is_told_with_its_place_its_words_and_their_template() -> None:
    fault = Fault("users.csv", 3, "birthDate", "bad-date", TEXT, left_out=True)
    assert fault.as_view() == {
        "file": "users.csv", "line": 3, "field": "birthDate", "rule": "bad-date", "message": "“вчера” is no date.",
        "text": TEXT.to_wire(), "left_out": True,
    }  # fmt: skip
    assert fault.as_field() == FieldFault.of("users.csv:3:birthDate", "bad-date", TEXT)


def test_behind_the_limit_one_fault_says_that_there_are_more() -> None:
    faults = Faults()
    for line in range(MOST + 3):
        faults.leave_out("users.csv", "bad-date", TEXT, line + 2)
    *_, before, last = faults.left_out
    assert (before.line, len(faults.left_out)) == (MOST + 1, MOST + 1)
    assert last == Fault(
        "users.csv", None, None, "too-many-faults",
        Text("More than {most} faults: the rest is not listed.", {"most": MOST}), left_out=True,
    )  # fmt: skip
    assert str(last.text) == f"More than {MOST} faults: the rest is not listed."
