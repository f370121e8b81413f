"""Reads thematic plans (КТП) from XLSX, CSV, or the tables of a DOCX file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from formats.container import is_zip, opened
from formats.dates import written_date
from formats.faults import Faults, Unreadable
from formats.result import Reading
from formats.sheet_part import TOO_MANY_ROWS
from formats.sheets import Sheet, column_letters, place
from formats.text_table import read_text_table
from formats.unread import HIDDEN_SHEET, note_unread_columns
from formats.word_tables import DOCUMENT, word_tables
from formats.workbook import workbook_of
from kernel.phrases import Phrase
from services.gradebook.plans.readers.plan_columns import (
    MOST_COLUMNS,
    OF_LESSONS,
    Columns,
    Meaning,
    find_columns,
    fullest_row,
)
from services.gradebook.plans.readers.plan_dates import PlanDates
from services.gradebook.plans.readers.plan_rows import PlanRow, PlanSection, plan_rows, written_hours

__all__ = ["Meaning", "Plan", "PlanRow", "PlanSection", "SeenColumn", "read_named", "read_plan"]

NOT_A_PLAN = Phrase(
    ru="Это не тематический план: нет строки заголовков, в которой есть тема урока и номер, дата или часы.",
    en="This is no thematic plan: no row of headings names the lesson's topic and a number, date or hours.",
)
NO_LESSONS = Phrase(
    ru="Под заголовками плана нет ни одной темы.", en="There is no topic under the headings of the plan."
)
OTHER_SHEET = Phrase(
    ru="Лист «{name}» тоже похож на план: он не прочитан.",
    en="The sheet “{name}” looks like a plan as well: it was not read.",
)

TOO_MUCH_TEXT = Phrase(
    ru="В таблицах больше {most} знаков: это не тематический план одного предмета.",
    en="The tables have more than {most} characters: this is not the thematic plan of one subject.",
)
UNREAD_SHEET = Phrase(
    ru="На листе «{name}» нет строки заголовков: он не прочитан.",
    en="The sheet “{name}” has no row of headings: it was not read.",
)
UNREAD_TABLE = Phrase(
    ru="«{name}» – таблица той же ширины, что план перед ней, но без заголовка, номеров, часов и дат: не прочитана.",
    en="“{name}” is as wide as the plan before it, but has no heading, numbers, hours or dates: it was not read.",
)
#: The most rows in all tables of a file: five times the plans of a subject in all grades.
MOST_PLANNED: Final = 5_000
#: The most characters in all cells: 600 for each row.
MOST_TEXT: Final = 3_000_000
#: The values of a column that people are shown, and their most characters.
_SAMPLES: Final = 3
_SAMPLE: Final = 60
#: Rows of a table without a heading that are searched for a lesson: titles of sections may precede it.
_LOOKED_AT: Final = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """A thematic plan: its lessons and sections in order, and the places of its heading and columns.

    `header` is the place of the topic's heading; `columns` maps meanings to column letters.
    """

    rows: tuple[PlanRow, ...]
    sections: tuple[PlanSection, ...]
    columns: dict[str, str]
    header: str


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column of a file with its heading and some of its values; `meaning` is None where it was not read."""

    letters: str
    heading: str
    meaning: Meaning | None
    samples: tuple[str, ...]


def read_plan(content: bytes, sheet: str | None = None) -> Reading[Plan]:
    """Read the plan on the first visible sheet that has one, or on the sheet named `sheet`, even if hidden.

    A document's tables with the same columns form one plan, together with tables that continue them without a heading;
    of several plans, the one with dates or homework is read. Faults name what was left out or guessed: dates without a
    year, ranges, unreadable hours, gaps in the numbers. Refuses, with the reason, a file without a plan and whatever
    `read_workbook` or `read_text_table` refuses.
    """
    return read_named(content, {}, sheet)[0]


def read_named(
    content: bytes, named: Mapping[str, Meaning | None], sheet: str | None = None
) -> tuple[Reading[Plan], tuple[SeenColumn, ...]]:
    """As `read_plan`, where people have `named` columns by their letters, or said that one is not to be read (None).

    Also returns the columns of the plan's table; of a file without a plan those of its first table with texts, so that
    people can name them: the row with the most texts is its heading then.
    """
    faults = Faults()
    seen: tuple[SeenColumn, ...] = ()
    try:
        sheets, one_plan = _tables(content, faults)
        chosen = [one for one in sheets if _is_chosen(one, sheet, faults)]
        _check_size(chosen)
        found = _found(chosen, named)
        first = _chosen(found, by_length=one_plan) if found else _guessed(chosen)
        seen = _seen(*first) if first else ()
        return Reading(_plan(chosen, found, one_plan, faults), faults.all()), seen
    except Unreadable as error:
        return Reading(None, (*faults.all(), error.fault)), seen


