"""Reads a school's timetable from a spreadsheet with days down and classes across."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from itertools import islice
from operator import attrgetter
from typing import Final

from formats.faults import Faults, Unreadable
from formats.result import Fault, Reading, refused
from formats.sheets import Area, Sheet, Workbook, place
from formats.unread import HIDDEN_SHEET
from formats.weekdays import weekday
from formats.workbook import read_workbook
from kernel.phrases import Phrase
from services.gradebook.timetable.readers.class_names import ClassName
from services.gradebook.timetable.readers.timetable import (
    MOST_LESSONS,
    NOT_A_TIMETABLE,
    TOO_MANY_LESSONS,
    Bell,
    Timetable,
    TimetableLesson,
    timetable_reading,
)
from services.gradebook.timetable.readers.timetable_cells import LONGEST_CELL, LessonPart, lesson_cell
from services.gradebook.timetable.readers.timetable_layout import (
    Block,
    ClassColumns,
    Lane,
    blocks,
    is_clock,
    lesson_number,
)

#: The most cells in all sheets, empty ones included: more than twice those of a school of 150 classes.
MOST_CELLS: Final = 40_000
_SHOWN: Final = 60
#: The most characters in all cells with lessons, rooms and teachers: a school of 150 classes has some 90,000.
MOST_CHARACTERS: Final = 150_000
#: The most characters in all cells, notes and titles included.
MOST_TEXT: Final = 1_000_000
_CLOCK: Final = re.compile(r"\b([01]?[0-9]|2[0-3])[.:]([0-5][0-9])\b")

TOO_MANY_CELLS = Phrase(
    ru="На листах больше {most} ячеек: это не расписание одной школы.",
    en="The sheets have more than {most} cells: this is not the timetable of one school.",
)
SHEET_WITHOUT_TIMETABLE = Phrase(
    ru="На листе нет расписания: не найдены строка с классами и номера уроков.",
    en="The sheet has no timetable: no row of classes and no numbers of lessons were found.",
)
UNKNOWN_CLASS = Phrase(
    ru="Заголовок «{text}» не читается как название класса: его уроки пропущены.",
    en="The heading “{text}” cannot be read as the name of a class: its lessons are left out.",
)
NO_DAY = Phrase(
    ru="Урок «{text}» стоит выше первого дня недели и пропущен.",
    en="The lesson “{text}” stands above the first day of the week and is left out.",
)
NO_NUMBER = Phrase(
    ru="У урока «{text}» нет номера, и над ним его нет; урок пропущен.",
    en="The lesson “{text}” has no number, nor is there one above it; it is left out.",
)
ROOMS_DO_NOT_MATCH = Phrase(
    ru="Кабинеты или учителя не делятся между подгруппами: «{text}».",
    en="Rooms or teachers cannot be told apart by subgroup: “{text}”.",
)
NUMBER_REPEATED = Phrase(
    ru="Номер урока {number} повторяется у класса {class_name} в один день.",
    en="The lesson number {number} occurs twice on one day of the class {class_name}.",
)
ROOM_WITHOUT_LESSON = Phrase(ru="Указан кабинет «{text}», но урока нет.", en="A room, “{text}”, but no lesson.")
TOO_LONG = Phrase(ru="Слишком длинный текст для урока; ячейка пропущена.", en="Too long for a lesson; left out.")


def read_timetable_sheet(content: bytes) -> Reading[Timetable]:
    """Read the timetable in an XLSX file from all visible sheets that have one.

    A row that names classes («5А», «10 "Б" класс») begins a block. Below it, a day applies until the next day and a
    number until the next number: rows without a number, or merged under one, are subgroups at the same time. A cell
    merged over several classes is a lesson of each. `timetable_cells.lesson_cell` parses the cells.
    """
    reading = read_workbook(content)
    if reading.value is None:
        return Reading(None, reading.faults)
    return timetable_of(reading.value, reading.faults)


def timetable_of(workbook: Workbook, found: tuple[Fault, ...] = ()) -> Reading[Timetable]:
    """Read the timetable in a workbook; `found` are earlier faults."""
    if sum(len(sheet.rows) * sheet.width for sheet in workbook.sheets) > MOST_CELLS:
        return refused("too-many-cells", TOO_MANY_CELLS(most=MOST_CELLS))
    texts = (cell for sheet in workbook.sheets for row in sheet.rows for cell in row if isinstance(cell, str))
    if sum(map(len, texts)) > MOST_TEXT:
        return refused("too-many-lessons", TOO_MANY_LESSONS(most=MOST_LESSONS))
    faults = Faults()
    faults.extend(found)
    readers = list(_readers(workbook, faults))
    if not readers:
        return refused("not-a-timetable", NOT_A_TIMETABLE())
    try:
        lessons = list(islice((lesson for reader in readers for lesson in reader.lessons()), MOST_LESSONS + 1))
    except Unreadable as error:
        return Reading(None, (*faults.all(), error.fault))
    bells: dict[int, Bell] = {}
    for bell in (bell for reader in readers for bell in reader.bells()):
        bells.setdefault(bell.number, bell)
    return timetable_reading(lessons, (), [bells[number] for number in sorted(bells)], faults)


def _readers(workbook: Workbook, faults: Faults) -> Iterator[_BlockReader]:
    budget, seen = _Budget(), set[_Time]()
    for sheet in workbook.sheets:
        if sheet.hidden:
            faults.add(sheet.name, "hidden-sheet", HIDDEN_SHEET())
            continue
        found, page = list(blocks(sheet)), _Page(sheet)
        if sheet.rows and not found:
            faults.add(sheet.name, "sheet-without-timetable", SHEET_WITHOUT_TIMETABLE())
        for block in found:
            for column in block.unknown:
                text = sheet.text(block.heading, column)[:_SHOWN]
                faults.add(place(sheet, block.heading, column), "class-not-understood", UNKNOWN_CLASS(text=text))
            yield _BlockReader(page, block, budget, seen, faults)


@dataclass(frozen=True, slots=True)
class _Slot:
    """A lesson number of a class on a day, with the parts in its rows and their places."""

    weekday: int
    number: int
    parts: list[tuple[str, LessonPart]] = field(default_factory=list)

    def grouped(self) -> list[tuple[str, LessonPart]]:
        """The parts with distinct groups: their own, or numbers if several rows have no group or the same one."""
        groups = [part.group for _, part in self.parts]
        single_row = len({place for place, _ in self.parts}) == 1
        if single_row or (all(groups) and len(set(groups)) == len(groups)) or all(part.week for _, part in self.parts):
            return self.parts
        return [(at, replace(part, group=str(number))) for number, (at, part) in enumerate(self.parts, 1)]


#: A class, a part of it, a weekday and a lesson number.
_Time = tuple[str, str, int, int]


class _Budget:
    """The number of characters that may still be read from one file."""

    def __init__(self, characters: int = MOST_CHARACTERS) -> None:
        self._characters = characters

    def take(self, characters: int) -> None:
        """Spend this number of characters. Raises `Unreadable` if it exceeds the budget."""
        self._characters -= characters
        if self._characters < 0:
            raise Unreadable("too-many-lessons", TOO_MANY_LESSONS(most=MOST_LESSONS))


class _Page:
    """A sheet with its merged areas indexed by cell."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.filled = sheet, sheet.filled()
        self.areas = {
            (row, column): area
            for area in sheet.merged
            for row in range(area.top, min(area.bottom + 1, len(sheet.rows)))
            for column in range(area.left, min(area.right + 1, sheet.width))
        }


