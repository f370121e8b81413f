"""Finds the layout of a sheet's timetable: headings of classes, numbers of lessons, the columns of each class."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice, pairwise
from typing import Final

from formats.sheets import Cell, Sheet, cell_text
from formats.weekdays import weekday, weekday_of
from services.gradebook.timetable.readers.class_names import ClassName, class_names, class_within, is_like_classes
from services.gradebook.timetable.readers.lesson_numbers import MOST_NUMBER, bells_of, lesson_number_of
from services.gradebook.timetable.readers.timetable_cells import TEACHER, written_week

_ROOM: Final = re.compile(
    r"(?:[а-яё]{1,5}[.\s]*)?[0-9]+[а-я]?(?:\s*[/,;]\s*[0-9]+[а-я]?)*|[а-яё]{1,3}\s?/\s?з(?:ал)?|.*\b(?:каб|зал|маст|двор|стадион|бассейн).*",
    re.IGNORECASE,
)
#: The share of a column's cells that determine its kind.
_MOSTLY: Final = Decimal("0.6")
#: The number of cells that determine a column's kind.
_JUDGED: Final = 300
#: The minimum share of steps between numbers that go up by one or back to the first number.
_IN_ORDER: Final = Decimal("0.5")
#: Headings of columns within a class; any other heading over a column of subjects is another class.
_OF_A_CLASS: Final = re.compile(
    r"(название\s+)?(учебный\s+)?(предмет|дисциплина|урок|занятие)[ыияа]?([\s,/]+(каб|кабинет|учитель)\.?)*"
    r"|(([0-9]\s*-?[а-яё]{0,2}|I{1,3}|IV)\s*)?(гр|группа|подгруппа|подгр|п/?г)\.?"
    r"(\s*№?\s*([0-9]|[А-Г]|I{1,3}))?(\s*\([^()]*\))?"
    r"|мал(ьчики)?\.?|дев(очки|ушки)?\.?|юн(оши)?\.?"
    r"|(англ|нем|фр|франц|исп|кит)[а-яё]*\.?(\s*яз(ык|\.)?)?",
    re.IGNORECASE,
)
_LONGEST_HEADING: Final = 60
#: Headings that determine the kind of their column, whatever its cells look like.
_HEADED: Final = {
    "teacher": re.compile(r"(фио\s+)?(учител|преподавател|педагог)[ьяи]\.?", re.IGNORECASE),
    "room": re.compile(r"(№\s*)?(каб|кабинет|ауд|аудитория|место)\.?(\s*№)?", re.IGNORECASE),
}
#: Days begin with one of these lessons. Room numbers may be in order too, but rarely begin with these.
_FIRST: Final = (0, 1)


#: The fewest days across that make a heading of days.
_FEWEST_DAYS: Final = 2
_WEEKS: Final = re.compile(r"(?:№\s*)?нед(?:ел[яиь])?\.?|ч[её]т(?:ность)?\.?", re.IGNORECASE)
_NUMBERS: Final = frozenset({"№", "Урок", "№ урока", "№ п/п", "Время"})
#: What spreadsheets add to the name of a copied sheet.
_COPY: Final = re.compile(r"\s*\([0-9]+\)$")


#: Columns with the classes in their headings.
_Named = list[tuple[int, tuple[ClassName, ...]]]


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of subjects and, if present, the columns of their rooms and teachers."""

    subject: int
    room: int | None = None
    teacher: int | None = None


@dataclass(frozen=True, slots=True)
class ClassColumns:
    """The columns, from 0, of the lessons of a heading's classes; several lanes are subgroups."""

    classes: tuple[ClassName, ...]
    number: int
    lanes: tuple[Lane, ...]
    #: The day of the columns, where days stand across; None where they stand down.
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """The rows under one row of headings, `end` excluded, and the columns of its classes."""

    heading: int
    end: int
    columns: tuple[ClassColumns, ...]
    #: Columns whose headings seem to name classes but could not be parsed.
    unknown: tuple[int, ...] = ()
    #: The row of days across, if the block has one, and whether it is clear of which class they are.
    days: int | None = None
    of_one_class: bool = True
    #: The day in a title right above the headings of classes.
    day_above: int | None = None

    @property
    def rows(self) -> range:
        """The rows that may hold lessons."""
        return range(self.heading + 1, self.end)

    @property
    def left(self) -> int:
        """The first column with lessons; days, numbers and bells are left of it."""
        return min(one.lanes[0].subject for one in self.columns)

    @property
    def numbers(self) -> list[int]:
        """The columns with lesson numbers."""
        return sorted({one.number for one in self.columns})


