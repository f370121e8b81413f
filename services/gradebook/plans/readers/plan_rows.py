"""Reads the rows of a thematic plan: lessons and sections, without totals and repeated headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from formats.faults import Faults
from formats.serials import plain
from formats.sheets import Cell, Sheet, cell_text, place
from kernel.phrases import Phrase, Sentence
from services.gradebook.plans.readers.plan_columns import Columns, Meaning
from services.gradebook.plans.readers.plan_dates import PlanDates

#: The most hours of one row: a larger number is a section's total or an error.
MOST_HOURS: Final = Decimal(40)
ONE: Final = Decimal(1)
#: The most characters of a cell that a fault quotes.
_SHOWN: Final = 60

NO_TOPIC = Phrase(ru="В строке нет темы: строка пропущена.", en="The row has no topic: it was left out.")
BAD_HOURS = Phrase(
    ru="Часы «{text}» не читаются: взят 1 час.", en="The hours “{text}” cannot be read: 1 hour was taken."
)
NO_HOURS = Phrase(ru="Часы не указаны: взят 1 час.", en="No hours are given: 1 hour was taken.")
HOURS_SHARED = Phrase(
    ru="{hours} ч. не делятся поровну на строки, которых {rows}: взят 1 час.",
    en="{hours} h cannot be shared evenly by {rows} rows: 1 hour was taken.",
)
NUMBER_GAP = Phrase(
    ru="После номера {before} идёт {number}: пропущены номера.",
    en="After number {before} comes {number}: numbers are missing.",
)
NUMBER_ORDER = Phrase(
    ru="После номера {before} идёт {number}: номера не по порядку.",
    en="After number {before} comes {number}: the numbers are out of order.",
)
DATE_ORDER = Phrase(
    ru="После урока {before} стоит урок {day}: даты не по порядку.",
    en="After the lesson of {before} comes that of {day}: the dates are out of order.",
)

#: «Итого», «Всего: 34», «Всего за год», but not topics such as «Итоговый урок», «Итог войны», «Всего понемногу».
_TOTALS: Final = re.compile(
    r"итого\b|(итог|всего|общее (количество|число) часов|итоговое (количество|число) часов)"
    r"(?=[\s:.,=/(–—-]*(\d|$)|[\s:.,=/(–—-]+(за|по|на|в|часов|час|ч|уроков|занятий|учебных|контрольных|практических|"
    r"лабораторных|к концу|[ivx]+ (четверть|полугодие|триместр))\b)",
    re.IGNORECASE,
)
#: «Раздел II», «Тема 3.», «2-я четверть»: a section's title, unless the row has a date or homework.
_SECTION_NUMBER: Final = re.compile(
    r"((раздел|глава|модуль|блок|часть)\s+(№\s*)?(\d+|[ivxlc]+)|тема \d+[.:]|[ivx]+ (четверть|полугодие|триместр)|"
    r"\d-?(я|е|й|ый|ой)? (четверть|полугодие|триместр))(?![\w-])",
    re.IGNORECASE,
)
#: A section's title, unless the row has a lesson's date or hours: «Часть речи» may be a topic.
_SECTION_WORD: Final = re.compile(r"(раздел|глава|модуль|блок|часть)(?![\w-])", re.IGNORECASE)
#: The most hours of one lesson.
_LESSON_HOURS: Final = Decimal(2)
#: «Причастие 21ч +2К + 2Р.р», «Механика (12 часов)»: the title ends with hours, and control works may follow.
_SECTION_HOURS: Final = re.compile(
    r"[\s(\[](\d{1,3}(?:[.,]\d)?)\s*(?:ч|час|часа|часов)(?:\.|\b)(?:\s*\+\s*\d+\s*[А-Яа-яё.]+)*\s*[)\]]?\.?\s*$"
)
#: The number of characters at the end of a title that are searched for hours.
_LONGEST_HOURS: Final = 100
_HOURS: Final = re.compile(
    r"(\d{1,3}(?:[.,]\d{1,2})?(?:\s*\+\s*\d{1,3}(?:[.,]\d{1,2})?){0,5})\s*(?:ч|час|часа|часов)?\.?"
)
#: A row with a number is a lesson: 7, 7.1, 7–8, 4/1, 5(1), № 3, урок 2.
_NUMBERED: Final = re.compile(r"(№|n|урок)?\s*\d[\d.,\s/()–—-]*$", re.IGNORECASE)
_FIRST: Final = re.compile(r"1(\s*[-–—,]\s*\d{1,4})?\.?")
_NUMBERS: Final = re.compile(r"(\d{1,4})(?:\s*[-–—,]\s*(\d{1,4}))?\.?")


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A lesson's row: a topic with its hours; `number` and the texts are unchanged, but for hyphens in `number`."""

    place: str
    number: str
    section: str
    topic: str
    hours: Decimal
    planned: date | None
    actual: date | None
    homework: str
    notes: str
    content: str = ""
    control: str = ""


