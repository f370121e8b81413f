"""Reads a school's timetable from a spreadsheet with days down and classes across."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from operator import attrgetter
from typing import Final

from formats.faults import Faults, Unreadable
from formats.result import Fault, Reading, refused
from formats.sheets import Area, Sheet, Workbook, place
from formats.unread import HIDDEN_SHEET
from formats.weekdays import weekday_of
from formats.workbook import read_workbook
from kernel.phrases import Phrase
from services.gradebook.timetable.readers.class_names import ClassName
from services.gradebook.timetable.readers.lesson_numbers import bells_of, lesson_number_of
from services.gradebook.timetable.readers.timetable import (
    MOST_LESSONS,
    NOT_A_TIMETABLE,
    TOO_MANY_LESSONS,
    Bell,
    Timetable,
    TimetableLesson,
    Week,
    timetable_reading,
)
from services.gradebook.timetable.readers.timetable_cells import LONGEST_CELL, LessonPart, lesson_cell, written_week
from services.gradebook.timetable.readers.timetable_layout import (
    Block,
    ClassColumns,
    Lane,
    blocks,
    is_clock,
    lesson_number,
    numbered_by_order,
    week_columns,
)

#: The most cells in all sheets, empty ones included: more than twice those of a school of 150 classes.
MOST_CELLS: Final = 40_000
_SHOWN: Final = 60
#: Shorter names of days may be subjects: «Чт» is reading too.
_LONGEST_ABBREVIATION: Final = 3
_SPACES: Final = re.compile(r"\s+")
#: The most characters in all cells with lessons, rooms and teachers: a school of 150 classes has some 90,000.
MOST_CHARACTERS: Final = 150_000
#: The most characters in all cells, notes and titles included.
MOST_TEXT: Final = 1_000_000
#: Notes in rows of their own that do not end a day.
_PAUSE: Final = re.compile(r"(?:(?:большая|динамическая) )?(?:перемена|пауза)|обед|завтрак", re.IGNORECASE)

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
UNKNOWN_DAY_HEADING = Phrase(
    ru="Заголовок «{text}» не читается как день недели: уроки под ним пропущены.",
    en="The heading “{text}” cannot be read as a day of the week: the lessons below it are left out.",
)
CLASS_UNCLEAR = Phrase(
    ru="Дни недели стоят в столбцах, но какого это класса, не ясно: назовите над ними или листом один класс.",
    en="Days stand across, but of which class is not clear: name one class above them or as the name of the sheet.",
)
UNKNOWN_DAY = Phrase(
    ru="«{text}» не читается как день недели: уроки этого дня пропущены.",
    en="“{text}” cannot be read as a day of the week: the lessons of that day are left out.",
)
NUMBERS_BY_ORDER = Phrase(
    ru="Номеров уроков на листе нет: уроки пронумерованы с 1 по порядку звонков.",
    en="The sheet has no numbers of lessons: they are numbered from 1 in the order of their bells.",
)
BELLS_DIFFER = Phrase(
    ru="У урока {number} в один день разное время: взято первое.",
    en="The lesson {number} has different times on one day: the first was taken.",
)
PROBLEMS: Final = {
    "weeks": Phrase(
        ru="Чередование недель в «{text}» не понято: ячейка пропущена.",
        en="The alternating weeks of “{text}” are not understood: the cell is left out.",
    ),
    "groups": Phrase(
        ru="Подгруппы в «{text}» не поняты: ячейка пропущена.",
        en="The groups of “{text}” are not understood: the cell is left out.",
    ),
    "lines": Phrase(
        ru="Не ясно, один предмет или несколько в «{text}»: ячейка пропущена.",
        en="Whether “{text}” is one subject or several is not clear: the cell is left out.",
    ),
    "day-off": Phrase(
        ru="«{text}» – не предмет: урока здесь нет.", en="“{text}” is no subject: there is no lesson here."
    ),
}
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

    A row that names classes («5А», «10 "Б" класс») begins a block, and so does a row of days across under a title that
    names one class. In the former, a day applies until the next day and a
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
    if not readers:  # sheets without a timetable need no fault each
        unclear = [fault for fault in faults.all() if fault.rule == "class-unclear"]
        return Reading(None, (*unclear, Fault("", "not-a-timetable", NOT_A_TIMETABLE(), fatal=True)))
    try:
        lessons = list(islice((lesson for reader in readers for lesson in reader.lessons()), MOST_LESSONS + 1))
    except Unreadable as error:
        return Reading(None, (*faults.all(), error.fault))
    if not lessons:
        return Reading(None, (*faults.all(), Fault("", "not-a-timetable", NOT_A_TIMETABLE(), fatal=True)))
    return timetable_reading(lessons, (), _bells(readers, faults), faults)


def _bells(readers: list[_BlockReader], faults: Faults) -> list[Bell]:
    """The bells of all days, by number, then those of days that differ.

    The most frequent bell of a number is that of all days. Of several on one day the first is taken, with a fault.
    """
    found: dict[tuple[int, int | None], Bell] = {}
    for at, bell in (bell for reader in readers for bell in reader.bells()):
        first = found.setdefault((bell.number, bell.weekday), bell)
        if bell != first:
            faults.add(at, "bells-differ", BELLS_DIFFER(number=bell.number))
    frequent: defaultdict[int, Counter[Bell]] = defaultdict(Counter)
    for bell in found.values():
        frequent[bell.number][replace(bell, weekday=None)] += 1
    of_all = [frequent[number].most_common(1)[0][0] for number in sorted(frequent)]
    differing = [bell for bell in found.values() if replace(bell, weekday=None) not in of_all]
    return [*of_all, *sorted(differing, key=lambda bell: (bell.weekday or 0, bell.number))]


def _readers(workbook: Workbook, faults: Faults) -> Iterator[_BlockReader]:
    budget, seen = _Budget(), set[_Time]()
    for sheet in workbook.sheets:
        if sheet.hidden:
            faults.add(sheet.name, "hidden-sheet", HIDDEN_SHEET())
            continue
        sheet, found = _found(sheet, faults)
        page = _Page(sheet)
        if sheet.rows and not found:
            faults.add(sheet.name, "sheet-without-timetable", SHEET_WITHOUT_TIMETABLE())
        for block in found:
            _note_unknown(sheet, block, faults)
            if block.columns:
                yield _BlockReader(page, block, budget, seen, faults)


def _found(sheet: Sheet, faults: Faults) -> tuple[Sheet, list[Block]]:
    """The timetables of a sheet, and the sheet with numbers of lessons, if it has bells alone: that is told."""
    found = list(blocks(sheet))
    numbered = None if found else numbered_by_order(sheet)
    by_order = list(blocks(numbered)) if numbered is not None else []
    if numbered is None or not by_order:
        return sheet, found
    faults.add(sheet.name, "numbers-by-order", NUMBERS_BY_ORDER())
    return numbered, by_order


def _note_unknown(sheet: Sheet, block: Block, faults: Faults) -> None:
    """Add faults for columns whose class or day is not understood."""
    if block.days is not None and not block.of_one_class:
        faults.add(f"{sheet.name}!{block.days + 1}", "class-unclear", CLASS_UNCLEAR())
        return
    for column in block.unknown:
        row = block.heading if block.days is None else block.days
        text = sheet.text(row, column)[:_SHOWN]
        if block.days is None:
            faults.add(place(sheet, row, column), "class-not-understood", UNKNOWN_CLASS(text=text))
        else:
            faults.add(place(sheet, row, column), "day-not-understood", UNKNOWN_DAY_HEADING(text=text))


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


#: A class, a part of it, a weekday, a lesson number and a week of two.
_Time = tuple[str, str, int, int, str]


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
    """A sheet with its merged areas indexed by cell, and the texts that have a row of their own."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.filled = sheet, sheet.filled()
        self.lone = {row: texts[0] for row in range(len(sheet.rows)) if len(texts := _first_texts(sheet, row)) == 1}
        self.areas = {
            (row, column): area
            for area in sheet.merged
            for row in range(area.top, min(area.bottom + 1, len(sheet.rows)))
            for column in range(area.left, min(area.right + 1, sheet.width))
        }