def _found(sheets: list[Sheet], named: Mapping[str, Meaning | None]) -> list[tuple[Sheet, Columns]]:
    """The sheets that hold a plan, with their columns; where people named a topic, any sheet with texts is one."""
    found = [(sheet, columns) for sheet in sheets if (columns := find_columns(sheet)) is not None]
    if not found and (guess := _guessed(sheets)):
        found = [guess]
    renamed = ((sheet, columns.named(named)) for sheet, columns in found)
    return [(sheet, columns) for sheet, columns in renamed if columns is not None]


def _guessed(sheets: list[Sheet]) -> tuple[Sheet, Columns] | None:
    """The first sheet with texts, and its fullest row as a heading that says nothing."""
    sheet = next((one for one in sheets if one.width > 1), None)
    if sheet is None:
        return None
    heading = fullest_row(sheet)
    return sheet, Columns(heading, heading, {})


def _seen(sheet: Sheet, columns: Columns) -> tuple[SeenColumn, ...]:
    """The columns of a table that hold anything."""
    meanings = {column: meaning for meaning, column in columns.by_meaning.items()}
    found = []
    for column in range(min(sheet.width, MOST_COLUMNS)):
        heading = _heading(sheet, columns, column)
        texts = (sheet.text(row, column) for row in range(columns.last_row + 1, len(sheet.rows)))
        samples = tuple(islice((text[:_SAMPLE] for text in texts if text), _SAMPLES))
        if heading or samples:
            found.append(SeenColumn(column_letters(column), heading, meanings.get(column), samples))
    return tuple(found)


def _heading(sheet: Sheet, columns: Columns, column: int) -> str:
    """The texts of a column's heading, in one line."""
    words = [sheet.text(row, column) for row in range(columns.first_row, columns.last_row + 1)]
    return " ".join(" ".join(words).split())


def _is_chosen(one: Sheet, name: str | None, faults: Faults) -> bool:
    """Whether a sheet is to be read: the one of that name, else every visible one. A hidden one adds a fault."""
    if name is not None:
        return one.name == name
    if one.hidden and one.rows:
        faults.add(one.name, "hidden-sheet", HIDDEN_SHEET())
    return not one.hidden


def _tables(content: bytes, faults: Faults) -> tuple[list[Sheet], bool]:
    """The file's tables, and whether they may continue one another."""
    if not is_zip(content):
        return [_text_sheet(content, faults)], False
    container = opened(content)
    if DOCUMENT in container:
        return word_tables(container, faults), True
    reading = workbook_of(container)
    faults.extend(reading.faults)
    return list(reading.value.sheets if reading.value else ()), False


def _text_sheet(content: bytes, faults: Faults) -> Sheet:
    reading = read_text_table(content)
    if reading.value is None:
        raise Unreadable(reading.faults[0].rule, reading.faults[0].reason)
    faults.extend(reading.faults)
    width = max(map(len, reading.value), default=0)
    padded = (row + ("",) * (width - len(row)) for row in reading.value)
    return Sheet("", tuple(tuple(field or None for field in row) for row in padded))


def _check_size(sheets: list[Sheet]) -> None:
    if sum(len(one.rows) for one in sheets) > MOST_PLANNED:
        raise Unreadable("too-many-rows", TOO_MANY_ROWS(count=MOST_PLANNED))
    texts = (cell for sheet in sheets for row in sheet.rows for cell in row if isinstance(cell, str))
    if sum(map(len, texts)) > MOST_TEXT:
        raise Unreadable("too-much-text", TOO_MUCH_TEXT(most=MOST_TEXT))