def blocks(sheet: Sheet) -> Iterator[Block]:
    """Yield the timetables of a sheet from top to bottom; skips those without lesson numbers.

    A sheet with days across, under titles that name one class each, has no headings of classes.
    """
    days = [row for row in range(len(sheet.rows)) if _is_heading_of_days(sheet, row)]
    if days:
        yield from _blocks_of_days(sheet, days)
        return
    headings = [row for row in range(len(sheet.rows)) if _is_heading(sheet, row)]
    for row, end in zip(headings, [*headings[1:], len(sheet.rows)]):
        numbers = _number_columns(sheet, row, end)
        named = _named(sheet, row, end, numbers) if numbers else []
        columns = tuple(_columns(sheet, row, end, numbers, named))
        if columns:
            unknown = tuple(at for at, classes in named if not classes)
            yield Block(row, end, columns, unknown, day_above=_day_above(sheet, row))


def week_columns(sheet: Sheet, heading: int, rows: range) -> dict[int, bool]:
    """The columns that say in which of two weeks their rows are, and whether they may do so by bare numbers."""
    found: dict[int, bool] = {}
    for column in range(sheet.width):
        texts = [text for row in rows if (text := sheet.text(row, column))]
        headed = _WEEKS.fullmatch(sheet.text(heading, column)) is not None
        marked = sum(1 for text in texts if written_week(text, numbers=headed))
        if texts and (headed or marked) and marked >= _MOSTLY * len(texts):
            found[column] = headed
    return found


def lesson_number(value: Cell) -> int | None:
    """Parse a lesson number: `3`, `3.`, `3 урок`, `III`; None for other values."""
    found = lesson_number_of(cell_text(value))
    return found.number if found is not None and found.number <= MOST_NUMBER else None


def is_clock(value: Cell) -> bool:
    """Whether a cell is a time of day or a range of two, as in columns of bells; a date is none."""
    return bells_of(cell_text(value)) is not None


def _is_heading(sheet: Sheet, row: int) -> bool:
    """Whether a row names classes and is not a row of lessons, which has a day or begins with a number.

    Further headings may be bare numbers, «2» beside «1 класс»: fewer than those that are certainly classes.
    """
    texts = [text for cell in sheet.rows[row] if (text := cell_text(cell))]
    classes, numbers = (
        sum(1 for text in texts if class_names(text)),
        [lesson_number(text) is not None for text in texts],
    )
    return classes > sum(numbers) and not numbers[0] and not any(map(weekday, texts))


def _day_above(sheet: Sheet, heading: int) -> int | None:
    """The day that the row right above a heading names, alone."""
    above = next((sheet.rows[one] for one in reversed(range(heading)) if any(map(cell_text, sheet.rows[one]))), ())
    days = {weekday(text) for cell in above if (text := cell_text(cell))}
    return days.pop() if len(days) == 1 else None


def _is_heading_of_days(sheet: Sheet, row: int) -> bool:
    """Whether a row has days across, in order, and no number of a lesson: they are columns of one class.

    Below a row of several classes they are the days of the halves of a week that stand side by side.
    """
    texts = [text for cell in sheet.rows[row] if (text := cell_text(cell))]
    days = [day for text in texts if (day := weekday(text)) is not None]
    if len(days) < _FEWEST_DAYS or not all(before < after for before, after in pairwise(days)):
        return False
    above = next((sheet.rows[one] for one in reversed(range(row)) if any(map(cell_text, sheet.rows[one]))), ())
    several = sum(1 for cell in above if class_names(cell_text(cell))) > 1
    return not several and not any(lesson_number(text) is not None for text in texts)


def _blocks_of_days(sheet: Sheet, headings: list[int]) -> Iterator[Block]:
    """Yield the timetable below each row of days: one class's, named by its title, its first cell or the sheet."""
    begins = 0
    for row, following in zip(headings, [*headings[1:], len(sheet.rows)]):
        first = min(column for column in range(sheet.width) if weekday(sheet.text(row, column)))
        end = next((one for one in range(row + 1, following) if _titles(sheet, one)), following)
        under = row + 1 if _is_under_days(sheet, row + 1) else row
        numbers = [column for column in _number_columns(sheet, under, end) if column < first]
        classes = _class_of(sheet, range(begins, row), range(row, end), first)
        named = _days_across(sheet, row, first)
        if numbers:
            columns = tuple(_columns_of_days(sheet, under, end, numbers[-1], named, classes)) if classes else ()
            unknown = tuple(column for column, day in named if day is None)
            yield Block(under, end, columns, unknown, row, bool(classes))
        begins = end


