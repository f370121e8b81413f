"""Reads the XML of one sheet: cells, merged areas and faults of cells (ECMA-376, part 1, 18.3)."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from formats.faults import Faults, Unreadable
from formats.serials import Shows, moment, plain_number
from formats.sheets import Area, Cell, Sheet, column_letters, place, position
from formats.xml_parts import Budget, local, parsed
from kernel.look_alikes import composed
from kernel.phrases import Phrase

#: A plan has some hundred rows, a large school's timetable a thousand, a year's list of lessons ten thousand.
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 500

TOO_MANY_ROWS = Phrase(
    ru="На листе больше {count} строк: таких планов и расписаний не бывает.",
    en="The sheet has more than {count} rows: no plan or timetable does.",
)
TOO_MANY_COLUMNS = Phrase(
    ru="На листе больше {count} столбцов: таких планов и расписаний не бывает.",
    en="The sheet has more than {count} columns: no plan or timetable does.",
)
TOO_MANY_CELLS = Phrase(
    ru="На листах слишком много ячеек или текста: таких планов и расписаний не бывает.",
    en="The sheets have too many cells or too much text: no plan or timetable does.",
)
TOO_MANY_MERGED = Phrase(ru="На листе слишком много объединённых ячеек.", en="The sheet has too many merged cells.")
ERROR_VALUE = Phrase(ru="В ячейке ошибка {value}.", en="The cell holds the error {value}.")
NO_CACHED_VALUE = Phrase(
    ru="Формула не посчитана. Откройте файл в табличном редакторе и сохраните его заново.",
    en="The formula has no result. Open the file in a spreadsheet program and save it again.",
)
BAD_NUMBER = Phrase(ru="Число «{value}» не читается.", en="The number “{value}” cannot be read.")
BAD_DATE = Phrase(
    ru="Ячейка оформлена как дата, но число {value} датой не является.",
    en="The cell is formatted as a date, but the number {value} is no date.",
)
HIDDEN = Phrase(
    ru="Скрытые строки ({rows}) и столбцы ({columns}) не прочитаны.",
    en="Hidden rows ({rows}) and columns ({columns}) were not read.",
)
HIDDEN_ROWS = Phrase(ru="Скрытые строки не прочитаны: {rows}.", en="Hidden rows were not read: {rows}.")
HIDDEN_COLUMNS = Phrase(ru="Скрытые столбцы не прочитаны: {columns}.", en="Hidden columns were not read: {columns}.")
BAD_CELL = Phrase(ru="Содержимое ячейки не читается.", en="The content of the cell cannot be read.")

_ON: Final = frozenset({"1", "true"})
#: The most spans of hidden rows that a fault lists.
_MOST_SPANS: Final = 20
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CONTROLS: Final = {code: None for code in range(32) if chr(code) not in "\t\n"} | dict.fromkeys(range(0xD800, 0xE000))


@dataclass(frozen=True, slots=True)
class Book:
    """What cells of all sheets refer to: shared texts, what each style shows, and the date system."""

    texts: Sequence[str] = ()
    styles: Sequence[Shows] = ()
    from_1904: bool = False


def plain_text(text: str) -> str:
    """A stored text with escapes (`_x000D_`) decoded, composed, without characters that no document may contain."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return composed(text.translate(_CONTROLS))


def read_sheet(content: bytes, part: str, sheet: Sheet, book: Book, budget: Budget, faults: Faults) -> Sheet:
    """Read a part into a sheet; `sheet` gives its name. Raises `Unreadable` where it exceeds a limit.

    Cells of hidden rows and columns are empty, and a fault names the rows and columns: no reader takes what people do
    not see for part of a plan or timetable, and none hides it from them.
    """
    reader = _SheetReader(sheet, book, budget, faults)
    parsed(content, part, budget, reader.start, reader.end, reader.text)
    return reader.result()