class _BlockReader:
    """Reads the lessons of one block of a sheet."""

    def __init__(self, page: _Page, block: Block, budget: _Budget, seen: set[_Time], faults: Faults) -> None:
        self._page, self._sheet, self._block, self._faults = page, page.sheet, block, faults
        self._budget = budget
        self._lanes = sorted((lane for one in block.columns for lane in one.lanes), key=attrgetter("subject"))
        named = {
            (row, at) for row in block.rows for at in range(self._sheet.width) if weekday(self._sheet.text(row, at))
        }
        self._day_columns = sorted({column for _, column in named})
        self._seen = seen
        self._asides = {row for row in block.rows if self._is_aside(row)}

    def lessons(self) -> Iterator[TimetableLesson]:
        """Yield the lessons of each class in turn."""
        for columns in self._block.columns:
            for slot in self._slots(columns):
                self._note_repeated(columns, slot)
                for at, part in slot.grouped():
                    yield from (_lesson(at, one, slot, part) for one in columns.classes)

    def bells(self) -> Iterator[Bell]:
        """Yield the bells: times of day left of the lessons, in rows with a number."""
        for row in self._block.rows:
            number = self._number_before(row, self._block.left)
            texts = [self._sheet.text(row, column) for column in range(self._block.left)]
            clocks = [
                time(int(hour), int(minute))
                for text in texts
                if is_clock(text)
                for hour, minute in _CLOCK.findall(text)
            ]
            if number is not None and clocks:
                yield Bell(number, clocks[0], clocks[1] if len(clocks) > 1 else None)

    def _days_of_rows(self, columns: ClassColumns) -> dict[int, int]:
        """Row → its weekday: the last one named above or beside it; rows without a day are absent.

        If the sheet has several columns of days, as in two halves, the nearest one left of the class counts.
        """
        before = [column for column in self._day_columns if column <= columns.number]
        own = before[-1] if before else None
        days: dict[int, int] = {}
        day = None
        for row in self._block.rows:
            named = {column: found for column in self._day_columns if (found := weekday(self._sheet.text(row, column)))}
            if own in named:
                day = named[own]
            elif named and (own is None or not self._is_filled_beyond(row, named)):
                day = next(iter(named.values()))
            if day is not None:
                days[row] = day
        return days

    def _is_filled_beyond(self, row: int, named: Mapping[int, int]) -> bool:
        """Whether a row holds more than names of days; if not, its day applies to the whole sheet."""
        return any(self._sheet.text(row, column) for column in range(self._sheet.width) if column not in named)

    def _is_aside(self, row: int) -> bool:
        """Whether a row has no number and is empty or has a note at its left: such rows end the lesson above."""
        texts = {column: text for column in range(self._sheet.width) if (text := self._sheet.text(row, column))}
        if any(lesson_number(texts.get(column)) is not None for column in self._block.numbers):
            return False
        left = [text for column, text in texts.items() if column < self._block.left]
        return not texts or not all(weekday(text) or is_clock(text) for text in left)

    def _slots(self, columns: ClassColumns) -> Iterator[_Slot]:
        """Yield the slot of each number of each day; a row without a number belongs to the number above it."""
        slot: _Slot | None = None
        days = self._days_of_rows(columns)
        for row in self._block.rows:
            day, number = days.get(row), self._number(row, columns)
            if slot and (number is not None or day != slot.weekday or row in self._asides):
                yield slot
                slot = None
            if day is not None and number is not None:
                slot = _Slot(day, number)
            parts = list(self._parts(row, columns, numbered=number is not None))
            if slot:
                slot.parts.extend(parts)
            elif parts:
                self._note_placeless(parts[0], day)
        if slot:
            yield slot

    def _number(self, row: int, columns: ClassColumns) -> int | None:
        """A row's lesson number for a class, or for the class where a merged lesson begins."""
        number = lesson_number(self._sheet.cell(row, columns.number))
        area = self._page.areas.get((row, columns.lanes[0].subject))
        if number is None and area is not None and area.left < columns.number:
            return self._number_before(row, area.left)
        return number

    def _number_before(self, row: int, before: int) -> int | None:
        """The lesson number in the nearest column of numbers left of the column `before`."""
        columns = [column for column in self._block.numbers if column < before]
        return lesson_number(self._sheet.cell(row, columns[-1])) if columns else None

    def _parts(self, row: int, columns: ClassColumns, *, numbered: bool) -> Iterator[tuple[str, LessonPart]]:
        """Yield a class's parts in a row, lane by lane; a cell merged over all lanes is for the whole class."""
        covered = -1
        for index, lane in enumerate(columns.lanes):
            area = self._page.areas.get((row, lane.subject))
            if lane.subject <= covered or not self._begins(row, area, numbered=numbered):
                continue
            covered = area.right if area else lane.subject
            whole = index == 0 and covered >= columns.lanes[-1].subject
            at, parts = place(self._sheet, row, lane.subject), self._cell(row, lane, area)
            for part in parts:
                yield at, part if whole or part.group or len(parts) > 1 else replace(part, group=str(index + 1))

    def _begins(self, row: int, area: Area | None, *, numbered: bool) -> bool:
        """Whether a cell is a lesson of this row.

        The lower part of a tall merged cell is one only if the row has its own number. A cell that begins left of the
        lessons is a note across the sheet.
        """
        return area is None or (area.left >= self._block.left and (area.top == row or numbered))

    def _cell(self, row: int, lane: Lane, area: Area | None) -> tuple[LessonPart, ...]:
        """The parts of a lane's cell; adds a fault if it is too long or if rooms or teachers do not fit the lessons."""
        text, at = self._page.filled.text(row, lane.subject), place(self._sheet, row, lane.subject)
        last = self._last_covered(lane, area)
        rooms, teachers = self._beside(row, last.room, area), self._beside(row, last.teacher, area)
        if max(len(text), len(rooms), len(teachers)) > LONGEST_CELL:
            self._faults.add(at, "cell-too-long", TOO_LONG())
            return ()
        self._budget.take(len(text) + len(rooms) + len(teachers))
        found = lesson_cell(text, rooms, teachers)
        if not found.matched:
            self._faults.add(at, "rooms-do-not-match", ROOMS_DO_NOT_MATCH(text=rooms or teachers))
        if not found.parts and rooms:
            self._faults.add(at, "room-without-lesson", ROOM_WITHOUT_LESSON(text=rooms))
        return found.parts

    def _last_covered(self, lane: Lane, area: Area | None) -> Lane:
        """The lane whose rooms and teachers belong to a cell: the last lane that a merged cell covers."""
        if area is None:
            return lane
        return self._lanes[bisect_right(self._lanes, area.right, key=attrgetter("subject")) - 1]

    def _beside(self, row: int, column: int | None, area: Area | None) -> str:
        if column is None or (area is not None and area.left <= column <= area.right):
            return ""
        return self._page.filled.text(row, column)

    def _note_placeless(self, first: tuple[str, LessonPart], day: int | None) -> None:
        at, part = first
        if day is None:
            self._faults.add(at, "lesson-without-day", NO_DAY(text=part.subject))
        else:
            self._faults.add(at, "lesson-without-number", NO_NUMBER(text=part.subject))

    def _note_repeated(self, columns: ClassColumns, slot: _Slot) -> None:
        if not slot.parts:
            return
        times = {(one.name, one.group, slot.weekday, slot.number) for one in columns.classes}
        if times & self._seen:
            reason = NUMBER_REPEATED(number=slot.number, class_name=columns.classes[0].name)
            self._faults.add(slot.parts[0][0], "number-repeated", reason)
        self._seen.update(times)


def _lesson(at: str, of: ClassName, slot: _Slot, part: LessonPart) -> TimetableLesson:
    return TimetableLesson(
        place=at,
        class_name=of.name,
        group=", ".join(filter(None, (of.group, part.group))),
        weekday=slot.weekday,
        number=slot.number,
        week=part.week,
        subject=part.subject,
        teacher=part.teacher,
        room=part.room,
    )