def _titles(sheet: Sheet, row: int) -> tuple[ClassName, ...]:
    """The classes that the texts of a row of titles name; () for a row of lessons, which has a number."""
    texts = [text for cell in sheet.rows[row] if (text := cell_text(cell))]
    if any(lesson_number(text) is not None for text in texts):
        return ()
    return tuple(dict.fromkeys(name for text in texts for name in class_within(text)))


def _class_of(sheet: Sheet, above: range, rows: range, first: int) -> tuple[ClassName, ...]:
    """The class of a block of days: its titles, the cells left of its days and the sheet's name must agree."""
    titles = [name for row in above for name in _titles(sheet, row)]
    beside = [name for row in rows for column in range(first) for name in class_within(sheet.text(row, column))]
    of_sheet = list(class_within(_COPY.sub("", sheet.name)))
    named = tuple(dict.fromkeys([*titles, *beside, *of_sheet]))
    return named if len(named) == 1 else ()


def _is_under_days(sheet: Sheet, row: int) -> bool:
    """Whether a row below the days says what their columns hold: `Предмет`, `Каб.`."""
    texts = [text for cell in (sheet.rows[row] if row < len(sheet.rows) else ()) if (text := cell_text(cell))]
    return bool(texts) and all(_is_of_a_class(text) or _is_headed(text) or text in _NUMBERS for text in texts)


def _days_across(sheet: Sheet, row: int, first: int) -> list[tuple[int, int | None]]:
    """The columns with a heading from the first day on, with their days; None for a heading that is no day."""
    texts = ((column, sheet.text(row, column)) for column in range(first, sheet.width))
    return [(column, weekday(text)) for column, text in texts if text and not _is_headed(text)]


def _is_headed(text: str) -> bool:
    return len(text) <= _LONGEST_HEADING and any(pattern.fullmatch(text) for pattern in _HEADED.values())


def _columns_of_days(
    sheet: Sheet,
    heading: int,
    end: int,
    number: int,
    named: list[tuple[int, int | None]],
    classes: tuple[ClassName, ...],
) -> Iterator[ClassColumns]:
    for (column, day), (limit, _) in zip(named, [*named[1:], (sheet.width, None)]):
        lanes = tuple(_lanes(_kinds(sheet, heading, end, list(range(column, limit))))) if day is not None else ()
        if lanes:
            yield ClassColumns(classes, number, lanes, day)


def _columns(sheet: Sheet, heading: int, end: int, numbers: list[int], named: _Named) -> Iterator[ClassColumns]:
    """Yield the columns of each class in `named`.

    A class has its own column of numbers, left of its lessons and perhaps under its heading, or shares the one at the
    left of the sheet. Its columns end where the next class's begin.
    """
    weeks = week_columns(sheet, heading, range(heading + 1, end))
    starts = [_start(column, numbers, before) for (column, _), before in zip(named, [-1, *(at for at, _ in named)])]
    for index, (column, classes) in enumerate(named):
        number = _last(numbers, column)
        limit = starts[index + 1] if index + 1 < len(named) else sheet.width
        if number is not None and classes:
            own = [at for at in range(starts[index], limit) if _last(numbers, at) != at and at not in weeks]
            lanes = tuple(_lanes(_kinds(sheet, heading, end, own)))
            if lanes:
                yield ClassColumns(classes, number, lanes)


def _named(sheet: Sheet, heading: int, end: int, numbers: list[int]) -> _Named:
    """The columns whose headings name classes, with the classes; empty if a heading seems to but cannot be parsed.

    A word over a column of subjects right of a class also seems to name a class: `10А | Физмат | 10Б`.
    """
    named: _Named = []
    for column in range(sheet.width):
        text = sheet.text(heading, column)
        classes = class_names(text) or _grade_alone(sheet, heading, text)
        if not classes and (not text or column in numbers or _is_of_a_class(text)):
            continue
        is_other = named and _column_kind(sheet, heading, end, column) == "subject"
        if classes or is_other or is_like_classes(text):
            named.append((column, classes))
    return named


def _grade_alone(sheet: Sheet, heading: int, text: str) -> tuple[ClassName, ...]:
    """The class of a bare number, «2», in a row where another class, «1 класс», has no letter either."""
    if not text.isdecimal():
        return ()
    named = (name for column in range(sheet.width) for name in class_names(sheet.text(heading, column)))
    return class_names(f"{text} класс") if any(one.name.isdecimal() for one in named) else ()


def _is_of_a_class(heading: str) -> bool:
    return len(heading) <= _LONGEST_HEADING and _OF_A_CLASS.fullmatch(heading) is not None


def _start(column: int, numbers: list[int], before: int) -> int:
    """The first column of the heading at `column`: its own column of numbers, if right of the heading `before`."""
    number = _last(numbers, column)
    return column if number is None or number <= before else number


