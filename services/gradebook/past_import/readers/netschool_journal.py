"""The period journal of АСУ РСО (NetSchool), «Отчет об успеваемости и посещаемости ученика»: dated cells and means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from formats.faults import Faults
from formats.result import Fault, Reading
from formats.sheets import column_letters
from kernel.phrases import Phrase
from services.gradebook.past_import.readers.netschool_tables import (
    SubjectTable,
    mean,
    note_unread,
    note_without_student,
    read_students,
)

#: Names of months without their endings, January first. Headings may also use the first three letters.
_MONTHS: Final = (
    "январ",
    "феврал",
    "март",
    "апрел",
    "ма",
    "июн",
    "июл",
    "август",
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
)
_MONTH: Final = re.compile(r"([а-яё]{3,8})\.?(?:\s+(20[0-9]{2})(?:\s*г\.?)?)?", re.IGNORECASE)
_DAY: Final = re.compile(r"([0-9]{1,2})(?:[\s,]*(?:пн|вт|ср|чт|пт|сб|вс)\.?)?", re.IGNORECASE)
_DATE: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.(20[0-9]{2}|[0-9]{2})")
_SCHOOL_YEAR: Final = re.compile(r"(20[0-9]{2})\s*[/–-]\s*(?:20)?[0-9]{2}")
#: The first month in which a lesson of a school year may be dated.
_FIRST_MONTH: Final = 8

Summary = Literal["mean", "weighted", "final"]
_SUMMARIES: Final[tuple[tuple[str, Summary], ...]] = (
    (r".*взв.*", "weighted"),
    (r"ср.*", "mean"),
    (r"итог.*|оценка.*", "final"),
)

NOT_A_JOURNAL = Phrase(
    ru="Это не отчёт об успеваемости АСУ РСО: не найдены таблицы с предметами и датами уроков.",
    en="This is no progress report of АСУ РСО: no tables of subjects and dates of lessons were found.",
)
NO_SUCH_DATE = Phrase(
    ru="Дата в заголовке столбца не определяется: «{text}»; столбец пропущен.",
    en="The date in the column's heading is not clear: “{text}”; the column is left out.",
)
CELL_IS_A_DATE = Phrase(
    ru="В ячейке дата ({text}) вместо оценки: вероятно, таблица превратила в неё запись вида «3/3».",
    en="The cell holds a date ({text}), not a mark: the spreadsheet probably made it of text like “3/3”.",
)


@dataclass(frozen=True, slots=True)
class JournalCell:
    """The text of a cell at a date, unchanged: `5`, `3/3`, `О 2`, `Н`. A date with two columns has two cells."""

    place: str
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A student's row for one subject: its filled cells by date, and the results printed at the end of the row."""

    place: str
    subject: str
    cells: tuple[JournalCell, ...]
    mean: Decimal | None
    weighted_mean: Decimal | None
    final: str


@dataclass(frozen=True, slots=True)
class StudentJournal:
    """The table of one student; `period` and `year` as printed, "" if the file does not give them."""

    place: str
    student: str
    class_name: str
    year: str
    period: str
    rows: tuple[JournalRow, ...]


@dataclass(frozen=True, slots=True)
class PeriodJournal:
    """The journals of a file's students, in the file's order."""

    students: tuple[StudentJournal, ...]


def read_period_journal(content: bytes) -> Reading[PeriodJournal]:
    """Read the progress report in an XLSX export of АСУ РСО; refuses any other file.

    Headings hold full dates, or days under a month. The year comes from the month's heading; else from the printed
    period; else from the school year, which begins in August. Cells are kept as written; `rules.cells` interprets
    them. A printed mean of 0 is read as None, as in report cards.
    """
    reading = read_students(content, _journals, Fault("", "not-a-journal", NOT_A_JOURNAL(), fatal=True))
    return Reading(PeriodJournal(reading.value) if reading.value else None, reading.faults)


