"""The default dictionary of absence codes is the one of the regulation's practice."""

from __future__ import annotations

import pytest

from kernel.errors import Invalid
from services.attendance.codes.rules import DEFAULT, code_of, code_read


def test_the_default_codes_are_absent_excused_ill_late_and_on_school_business():
    assert "".join(entry.code for entry in DEFAULT) == "НУБОП"


@pytest.mark.parametrize(
    ("code", "counts_as_absent", "excused", "illness", "late"),
    [
        ("Н", True, False, False, False),
        ("У", True, True, False, False),
        ("Б", True, True, True, False),
        ("О", False, False, False, True),
        ("П", False, True, False, False),
    ],
)
def test_each_code_has_its_flags(code, counts_as_absent, excused, illness, late):
    entry = code_of(code)
    assert (entry.counts_as_absent, entry.excused, entry.illness, entry.late) == (
        counts_as_absent, excused, illness, late,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "minutes", "code"),
    [
        ("Н", None, "Н"),
        ("У", None, "У"),
        ("Б", None, "Б"),
        ("П", None, "П"),
        ("О", 15, "О"),
        ("H", None, "Н"),  # the Latin letter
        ("н/б", None, "Н"),
        ("оп.", 15, "О"),
    ],
)
def test_a_code_with_what_it_takes_is_read(typed, minutes, code):
    assert code_read(typed, minutes, "absences.0") == code


@pytest.mark.parametrize(
    ("code", "minutes", "rule", "field"),
    [
        ("Я", None, "absence-code-unknown", "absences.3.code"),
        ("нб-", None, "absence-code-unknown", "absences.3.code"),
        ("О", None, "minutes-required", "absences.3.minutes"),
        ("Н", 5, "minutes-refused", "absences.3.minutes"),
        ("Б", 1, "minutes-refused", "absences.3.minutes"),
    ],
)
def test_an_unknown_code_and_minutes_out_of_place_are_refused(code, minutes, rule, field):
    with pytest.raises(Invalid) as refused:
        code_read(code, minutes, "absences.3")
    assert (refused.value.rule, refused.value.field) == (rule, field)
    assert code in str(refused.value)
