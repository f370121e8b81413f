"""Reads the tables of a DOCX file as sheets (ECMA-376, part 1, 17.4)."""

from __future__ import annotations

from typing import Final

from formats.container import Container
from formats.faults import Unreadable
from formats.sheet_part import MOST_COLUMNS, MOST_ROWS, TOO_MANY_CELLS, TOO_MANY_COLUMNS, TOO_MANY_ROWS, plain_text
from formats.sheets import Area, Cell, Sheet
from formats.xml_parts import Budget, local, parsed

DOCUMENT: Final = "word/document.xml"
#: The name of a document's table in places such as `Таблица 2!B7`.
NAMED: Final = "Таблица {number}"
_BREAKS: Final = {"p": "\n", "br": "\n", "cr": "\n", "tab": " "}


def word_tables(container: Container) -> list[Sheet]:
    """The outer tables of a document in order; a table inside a cell becomes that cell's text.

    Raises `Unreadable` where the document exceeds a limit or is broken.
    """
    budget = Budget()
    reader = _TablesReader(budget)
    parsed(container.part(DOCUMENT), DOCUMENT, budget, reader.start, reader.end, reader.text)
    return reader.tables


class _Table:
    """A table that is being read."""

    def __init__(self) -> None:
        self.texts: list[dict[int, str]] = []
        #: The last row and column of each cell, by its first row and column.
        self.ends: dict[tuple[int, int], tuple[int, int]] = {}
        #: The last cell of each column, which a vertically merged cell continues.
        self.above: dict[int, tuple[int, int]] = {}
        self.column = 0

    def start_row(self) -> None:
        if len(self.texts) >= MOST_ROWS:
            raise Unreadable("too-many-rows", TOO_MANY_ROWS(count=MOST_ROWS))
        self.texts.append({})
        self.column = 0

    def add_cell(self, text: str, span: int, goes_on: bool) -> None:
        row, last = len(self.texts) - 1, self.column + span - 1
        if last >= MOST_COLUMNS:
            raise Unreadable("too-many-columns", TOO_MANY_COLUMNS(count=MOST_COLUMNS))
        first = self.above.get(self.column) if goes_on else None
        if first is None:
            first = (row, self.column)
            self.texts[row][self.column] = text
        self.ends[first] = (row, last)
        self.above[self.column] = first
        self.column = last + 1

    def sheet(self, name: str, budget: Budget) -> Sheet:
        width = max((right + 1 for _, right in self.ends.values()), default=0)
        budget.cells -= width * len(self.texts)
        if budget.cells < 0:
            raise Unreadable("too-many-cells", TOO_MANY_CELLS(), name)
        rows: list[tuple[Cell, ...]] = [
            tuple(texts.get(column) or None for column in range(width)) for texts in self.texts
        ]
        areas = tuple(Area(*first, *end) for first, end in self.ends.items() if first != end)
        # Cells merged across columns can overlap, and each area is filled separately, so each counts.
        budget.cells -= max(0, sum(area.cells for area in areas) - width * len(self.texts))
        if budget.cells < 0:
            raise Unreadable("too-many-cells", TOO_MANY_CELLS(), name)
        return Sheet(name, tuple(rows), areas)


class _TablesReader:
    """Handles the elements of a document."""

    def __init__(self, budget: Budget) -> None:
        self.tables: list[Sheet] = []
        self._budget = budget
        self._table: _Table | None = None
        self._depth = 0
        self._span, self._goes_on = 1, False
        self._takes_text = False
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "tbl":
            self._depth += 1
            if self._depth == 1:
                self._table = _Table()
        elif self._table is not None:
            self._takes_text = name == "t"
            self._text.append(_BREAKS.get(name, ""))
            if self._depth == 1:
                self._start_outer(self._table, name, attributes)

    def _start_outer(self, table: _Table, name: str, attributes: dict[str, str]) -> None:
        if name == "tr":
            table.start_row()
        elif name == "tc":
            self._span, self._goes_on = 1, False
            self._text.clear()
        elif name == "gridSpan":
            self._span = max(1, _number(attributes))
        elif name == "gridBefore":
            table.column += _number(attributes)
        elif name == "vMerge":
            self._goes_on = _value(attributes) != "restart"

    def text(self, characters: str) -> None:
        if self._takes_text:
            self._text.append(characters)

    def end(self, tag: str) -> None:
        self._takes_text = False
        name = local(tag)
        if self._table is None:
            return
        if name == "tc" and self._depth == 1 and self._table.texts:
            self._table.add_cell(plain_text("".join(self._text)).strip(), self._span, self._goes_on)
        elif name == "tbl":
            self._depth -= 1
            if not self._depth:
                self.tables.append(self._table.sheet(NAMED.format(number=len(self.tables) + 1), self._budget))
                self._table = None


def _value(attributes: dict[str, str]) -> str:
    return next((value for key, value in attributes.items() if local(key) == "val"), "")


def _number(attributes: dict[str, str]) -> int:
    value = _value(attributes)
    return int(value) if value.isdecimal() and len(value) < 5 else 0