def _journals(table: SubjectTable, faults: Faults) -> Iterator[StudentJournal]:
    """Yield the table's journal if the table is one."""
    headed = dict(_dates(table, faults))
    dates = sorted((on, column) for column, on in headed.items() if on is not None)
    if not dates:
        return
    if not table.student:
        note_without_student(table, faults)
        return
    summaries = _summaries(table)
    note_unread(table, headed.keys() | set(summaries.values()), faults)
    labels = table.labels
    yield StudentJournal(
        table.place(table.rows.start),
        table.student,
        labels.get("класс", ""),
        labels.get("учебный год", ""),
        labels.get("период", ""),
        tuple(_row(table, row, dates, summaries, faults) for row in table.rows),
    )


def _row(
    table: SubjectTable, row: int, dates: list[tuple[date, int]], summaries: dict[Summary, int], faults: Faults
) -> JournalRow:
    final = summaries.get("final")
    return JournalRow(
        table.place(row),
        table.subject_of(row),
        tuple(_cells(table, row, dates, faults)),
        mean(table, row, summaries.get("mean"), faults),
        mean(table, row, summaries.get("weighted"), faults),
        table.sheet.text(row, final) if final is not None else "",
    )


def _cells(table: SubjectTable, row: int, dates: list[tuple[date, int]], faults: Faults) -> Iterator[JournalCell]:
    for on, column in dates:
        text = table.sheet.text(row, column)
        if isinstance(table.sheet.cell(row, column), date):
            faults.add(table.place(row, column), "cell-is-a-date", CELL_IS_A_DATE(text=text))
        elif text:
            yield JournalCell(table.place(row, column), on, text)


def _summaries(table: SubjectTable) -> dict[Summary, int]:
    """Find the columns of the results at the end of a row by their lowest heading."""
    columns: dict[Summary, int] = {}
    for column, texts in table.headings.items():
        for pattern, summary in _SUMMARIES:
            if re.fullmatch(pattern, texts[-1].casefold()):
                columns.setdefault(summary, column)
                break
    return columns


def _dates(table: SubjectTable, faults: Faults) -> Iterator[tuple[int, date | None]]:
    """Yield the columns with a date: a full date, or a day under a month. A month applies until the next one.

    The date is None if it is ambiguous; a fault is then recorded.
    """
    month: tuple[int, int | None] | None = None
    for column, texts in table.headings.items():
        named = next((found for text in texts if (found := _month(text))), None)
        month = named or month
        lowest = texts[-1]
        written, day = _DATE.fullmatch(lowest), _DAY.fullmatch(lowest)
        on = None
        if written:
            on = _date(_full_year(written[3]), int(written[2]), int(written[1]))
        elif day and month:
            on = _day_of_month(table, int(day[1]), *month)
        if not (written or day):
            continue
        if on is None:
            heading = f"{column_letters(column)}: {' '.join(texts)}"
            faults.add(table.place(table.rows.start - 1, column), "no-such-date", NO_SUCH_DATE(text=heading))
        yield column, on


def _month(text: str) -> tuple[int, int | None] | None:
    """Parse a month's name, `Март` or `март 2025`, into number and year; the year is None if absent."""
    found = _MONTH.fullmatch(text)
    if found is None:
        return None
    name = found[1].casefold()
    for number, stem in enumerate(_MONTHS, 1):
        if name in (stem[:3], stem, *(stem + ending for ending in "ьяйа")):
            return number, int(found[2]) if found[2] else None
    return None


def _day_of_month(table: SubjectTable, day: int, month: int, year: int | None) -> date | None:
    if year is not None:
        return _date(year, month, day)
    period = _period(table.labels.get("период", ""))
    if period is not None:
        first, last = period
        days = (_date(one, month, day) for one in (first.year, last.year))
        return next((one for one in days if one and first <= one <= last), None)
    school_year = _SCHOOL_YEAR.fullmatch(table.labels.get("учебный год", ""))
    if school_year is None:
        return None
    return _date(int(school_year[1]) + (month < _FIRST_MONTH), month, day)


def _period(text: str) -> tuple[date, date] | None:
    """Parse the first and last date of a text such as `с 24.03.25 по 24.05.25`."""
    dates = [_date(_full_year(year), int(month), int(day)) for day, month, year in _DATE.findall(text)]
    return (dates[0], dates[1]) if len(dates) == 2 and dates[0] and dates[1] else None


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