def _first_texts(sheet: Sheet, row: int) -> list[str]:
    """At most the first two texts of a row."""
    return list(islice((text for column in range(sheet.width) if (text := sheet.text(row, column))), 2))


class _BlockReader:
    """Reads the lessons of one block of a sheet."""

    def __init__(self, page: _Page, block: Block, budget: _Budget, seen: set[_Time], faults: Faults) -> None:
        self._page, self._sheet, self._block, self._faults = page, page.sheet, block, faults
        self._budget = budget
        self._lanes = sorted((lane for one in block.columns for lane in one.lanes), key=attrgetter("subject"))
        beside = {at for lane in self._lanes for at in (lane.subject, lane.room, lane.teacher) if at is not None}
        self._outside = [at for at in range(self._sheet.width) if at not in beside]
        self._named = {row: self._days_in(row) for row in block.rows}
        self._day_columns = sorted({column for named in self._named.values() for column in named})
        self._seen = seen
        self._week_columns = week_columns(self._sheet, block.heading, block.rows)
        self._weeks = self._weeks_of_rows()
        self._asides = {row for row in block.rows if self._is_aside(row)}
        #: Row → the row above it, or itself, that begins its day, for days that are not understood.
        self._unknown: dict[int, int] = {}
        #: The cells of days that are not understood and have lessons: told once each.
        self._unknown_days: set[tuple[int, int]] = set()

    def lessons(self) -> Iterator[TimetableLesson]:
        """Yield the lessons of each class in turn."""
        for columns in self._block.columns:
            for slot in self._slots(columns):
                self._note_repeated(columns, slot)
                for at, part in slot.grouped():
                    yield from (_lesson(at, one, slot, part) for one in columns.classes)

    def bells(self) -> Iterator[tuple[str, Bell]]:
        """Yield the bells with their places: times left of the lessons or beside a number, in rows with a number."""
        days = self._days_of_rows(self._block.columns[0])
        of_days = set(self._day_columns) - set(self._block.numbers)
        for row in self._block.rows:
            number = self._number_before(row, self._block.left)
            times = []
            for column in range(self._block.left):
                text = self._sheet.text(row, column)
                numbered = lesson_number_of(text) if column in self._block.numbers else None
                bells = numbered.bells if numbered else None if column in of_days else bells_of(text)
                times += [] if bells is None else [bells.starts, *([bells.ends] if bells.ends else [])]
            if number is not None and times:
                day = None if self._block.days is not None else days.get(row)
                at = place(self._sheet, row, self._block.numbers[0])
                yield at, Bell(number, times[0], times[1] if len(times) > 1 else None, day)

    def _days_in(self, row: int) -> dict[int, int]:
        """The days that a row names, by column. A lesson is none, «Чт» in a row with a number may be one («Чтение»)."""
        if self._block.days is not None:
            return {}
        has_number = any(lesson_number(self._sheet.cell(row, column)) is not None for column in self._block.numbers)
        found = {column: weekday_of(self._sheet.cell(row, column)) for column in range(self._sheet.width)}
        days = {column: day for column, day in found.items() if day is not None}
        alone = not has_number and not self._is_filled_beyond(row, days)
        return {
            column: day
            for column, day in days.items()
            if column in self._outside or (alone and len(self._sheet.text(row, column)) > _LONGEST_ABBREVIATION)
        }

    def _days_of_rows(self, columns: ClassColumns) -> dict[int, int]:
        """Row → its weekday: the last one named above or beside it; rows without a day are absent.

        If the sheet has several columns of days, as in two halves, the nearest one left of the class counts. What else
        stands in the column of days, or alone in a row where days do, begins a day that is not understood.
        """
        if columns.weekday is not None:
            return dict.fromkeys(self._block.rows, columns.weekday)
        before = [column for column in self._day_columns if column <= columns.number]
        own = before[-1] if before else None
        days: dict[int, int] = {}
        self._unknown.clear()
        day, unknown = self._block.day_above, None
        for row in self._block.rows:
            named = self._named[row]
            if own in named:
                day, unknown = named[own], None
            elif named and (own is None or not self._is_filled_beyond(row, named)):
                day, unknown = next(iter(named.values())), None
            elif self._begins_unknown_day(row, own):
                day, unknown = None, row
            if day is not None:
                days[row] = day
            elif unknown is not None:
                self._unknown[row] = unknown
        return days

    def _begins_unknown_day(self, row: int, own: int | None) -> bool:
        """Whether a row has a text in its column of days that is neither a day nor a time."""
        if own is None:
            return False
        text, area = self._sheet.text(row, own), self._page.areas.get((row, own))
        if written_week(text) and not self._is_filled_beyond(row, {own: 0}):
            return False
        if not text or _PAUSE.fullmatch(text) or (is_clock(text) and (":" in text or "-" in text or "–" in text)):
            return False
        if own in self._block.numbers:
            return lesson_number(text) is None and not any(
                self._sheet.text(row, column) for column in range(self._sheet.width) if column != own
            )
        return area is None or area.right < self._block.left

    def _note_unknown_day(self, row: int, columns: ClassColumns) -> bool:
        """Add a fault for the day of a row that is not understood, once; whether the row is of such a day."""
        begins = self._unknown.get(row)
        if begins is None:
            return False
        own = [column for column in self._day_columns if column <= columns.number][-1]
        if (begins, own) not in self._unknown_days:
            self._unknown_days.add((begins, own))
            text = self._sheet.text(begins, own)[:_SHOWN]
            self._faults.add(place(self._sheet, begins, own), "day-not-understood", UNKNOWN_DAY(text=text))
        return True

    def _is_filled_beyond(self, row: int, named: Mapping[int, int]) -> bool:
        """Whether a row holds more than names of days; if not, its day applies to the whole sheet."""
        return any(self._sheet.text(row, column) for column in range(self._sheet.width) if column not in named)

    def _is_aside(self, row: int) -> bool:
        """Whether a row has no number and is empty or has a note at its left: such rows end the lesson above."""
        texts = {column: text for column in range(self._sheet.width) if (text := self._sheet.text(row, column))}
        if any(lesson_number(texts.get(column)) is not None for column in self._block.numbers):
            return False
        left = [
            text for column, text in texts.items() if column < self._block.left and column not in self._week_columns
        ]
        return not texts or not all(weekday_of(text) or is_clock(text) for text in left)

    def _weeks_of_rows(self) -> dict[int, Week]:
        """Row → its week of two: that of its own mark, or of the name of the sheet or the row of its own above it."""
        week = written_week(self._sheet.name)
        weeks: dict[int, Week] = {}
        for row in range(self._block.end):
            week = written_week(self._page.lone.get(row, "")) or week
            marks = (written_week(self._page.filled.text(row, at), numbers=by) for at, by in self._week_columns.items())
            weeks[row] = next(filter(None, marks), week)
        return weeks

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
            elif parts and not (number is not None and self._note_unknown_day(row, columns)):
                self._note_placeless(parts[0], has_day=day is not None or row in self._unknown)
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
            for part in (replace(part, week=part.week or self._weeks[row]) for part in parts):
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
        if found.problem:
            self._faults.add(at, f"cell-{found.problem}", PROBLEMS[found.problem](text=_SPACES.sub(" ", text)[:_SHOWN]))
            return ()
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

    def _note_placeless(self, first: tuple[str, LessonPart], *, has_day: bool) -> None:
        at, part = first
        if not has_day:
            self._faults.add(at, "lesson-without-day", NO_DAY(text=part.subject))
        else:
            self._faults.add(at, "lesson-without-number", NO_NUMBER(text=part.subject))

    def _note_repeated(self, columns: ClassColumns, slot: _Slot) -> None:
        if not slot.parts:
            return
        weeks = {week for _, part in slot.parts for week in (part.week or "12")}
        times = {(one.name, one.group, slot.weekday, slot.number, week) for one in columns.classes for week in weeks}
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
