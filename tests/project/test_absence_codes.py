"""The gradebook reads the absence codes that attendance keeps: neither service may import the other's."""

from __future__ import annotations

from services.attendance.codes.rules import DEFAULT
from services.gradebook.marks.rules.cells import ABSENCE_CODES


def test_cells_are_read_with_the_codes_of_attendances_dictionary() -> None:
    assert tuple(entry.code for entry in DEFAULT) == ABSENCE_CODES
