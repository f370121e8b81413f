"""The dictionary of absence codes through the service."""

from __future__ import annotations

from contracts.attendance.codes import Codes
from tests.kit.calls import call


def test_the_codes_are_a_dictionary_with_flags(service, school):
    answer = call(service, Codes.codes, school.mother)
    assert [entry["code"] for entry in answer["codes"]] == ["Н", "У", "Б", "О", "П"]