def _last(numbers: list[int], column: int) -> int | None:
    """The last of the ascending `numbers` that is at most `column`; None if there is none."""
    place = bisect_right(numbers, column)
    return numbers[place - 1] if place else None


def _number_columns(sheet: Sheet, heading: int, end: int) -> list[int]:
    """The columns of ascending numbers; if some begin with a day's first lesson, only those."""
    firsts = {}
    weeks = week_columns(sheet, heading, range(heading + 1, end))
    for column in range(sheet.width):
        if column in weeks:
            continue
        texts = [text for row in range(heading + 1, end) if (text := cell_text(sheet.rows[row][column]))]
        numbers = [number for text in texts if (number := lesson_number(text)) is not None]
        days = sum(1 for text in texts if weekday(text))
        if numbers and len(numbers) >= _MOSTLY * (len(texts) - days) and _in_order(numbers):
            firsts[column] = min(numbers)
    from_first = [column for column, first in firsts.items() if first in _FIRST]
    return from_first or list(firsts)


def _in_order(numbers: list[int]) -> bool:
    first, steps = min(numbers), list(pairwise(numbers))
    if steps and not any(after == before + 1 for before, after in steps):
        return False  # the same room every day
    return sum(after in (before + 1, first) for before, after in steps) >= _IN_ORDER * len(steps)


def _kinds(sheet: Sheet, heading: int, end: int, columns: list[int]) -> dict[int, str]:
    """The kinds of a class's columns by the look of most cells; empty columns, days and bells are left out."""
    all_kinds = {column: _column_kind(sheet, heading, end, column) for column in columns}
    kinds = {column: kind for column, kind in all_kinds.items() if kind not in ("", "day", "bells")}
    if not kinds and "day" in all_kinds.values():  # «Чт» is reading and «Ср» a subject too, in a class's only column
        kinds = {column: "subject" for column, kind in all_kinds.items() if kind == "day"}
    if kinds and "subject" not in kinds.values():  # subjects and their rooms in one cell
        kinds[min(kinds)] = "subject"
    return kinds


def _lanes(kinds: dict[int, str]) -> Iterator[Lane]:
    """Yield each column of subjects with the rooms and teachers up to the next; the first also has those before it."""
    subjects = [column for column, kind in kinds.items() if kind == "subject"]
    starts = [min(kinds), *subjects[1:], max(kinds) + 1] if kinds else []
    for subject, (start, end) in zip(subjects, pairwise(starts)):
        beside = {kinds[column]: column for column in range(start, end) if column in kinds}
        yield Lane(subject, beside.get("room"), beside.get("teacher"))


def _column_kind(sheet: Sheet, heading: int, end: int, column: int) -> str:
    """The kind of a column by its heading or the look of most of its cells; "" if it is empty."""
    held = (text for row in range(heading + 1, end) if (text := sheet.text(row, column)))
    texts = list(islice(held, _JUDGED))
    named = sheet.text(heading, column)[:_LONGEST_HEADING]
    headed = next((kind for kind, pattern in _HEADED.items() if pattern.fullmatch(named)), "")
    return (headed or _kind(texts)) if texts else ""


def _kind(texts: list[str]) -> str:
    tests: dict[str, Callable[[str], bool]] = {
        "day": lambda text: weekday_of(text) is not None,
        "bells": is_clock,
        "room": lambda text: _ROOM.fullmatch(text) is not None,
        "teacher": lambda text: TEACHER.match(text) is not None,
    }
    for kind, test in tests.items():
        if sum(map(test, texts)) >= _MOSTLY * len(texts):
            return kind
    return "subject"


def numbered_by_order(sheet: Sheet) -> Sheet | None:
    """A sheet whose lessons have bells and no numbers, with numbers before the bells; None for any other sheet.

    The bells of a day are numbered from 1 in their order; a day ends where the time goes back.
    """
    for column in range(sheet.width):
        texts = [sheet.text(row, column) for row in range(len(sheet.rows))]
        held = [text for text in texts if text]
        clocks = [bells for text in held if (bells := bells_of(text)) is not None]
        if len(clocks) < _FEWEST_DAYS or len(clocks) < _MOSTLY * len(held):
            continue
        rows = [list(row) for row in sheet.rows]
        number, before = 0, None
        for row, text in enumerate(texts):
            bells = bells_of(text) if text else None
            if bells is not None:
                number = number + 1 if before is None or bells.starts > before else 1
                before = bells.starts
                rows[row][column] = f"{number} ({text})"
        return replace(sheet, rows=tuple(map(tuple, rows)))
    return None