class _SheetReader:
    """Handles the elements of one sheet."""

    def __init__(self, sheet: Sheet, book: Book, budget: Budget, faults: Faults) -> None:
        self._sheet, self._book, self._budget, self._faults = sheet, book, budget, faults
        self._cells: dict[tuple[int, int], Cell] = {}
        self._merged: list[Area] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._row = self._column = -1
        self._kind = self._style = ""
        self._inside = self._formula = self._takes_text = self._phonetic = False
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self._start_row(attributes)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "col":
            self._start_columns(attributes)
        elif self._inside:
            self._takes_text = name in ("v", "t") and not self._phonetic
            self._formula = self._formula or name == "f"
            self._phonetic = self._phonetic or name == "rPh"

    def text(self, text: str) -> None:
        if self._takes_text:
            self._text.append(text)

    def end(self, tag: str) -> None:
        self._takes_text = False
        if not self._inside:
            return
        name = local(tag)
        if name == "c":
            self._end_cell()
        elif name == "rPh":
            self._phonetic = False

    def result(self) -> Sheet:
        height = max((row for row, _ in self._cells), default=-1) + 1
        width = max((column for _, column in self._cells), default=-1) + 1
        self._take(height * width, 0)
        rows: list[list[Cell]] = [[None] * width for _ in range(height)]
        for (row, column), value in self._cells.items():
            rows[row][column] = value
        areas = tuple(area for area in self._merged if area.top < height and area.left < width)
        areas = self._shown(rows, areas)
        for area in areas:
            self._take(_covered(area, height, width), _length(rows[area.top][area.left]))
        return Sheet(self._sheet.name, tuple(map(tuple, rows)), areas, self._sheet.hidden, self._book.from_1904)

    def _shown(self, rows: list[list[Cell]], areas: tuple[Area, ...]) -> tuple[Area, ...]:
        """Empty the cells of hidden rows and columns, add a fault for those with values, and return the areas shown.

        The value of an area that begins in them moves to its first cell that is shown, as the program shows it there.
        """
        if not (self._hidden_rows or self._hidden_columns):
            return areas
        next_row = _next_shown(self._hidden_rows, len(rows))
        next_column = _next_shown(self._hidden_columns, len(rows[0]) if rows else 0)
        shown: list[Area] = []
        moved: set[tuple[int, int]] = set()
        for area in areas:
            row, column = next_row[area.top], next_column[area.left]
            if (row, column) != (area.top, area.left) and row <= area.bottom and column <= area.right:
                rows[row][column] = rows[area.top][area.left]
                moved.add((area.top, area.left))
            if row <= area.bottom and column <= area.right:
                shown.append(Area(row, column, area.bottom, area.right))
        lost = {cell for cell in self._cells if self._is_hidden(*cell)}
        for row, column in lost:
            rows[row][column] = None
        self._note_hidden(lost - moved)
        return tuple(shown)

    def _is_hidden(self, row: int, column: int) -> bool:
        return row in self._hidden_rows or column in self._hidden_columns

    def _note_hidden(self, lost: set[tuple[int, int]]) -> None:
        rows = {row for row, _ in lost if row in self._hidden_rows}
        columns = {column for row, column in lost if row not in self._hidden_rows}
        listed = {"rows": _spans(rows, lambda row: str(row + 1)), "columns": _spans(columns, column_letters)}
        if rows or columns:
            phrase = HIDDEN if rows and columns else HIDDEN_ROWS if rows else HIDDEN_COLUMNS
            self._faults.add(self._sheet.name, "hidden-cells", phrase(**listed))

    def _take(self, cells: int, length: int) -> None:
        self._budget.cells -= cells
        self._budget.characters -= cells * length
        if self._budget.cells < 0 or self._budget.characters < 0:
            raise Unreadable("too-many-cells", TOO_MANY_CELLS(), self._sheet.name)

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        self._row = int(number) - 1 if number.isdecimal() and 0 < len(number) < 8 else self._row + 1
        self._column = -1
        if attributes.get("hidden") in _ON or attributes.get("ht") == "0":
            self._hidden_rows.add(self._row)

    def _start_columns(self, attributes: dict[str, str]) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        hidden = attributes.get("hidden") in _ON or attributes.get("width") == "0"
        if hidden and all(one.isdecimal() and len(one) < 8 for one in (first, last)):
            self._hidden_columns.update(range(int(first) - 1, min(int(last), MOST_COLUMNS)))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        found = position(attributes.get("r", ""))
        self._row, self._column = found or (max(self._row, 0), self._column + 1)
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._inside, self._formula, self._phonetic = True, False, False
        self._text.clear()

    def _end_cell(self) -> None:
        self._inside = False
        text = "".join(self._text)
        if text:
            self._keep(self._value(text))
        elif self._formula and self._kind != "str":
            self._fault("formula-without-value", NO_CACHED_VALUE)

    def _keep(self, value: Cell) -> None:
        if value is None:
            return
        if self._row >= MOST_ROWS:
            raise Unreadable("too-many-rows", TOO_MANY_ROWS(count=MOST_ROWS), self._sheet.name)
        if self._column >= MOST_COLUMNS:
            raise Unreadable("too-many-columns", TOO_MANY_COLUMNS(count=MOST_COLUMNS), self._sheet.name)
        self._take(1, _length(value))
        self._cells[self._row, self._column] = value

    def _value(self, text: str) -> Cell:
        if self._kind == "n":
            return self._number(text)
        if self._kind == "s":
            return self._shared(text)
        if self._kind in ("str", "inlineStr"):
            return plain_text(text) or None
        if self._kind == "b":
            return text.strip() == "1"
        if self._kind == "d":
            return self._written_date(text)
        self._fault("error-value", ERROR_VALUE, value=plain_text(text)[:20])
        return None

    def _number(self, text: str) -> Cell:
        number = plain_number(text)
        if number is None:
            self._fault("bad-number", BAD_NUMBER, value=plain_text(text)[:20])
            return None
        style = int(self._style) if self._style.isdecimal() and len(self._style) < 7 else 0
        shows = self._book.styles[style] if style < len(self._book.styles) else Shows.NUMBER
        if shows is Shows.NUMBER or (shows is Shows.TIME and number >= 1):
            return number
        day = moment(number, shows, self._book.from_1904)
        if day is None:
            self._fault("bad-date", BAD_DATE, value=number)
        return day

    def _shared(self, text: str) -> Cell:
        index = int(text) if text.isdecimal() and len(text) < 8 else -1
        if 0 <= index < len(self._book.texts):
            return self._book.texts[index] or None
        self._fault("bad-cell", BAD_CELL)
        return None

    def _written_date(self, text: str) -> Cell:
        try:
            written = datetime.fromisoformat(text.strip()).replace(tzinfo=None)
        except ValueError:
            self._fault("bad-cell", BAD_CELL)
            return None
        return _date_or_moment(written)

    def _fault(self, rule: str, reason: Phrase, **values: object) -> None:
        self._faults.add(place(self._sheet, self._row, self._column), rule, reason(**values))

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, end = position(first), position(last or first)
        if start is None or end is None or end < start or end[1] < start[1]:
            return
        self._budget.merged -= 1
        if self._budget.merged < 0:
            raise Unreadable("too-many-merged", TOO_MANY_MERGED(), self._sheet.name)
        self._merged.append(Area(*start, *end))


def _next_shown(hidden: Container[int], size: int) -> list[int]:
    """The first row or column at or behind each of `size` that is not hidden; one beyond all where there is none."""
    following = [sys.maxsize] * (size + 1)
    for number in reversed(range(size)):
        following[number] = following[number + 1] if number in hidden else number
    return following


def _spans(numbers: Iterable[int], named: Callable[[int], str]) -> str:
    """Numbers as people list them, `3, 5–7`, each by its name; the first of very many."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    named_spans = [named(first) if first == last else f"{named(first)}–{named(last)}" for first, last in spans]
    return ", ".join([*named_spans[:_MOST_SPANS], *["…"][: len(named_spans) > _MOST_SPANS]])


def _date_or_moment(written: datetime) -> date | datetime:
    return written if written.hour or written.minute or written.second else written.date()


def _covered(area: Area, height: int, width: int) -> int:
    return (min(area.bottom, height - 1) - area.top + 1) * (min(area.right, width - 1) - area.left + 1)


def _length(value: Cell) -> int:
    return len(value) if isinstance(value, str) else 0