@dataclass(frozen=True, slots=True)
class PlanSection:
    """A section's title, unchanged, and the hours that it names; None if it names none."""

    place: str
    title: str
    hours: Decimal | None


def plan_rows(
    sheet: Sheet, columns: Columns, dates: PlanDates, faults: Faults
) -> tuple[list[PlanRow], list[PlanSection]]:
    """The lessons and sections below a heading, in order; `dates` are those of the plan's sheets."""
    reader = _RowsReader(sheet, columns, dates, faults)
    for row in range(columns.last_row + 1, len(sheet.rows)):
        reader.read(row)
    return reader.rows, reader.sections


def written_hours(cell: Cell) -> Decimal | None:
    """Parse hours: `2`, `0,5`, `1 ч.`, the sum of `1+1`; None for other text and unless 0 < hours ≤ 40."""
    found = _HOURS.fullmatch(cell_text(cell).lower())
    if found is None:
        return None
    hours = sum((Decimal(part.strip().replace(",", ".")) for part in found[1].split("+")), Decimal(0))
    hours = plain(hours)
    return hours if 0 < hours <= MOST_HOURS else None


def section_hours(title: str) -> Decimal | None:
    """The hours at the end of a section's title: 21 for `Причастие 21ч +2К + 2Р.р`."""
    found = _SECTION_HOURS.search(title[-_LONGEST_HOURS:])
    return plain(Decimal(found[1].replace(",", "."))) if found else None