def _plan(sheets: list[Sheet], found: list[tuple[Sheet, Columns]], one_plan: bool, faults: Faults) -> Plan:
    if not found:
        raise Unreadable("not-a-plan", NOT_A_PLAN())
    first, columns = _chosen(found, by_length=one_plan)
    rows: list[PlanRow] = []
    sections: list[PlanSection] = []
    if one_plan:
        found = _continued(sheets, found, faults)
    read = [one for one in found if one[0] is first or (one_plan and one[1].by_meaning == columns.by_meaning)]
    dates = PlanDates(read)
    for sheet, own in found:
        if any(sheet is one for one, _ in read):
            _note_unread_columns(sheet, own, faults)
            more_rows, more_sections = plan_rows(sheet, own, dates, faults)
            rows += more_rows
            sections += more_sections
        else:
            faults.add(sheet.name, "other-sheet", OTHER_SHEET(name=sheet.name))
    if not one_plan:
        _note_unread(sheets, [sheet for sheet, _ in found], faults)
    header = _header(first, columns)
    if not rows:
        raise Unreadable("no-lessons", NO_LESSONS(), header)
    return Plan(tuple(rows), tuple(sections), columns.letters(), header)


def _chosen(found: list[tuple[Sheet, Columns]], *, by_length: bool) -> tuple[Sheet, Columns]:
    """Choose among plans: one of lessons, with dates or homework; else the longest (`by_length`), or the first."""

    def rank(one: tuple[Sheet, Columns]) -> tuple[bool, int]:
        meanings = one[1].by_meaning
        rows = sum(len(sheet.rows) - own.last_row - 1 for sheet, own in found if own.by_meaning == meanings)
        return rows > 0 and not OF_LESSONS.isdisjoint(meanings), rows if by_length else 0

    return max(found, key=rank)


def _continued(sheets: list[Sheet], found: list[tuple[Sheet, Columns]], faults: Faults) -> list[tuple[Sheet, Columns]]:
    """The tables with headings, each followed by the tables without headings that continue it.

    Adds a fault for a table that seems to continue the plan but follows another table or has one column more, and for a
    table directly after the plan that has as many columns but no lessons.
    """
    headed = {id(sheet): columns for sheet, columns in found}
    all_found: list[tuple[Sheet, Columns]] = []
    plan: tuple[Sheet, Columns] | None = None
    goes_on = False
    for sheet in sheets:
        if id(sheet) in headed:
            plan, goes_on = (sheet, headed[id(sheet)]), True
            all_found.append(plan)
        elif plan is not None:
            alike, like_lessons = sheet.width == plan[0].width, _goes_on(sheet, plan[1])
            if (alike and (goes_on != like_lessons)) or (like_lessons and sheet.width == plan[0].width + 1):
                faults.add(sheet.name, "table-without-heading", UNREAD_TABLE(name=sheet.name))
            goes_on = goes_on and alike and like_lessons
            if goes_on:
                all_found.append((sheet, Columns(-1, -1, plan[1].by_meaning)))
    return all_found


def _goes_on(sheet: Sheet, columns: Columns) -> bool:
    """Whether one of a table's first rows has a lesson's number, hours or date in the plan's columns."""
    number, hours, planned = map(columns.get, (Meaning.NUMBER, Meaning.HOURS, Meaning.PLANNED))
    for row in range(min(len(sheet.rows), _LOOKED_AT)):
        if number is not None and sheet.text(row, number)[:1].isdecimal():
            return True
        if hours is not None and written_hours(sheet.cell(row, hours)) is not None:
            return True
        if planned is not None and written_date(sheet.cell(row, planned)).value is not None:
            return True
    return False


def _note_unread_columns(sheet: Sheet, columns: Columns, faults: Faults) -> None:
    """Add a fault for columns that hold values but are not read."""
    rows = range(columns.last_row + 1, len(sheet.rows))
    unread = []
    for column in sorted(set(range(sheet.width)) - set(columns.by_meaning.values())):
        heading = _heading(sheet, columns, column)
        is_headed = columns.first_row >= 0  # a table that continues a plan has no headings
        if (heading or is_headed) and any(sheet.cell(row, column) is not None for row in rows):
            unread.append((column, heading))
    note_unread_columns(_header(sheet, columns), unread, faults)


def _note_unread(sheets: list[Sheet], found: list[Sheet], faults: Faults) -> None:
    """Add a fault for sheets that hold values but no plan. Not for documents, which usually have other tables."""
    for sheet in sheets:
        if not any(one is sheet for one in found) and any(cell is not None for row in sheet.rows for cell in row):
            faults.add(sheet.name, "sheet-without-heading", UNREAD_SHEET(name=sheet.name))


def _header(sheet: Sheet, columns: Columns) -> str:
    return place(sheet, columns.first_row, columns.topic)
