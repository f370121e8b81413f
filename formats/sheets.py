"""A spreadsheet as plain values: workbook, sheets, cells, merged areas, and references to cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

Cell = None | str | Decimal | date | datetime | time | bool

_LETTERS: Final = 26
_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_SPACES: Final = re.compile(r"[^\S\n]+")


@dataclass(frozen=True, slots=True)
class Area:
    """A merged area; rows and columns count from 0, and the last ones are included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def cells(self) -> int:
        """The number of merged cells."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet. All rows have the same length and count from 0 at A1. A merged area's value is in its first cell."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[Area, ...] = ()
    hidden: bool = False
    #: Whether numbers of days count from 1904, not from 1900.
    from_1904: bool = False

    @property
    def width(self) -> int:
        """The number of columns, up to the last cell with a value."""
        return len(self.rows[0]) if self.rows else 0

    def cell(self, row: int, column: int) -> Cell:
        """The value of a cell; None beyond the last row or column."""
        if 0 <= row < len(self.rows) and 0 <= column < self.width:
            return self.rows[row][column]
        return None

    def text(self, row: int, column: int) -> str:
        """The value of a cell as text, without surrounding spaces; "" for an empty cell."""
        return cell_text(self.cell(row, column))

    def filled(self) -> Sheet:
        """The sheet with the value of each merged area in all its cells; the areas are kept."""
        rows = [list(row) for row in self.rows]
        for area in self.merged:
            value = self.cell(area.top, area.left)
            for row in rows[area.top : area.bottom + 1]:
                for column in range(area.left, min(area.right + 1, self.width)):
                    row[column] = value
        return replace(self, rows=tuple(tuple(row) for row in rows))


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a file in order, including hidden ones."""

    sheets: tuple[Sheet, ...]


def cell_text(value: Cell) -> str:
    """A value as a Russian spreadsheet shows it; runs of spaces inside texts become one space."""
    if value is None:
        return ""
    if isinstance(value, str):  # a reader asks for the same texts often: most are one word
        return value if value.isalnum() else _SPACES.sub(" ", value).strip()
    if isinstance(value, bool):
        return "ИСТИНА" if value else "ЛОЖЬ"
    if isinstance(value, datetime):
        return value.strftime("%d.%m.%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return format(value, "f").replace(".", ",")


def column_letters(column: int) -> str:
    """The name of a column, which counts from 0: `A`, `Z`, `AA`."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters


def place(sheet: Sheet, row: int, column: int) -> str:
    """A cell's reference for people: `Лист1!B7`, or `B7` where the sheet has no name."""
    cell = f"{column_letters(column)}{row + 1}"
    return f"{sheet.name}!{cell}" if sheet.name else cell


def position(reference: str) -> tuple[int, int] | None:
    """Row and column, counting from 0, of a reference such as `B7`; None where it is no reference."""
    found = _REFERENCE.fullmatch(reference)
    if found is None or int(found[2]) == 0:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1