class _RowsReader:
    """Reads row by row; keeps the current section and the last number."""

    def __init__(self, sheet: Sheet, columns: Columns, dates: PlanDates, faults: Faults) -> None:
        self._dates = dates
        self._sheet, self._filled, self._columns, self._faults = sheet, sheet.filled(), columns, faults
        rows = range(columns.first_row, columns.last_row + 1)
        self._headings = {sheet.text(row, column) for row in rows for column in range(sheet.width)}
        self._wide = _wide_rows(sheet, columns)
        self._shared = _shared_hours(sheet, columns.get(Meaning.HOURS))
        self._has_hours = self._used(Meaning.HOURS)
        self._has_numbers = self._used(Meaning.NUMBER)
        self._counted = self._has_hours or self._has_numbers
        self._section = ""
        self._last_number: int | None = None
        self._last_day: date | None = None
        self.rows: list[PlanRow] = []
        self.sections: list[PlanSection] = []

    def read(self, row: int) -> None:
        texts = [text for text in (self._sheet.text(row, column) for column in range(self._sheet.width)) if text]
        topic = self._text(row, Meaning.TOPIC)
        if not texts or self._is_furniture(row, texts, topic):
            return
        if self._is_section(row, texts, topic):
            self._add_section(row, topic or texts[0])
        elif topic:
            self._add_row(row, topic)
        else:
            self._fault(row, Meaning.TOPIC, "no-topic", NO_TOPIC())

    def _is_furniture(self, row: int, texts: list[str], topic: str) -> bool:
        """Whether a row holds a total, a repeated heading, or the numbers of the columns."""
        if self._headings.issuperset(texts):
            return True
        if (
            not self._is_numbered(row)
            and not self._is_planned(row)
            and (_TOTALS.match(texts[0]) or _TOTALS.match(topic))
        ):
            return True
        return len(texts) > 2 and texts == [str(number) for number in range(1, len(texts) + 1)]

    def _is_section(self, row: int, texts: list[str], topic: str) -> bool:
        if self._is_parent(row):
            return True
        if self._is_numbered(row):
            return False
        if row in self._wide and len(texts) <= 2:  # a title, perhaps with its hours
            return True
        if len(texts) == 1 and self._counted and texts[0] in (topic, self._text(row, Meaning.NUMBER)):
            return True
        if not topic:
            return False
        hours = written_hours(self._own(row, Meaning.HOURS))
        long = hours is not None and hours > _LESSON_HOURS
        if long and self._has_numbers and not self._text(row, Meaning.HOMEWORK):
            return True
        if self._is_planned(row):
            return False
        if _SECTION_NUMBER.match(topic) or (section_hours(topic) is not None and hours is None):
            return True
        return _SECTION_WORD.match(topic) is not None and (hours is None or hours > _LESSON_HOURS)

    def _is_planned(self, row: int) -> bool:
        """Whether a row has a date or homework: only lessons have them."""
        return any(self._text(row, meaning) for meaning in (Meaning.PLANNED, Meaning.ACTUAL, Meaning.HOMEWORK))

    def _is_parent(self, row: int) -> bool:
        """Whether a row is a parent, such as 2: it has the hours of several lessons, and the next row is 2.1."""
        number, following = self._number(row).rstrip("."), self._number(row + 1)
        hours = written_hours(self._own(row, Meaning.HOURS))
        return (
            number.isdecimal() and following.startswith(f"{number}.1") and hours is not None and hours > _LESSON_HOURS
        )

    def _is_numbered(self, row: int) -> bool:
        return _NUMBERED.match(self._number(row)) is not None

    def _add_section(self, row: int, title: str) -> None:
        hours = written_hours(self._own(row, Meaning.HOURS)) or section_hours(title)
        self.sections.append(PlanSection(self._place(row, Meaning.TOPIC), title, hours))
        self._section = title

    def _add_row(self, row: int, topic: str) -> None:
        self._section = self._text(row, Meaning.SECTION) or self._section
        number = self._number(row)
        self._check_number(row, number)
        planned = self._date(row, Meaning.PLANNED)
        self._check_day(row, number, planned)
        self.rows.append(
            PlanRow(
                place=self._place(row, Meaning.TOPIC),
                number=number,
                section=self._section,
                topic=topic,
                hours=self._hours(row),
                planned=planned,
                actual=self._date(row, Meaning.ACTUAL),
                homework=self._text(row, Meaning.HOMEWORK),
                notes=self._text(row, Meaning.NOTES),
                content=self._text(row, Meaning.CONTENT),
                control=self._text(row, Meaning.CONTROL),
            )
        )

    def _check_number(self, row: int, text: str) -> None:
        """Add a fault for gaps and steps back. Numbers may start anywhere, and start again at 1."""
        found = _NUMBERS.fullmatch(text)
        if found is None:
            return
        number, before = int(found[1]), self._last_number
        self._last_number = int(found[2] or found[1])
        if before is None or number in (1, before + 1):
            return
        if number > before:
            self._fault(row, Meaning.NUMBER, "number-gap", NUMBER_GAP(before=before, number=number))
        else:
            self._fault(row, Meaning.NUMBER, "number-order", NUMBER_ORDER(before=before, number=number))

    def _check_day(self, row: int, number: str, planned: date | None) -> None:
        """Add a fault for a day before that of the lesson above; days may start again where numbers do."""
        if planned is None:
            return
        before, self._last_day = self._last_day, planned
        if before is not None and planned < before and not _FIRST.fullmatch(number):
            self._fault(row, Meaning.PLANNED, "date-order", DATE_ORDER(before=before, day=planned))

    def _hours(self, row: int) -> Decimal:
        cell, rows = self._shared.get(row, (self._own(row, Meaning.HOURS), 1))
        hours, text = written_hours(cell), cell_text(cell)
        if hours is not None and (hours * 2) % rows == 0:
            return plain(hours / rows)
        if hours is not None:
            self._fault(row, Meaning.HOURS, "hours-shared", HOURS_SHARED(hours=hours, rows=rows))
        elif text:
            self._fault(row, Meaning.HOURS, "bad-hours", BAD_HOURS(text=text[:_SHOWN]))
        elif self._has_hours:
            self._fault(row, Meaning.HOURS, "no-hours", NO_HOURS())
        return ONE

    def _date(self, row: int, meaning: Meaning) -> date | None:
        reading = self._dates.reading(self._sheet, meaning, row)
        if reading.problem is not None:
            text = self._text(row, meaning)[:_SHOWN]
            self._fault(row, meaning, reading.rule, reading.problem(text=text, **self._dates.said))
        return reading.value

    def _number(self, row: int) -> str:
        """The text of a row's number; a hyphen that does not break is a hyphen in it."""
        return self._text(row, Meaning.NUMBER).replace("\u2011", "-")

    def _text(self, row: int, meaning: Meaning) -> str:
        column = self._columns.get(meaning)
        return "" if column is None else self._filled.text(row, column)

    def _own(self, row: int, meaning: Meaning) -> Cell:
        """The value of the cell itself, not of its merged area."""
        column = self._columns.get(meaning)
        return None if column is None else self._sheet.cell(row, column)

    def _used(self, meaning: Meaning) -> bool:
        return any(
            self._own(row, meaning) is not None for row in range(self._columns.last_row + 1, len(self._sheet.rows))
        )

    def _place(self, row: int, meaning: Meaning) -> str:
        return place(self._sheet, row, self._columns.by_meaning[meaning])

    def _fault(self, row: int, meaning: Meaning, rule: str, reason: Sentence) -> None:
        self._faults.add(self._place(row, meaning), rule, reason)


def _wide_rows(sheet: Sheet, columns: Columns) -> set[int]:
    """Rows whose topic is merged with another known column: titles of sections."""
    others = [column for meaning, column in columns.by_meaning.items() if meaning is not Meaning.TOPIC]
    return {
        area.top
        for area in sheet.merged
        if area.left <= columns.topic <= area.right and any(area.left <= column <= area.right for column in others)
    }


def _shared_hours(sheet: Sheet, column: int | None) -> dict[int, tuple[Cell, int]]:
    """Row → a cell of hours merged over several rows, and how many rows share it."""
    shared: dict[int, tuple[Cell, int]] = {}
    for area in sheet.merged:
        if area.left == column == area.right:
            rows = range(area.top, min(area.bottom + 1, len(sheet.rows)))
            shared.update((row, (sheet.cell(area.top, area.left), len(rows))) for row in rows)
    return shared
