"""Spreadsheets of small timetables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.gradebook.timetable.readers.timetables import xlsx

#: Teachers stand below the subjects, as schools write them.
SHEET: Sequence[Sequence[Any]] = [
    [None, None, '5 "А" класс', None, '5 "Б" класс', None],
    ["ПОНЕДЕЛЬНИК", 1, "Матем.", "каб. 214", "Физ-ра", "Сп.зал"],
    [None, 2, "Англ. яз.", "12/14", "Матем.", "215"],
    ["ВТОРНИК", 1, "Матем.", "214", "Матем.", "215"],
]


def sheet(rows: Sequence[Sequence[Any]] = SHEET) -> bytes:
    """A spreadsheet with these rows."""
    return xlsx(rows)


def changed_rows() -> list[list[Any]]:
    """The rows after a while: 5А has its algebra in another room and one lesson less, 5Б one more."""
    rows = [list(row) for row in SHEET]
    rows[1][3] = "216"
    rows[2][2] = rows[2][3] = None
    rows.append([None, 3, None, None, "Матем.", "215"])
    return rows


def changed_sheet() -> bytes:
    """A spreadsheet with these rows."""
    return xlsx(changed_rows())
