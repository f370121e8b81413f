"""Reads the tables of a DOCX file as sheets (ECMA-376, part 1, 17.4)."""

from __future__ import annotations

from typing import Final

from formats.container import Container
from formats.faults import Faults, Unreadable
from formats.list_numbers import ListNumbers, attribute, list_numbers, number_of
from formats.sheet_part import MOST_COLUMNS, MOST_ROWS, TOO_MANY_CELLS, TOO_MANY_COLUMNS, TOO_MANY_ROWS, plain_text
from formats.sheets import Area, Cell, Sheet
from formats.xml_parts import Budget, local, parsed
from kernel.phrases import Phrase

DOCUMENT: Final = "word/document.xml"
#: The name of a document's table in places such as `Таблица 2!B7`.
NAMED: Final = "Таблица {number}"
#: What elements without text show. A soft hyphen shows only where a line ends at it.
_SHOWN: Final = {"p": "\n", "br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "\u2011"}
#: Content that a document does not show: what was deleted or moved away with changes tracked (17.13.5), and the second
#: form of a text box, for programs that do not know its first (part 3, 10.2).
_NOT_SHOWN: Final = frozenset({"del", "moveFrom", "Fallback"})
#: The end of the names of elements that keep properties from before a tracked change.
_BEFORE_CHANGE: Final = "PrChange"
_OFF: Final = frozenset({"0", "false", "off"})

HIDDEN_ROWS = Phrase(
    ru="В таблице есть скрытые строки ({count}): они не прочитаны.",
    en="The table has hidden rows ({count}): they were not read.",
)


def word_tables(container: Container, faults: Faults) -> list[Sheet]:
    """The outer tables of a document in order; a table inside a cell becomes that cell's text.

    All that the document shows is read once: tracked changes count as accepted, text boxes are read in one of their
    forms, hidden text is left out, and numbers that Word counts itself stand before their paragraphs. Hidden rows are
    left out and told.

    Raises `Unreadable` where the document exceeds a limit or is broken.
    """
    budget = Budget()
    reader = _TablesReader(budget, list_numbers(container, budget), faults)
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
        #: For each cell of the last row: column, cell above, first cell of its area, and the area's end before it.
        self.undo: list[tuple[int, tuple[int, int] | None, tuple[int, int], tuple[int, int] | None]] = []
        self.column = 0

    def start_row(self) -> None:
        if len(self.texts) >= MOST_ROWS:
            raise Unreadable("too-many-rows", TOO_MANY_ROWS(count=MOST_ROWS))
        self.texts.append({})
        self.undo.clear()
        self.column = 0

    def add_cell(self, text: str, span: int, goes_on: bool) -> None:
        row, last = len(self.texts) - 1, self.column + span - 1
        if last >= MOST_COLUMNS:
            raise Unreadable("too-many-columns", TOO_MANY_COLUMNS(count=MOST_COLUMNS))
        first = self.above.get(self.column) if goes_on else None
        if first is None:
            first = (row, self.column)
            self.texts[row][self.column] = text
        self.undo.append((self.column, self.above.get(self.column), first, self.ends.get(first)))
        self.ends[first] = (row, last)
        self.above[self.column] = first
        self.column = last + 1

    def drop_row(self) -> None:
        """Take back the last row: the document does not show it."""
        self.texts.pop()
        for column, above, first, end in reversed(self.undo):
            if end is None:
                del self.ends[first]
            else:
                self.ends[first] = end
            if above is None:
                del self.above[column]
            else:
                self.above[column] = above

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

    def __init__(self, budget: Budget, numbers: ListNumbers, faults: Faults) -> None:
        self.tables: list[Sheet] = []
        self._budget, self._numbers, self._faults = budget, numbers, faults
        self._table: _Table | None = None
        self._depth = 0
        self._span, self._goes_on = 1, False
        self._takes_text = self._hidden = self._in_row_properties = False
        self._text: list[str] = []
        #: How many elements of content that is not shown the reader is inside of.
        self._unseen = 0
        #: Why the row is left out, if it is, and how many rows of the table were hidden.
        self._left_out = ""
        self._hidden_rows = 0
        self._list: tuple[str, int] | None = None
        self._level = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if self._unseen or name.endswith(_BEFORE_CHANGE) or (name in _NOT_SHOWN and not self._in_row_properties):
            self._unseen += 1
            return
        self._start_list(name, attributes)
        if name == "tbl":
            self._depth += 1
            if self._depth == 1:
                self._table, self._hidden_rows = _Table(), 0
        elif self._table is not None:
            self._start_run(name, attributes)
            if self._depth == 1:
                self._start_outer(self._table, name, attributes)

    def _start_list(self, name: str, attributes: dict[str, str]) -> None:
        """Note the list of a paragraph, by its own properties or its style; a list 0 is none."""
        if name == "p":
            self._list, self._level = None, 0
        elif name == "pStyle":
            self._list = self._numbers.of_style(attribute(attributes))
        elif name == "ilvl":
            self._level = number_of(attributes)
        elif name == "numId":
            self._list = attribute(attributes), self._level

    def _start_run(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("r", "p"):
            self._hidden = False
        elif name == "vanish":
            self._hidden = attribute(attributes) not in _OFF
        self._takes_text = name == "t" and not self._hidden
        if not self._hidden:
            self._text.append(_SHOWN.get(name, ""))

    def _start_outer(self, table: _Table, name: str, attributes: dict[str, str]) -> None:
        if name == "tr":
            table.start_row()
            self._left_out = ""
        elif name == "tc":
            self._span, self._goes_on = 1, False
            self._text.clear()
        elif name == "gridSpan":
            self._span = max(1, number_of(attributes))
        elif name == "gridBefore":
            table.column += number_of(attributes)
        elif name == "vMerge":
            self._goes_on = attribute(attributes) != "restart"
        elif name == "trPr":
            self._in_row_properties = True
        elif self._in_row_properties and name in ("del", "hidden") and attribute(attributes) not in _OFF:
            self._left_out = name

    def text(self, characters: str) -> None:
        if self._takes_text:
            self._text.append(characters)

    def end(self, tag: str) -> None:
        self._takes_text = False
        if self._unseen:
            self._unseen -= 1
            return
        name = local(tag)
        if name == "pPr" and self._list is not None and not self._left_out:
            self._text.append(self._numbers.next(*self._list))
        elif name == "trPr":
            self._in_row_properties = False
        elif self._table is not None and self._depth == 1:
            self._end_outer(self._table, name)
        elif name == "tbl" and self._depth:
            self._depth -= 1

    def _end_outer(self, table: _Table, name: str) -> None:
        if name == "tc" and table.texts:
            table.add_cell(plain_text("".join(self._text)).strip(), self._span, self._goes_on)
        elif name == "tr" and self._left_out:
            table.drop_row()
            self._hidden_rows += self._left_out == "hidden"
            self._left_out = ""
        elif name == "tbl":
            self._depth = 0
            sheet = table.sheet(NAMED.format(number=len(self.tables) + 1), self._budget)
            self.tables.append(sheet)
            self._table = None
            if self._hidden_rows:
                self._faults.add(sheet.name, "hidden-rows", HIDDEN_ROWS(count=self._hidden_rows))
