"""The tables of АСУ РСО (NetSchool) exports: each student has labels, a heading, and a row for each subject."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from formats.faults import Faults
from formats.result import Fault, Reading
from formats.sheets import Sheet, cell_text, place
from formats.unread import HIDDEN_SHEET, note_unread_columns
from formats.workbook import read_workbook
from kernel.phrases import Phrase

T = TypeVar("T")
_SUBJECT: Final = "предмет"
_LABEL: Final = re.compile(
    r"(учебный год|класс|ученик|учащийся|учащаяся|период)\s*(?:\(ца\))?(?:\s*:\s*|\s+(?=с\s))(.*)", re.IGNORECASE
)
#: Synonyms of labels.
_SAME: Final = {"учащийся": "ученик", "учащаяся": "ученик"}
_MEAN: Final = re.compile(r"[0-9]{1,2}(?:[.,][0-9]{1,15})?")
_SPACES: Final = re.compile(r"\s+")
#: What exports print under their tables: legends of codes («Н — отсутствовал»), signatures, dates of printing, numbers
#: of pages. A code has two letters at most, or is one of those of journals: «ИЗО - рисование» is a subject.
_FOOTER: Final = re.compile(
    r"(?:[а-яё]{1,2}|[0-9]|[но]/[а-яё]|осв|зач|незач|отс|бол|ув)\.?(?:\s*[–—=]\s*|\s-\s)[а-яё].*"
    r"|(?:(?:условные )?обозначения|легенда|примечани[ея])\b.*"
    r"|(?:классный руководитель|директор|зам\S* директора|завуч|родител[ьи]|учитель|подпись|м\.? ?п\.)(?![\w-]).*"
    r"|_{2,}[^а-яё]*|с оценками ознакомлен.*"
    r"|(?:отч[её]т|документ|выгрузка) (?:сформирован|создан|составлен|напечатан).*|напечатано\b.*"
    r"|(?:дата|время) (?:печати|формирования|выгрузки|создания)\b.*"
    r"|(?:страница|стр\.|лист|page) ?№? ?[0-9]+(?: ?(?:из|of|/) ?[0-9]+)?"
    r"|асу рсо\b.*|сетевой город.*|netschool.*",
    re.IGNORECASE,
)
#: The name of who signs, beside the words for the office.
_SIGNED: Final = re.compile(r"[/(]?\s?(?:[А-ЯЁ][а-яё-]+ (?:[А-ЯЁ]\. ?){1,2}|(?:[А-ЯЁ]\. ?){1,2}[А-ЯЁ][а-яё-]+)\s?[/)]?")
#: Longer texts are notes that people wrote.
_LONGEST_FOOTER: Final = 200
#: A table whose heading would be taller than this has no subjects.
_TALLEST_HEADING: Final = 8

BAD_MEAN = Phrase(ru="«{text}» – не средний балл.", en="“{text}” is no mean.")
OTHER_COLUMNS = Phrase(
    ru="Над столбцами таблицы нет того, что есть у других учеников: она пропущена.",
    en="The table's columns are not headed as those of other students: it is left out.",
)
WITHOUT_SUBJECT = Phrase(
    ru="В строке под таблицей нет предмета: она пропущена.",
    en="The row below a table names no subject: it is left out.",
)
NO_STUDENT = Phrase(
    ru="Над таблицей не указан ученик; она пропущена.",
    en="No student is named above the table; it is left out.",
)


@dataclass(frozen=True, slots=True)
class SubjectTable:
    """The table of one student: the labels above it, the headings of each column, and its rows."""

    sheet: Sheet
    labels: dict[str, str]
    subject: int
    headings: dict[int, tuple[str, ...]]
    rows: range
    subjects: tuple[str, ...]
    #: Rows below the table that hold values under its headings but name no subject.
    loose: tuple[int, ...]

    def subject_of(self, row: int) -> str:
        """The subject of a row; its cell may be merged with the one above."""
        return self.subjects[row - self.rows.start]

    @property
    def student(self) -> str:
        """The student's name as the table gives it."""
        return self.labels.get("ученик", "")

    def place(self, row: int, column: int | None = None) -> str:
        """The address of a cell as a person sees it; without `column`, that of the row's subject."""
        return place(self.sheet, row, self.subject if column is None else column)


def subject_tables(sheet: Sheet) -> Iterator[SubjectTable]:
    """The tables of a sheet in order. A label applies to its table and those below until it is repeated."""
    filled = sheet.filled()
    labels: dict[str, str] = {}
    row = 0
    while row < len(sheet.rows):
        labels |= _labels(sheet, row)
        subject = _subject_column(sheet, row)
        rows = _rows(filled, row, subject) if subject is not None else range(0)
        if subject is not None and rows:
            headings = _headings(filled, row, rows.start, subject)
            subjects = tuple(filled.text(one, subject) for one in rows)
            loose = tuple(_loose(sheet, rows.stop, headings))
            yield SubjectTable(sheet, dict(labels), subject, headings, rows, subjects, loose)
            labels.pop("ученик", None)
        row = rows.stop if rows else row + 1


def read_students(
    content: bytes, student: Callable[[SubjectTable, Faults], Iterator[T]], none: Fault
) -> Reading[tuple[T, ...]]:
    """Apply `student` to each table of the visible sheets; refuses with the fault `none` if nothing is found.

    Faults name what was left out: students' tables with other columns, rows without a subject, hidden sheets.
    """
    reading = read_workbook(content)
    if reading.value is None:
        return Reading(None, reading.faults)
    faults = Faults()
    faults.extend(reading.faults)
    tables = [table for sheet in reading.value.sheets for table in subject_tables(sheet)]
    shown = [table for table in tables if not table.sheet.hidden]
    made = [tuple(student(table, faults)) for table in shown]
    found = tuple(one for ones in made for one in ones)
    if not found:
        return Reading(None, (*faults.all(), none))
    for table, ones in zip(shown, made):
        if table.student and not ones:
            faults.add(table.place(table.rows.start), "table-of-other-columns", OTHER_COLUMNS())
        for row in table.loose:
            faults.add(table.place(row), "row-without-subject", WITHOUT_SUBJECT())
    for name in dict.fromkeys(table.sheet.name for table in tables if table.sheet.hidden):
        faults.add(name, "hidden-sheet", HIDDEN_SHEET())
    return Reading(found, faults.all())


def mean(table: SubjectTable, row: int, column: int | None, faults: Faults) -> Decimal | None:
    """The mean in a cell; None if empty, or 0, which the export prints where there are no marks."""
    text = table.sheet.text(row, column) if column is not None else ""
    if not text:
        return None
    if not _MEAN.fullmatch(text):
        faults.add(table.place(row, column), "bad-mean", BAD_MEAN(text=text))
        return None
    return Decimal(text.replace(",", ".")) or None


def note_unread(table: SubjectTable, read: Collection[int], faults: Faults) -> None:
    """Add a fault that names the filled columns right of the subjects that are not among those `read`."""
    columns = (column for column in range(table.subject + 1, table.sheet.width) if column not in read)
    held = (column for column in columns if any(table.sheet.text(row, column) for row in table.rows))
    headings = ((column, " ".join(table.headings.get(column, ()))) for column in held)
    note_unread_columns(table.place(table.rows.start - 1), headings, faults)


def note_without_student(table: SubjectTable, faults: Faults) -> None:
    """Add a fault for a table that names no student."""
    faults.add(table.place(table.rows.start), "table-without-student", NO_STUDENT())


def _labels(sheet: Sheet, row: int) -> dict[str, str]:
    """The labels in a row above a table: `Класс: 8А` in one cell, or label and value in two cells."""
    texts = [text for cell in sheet.rows[row] if (text := _one_line(cell_text(cell)))]
    found = {}
    for position, text in enumerate(texts):
        label = _LABEL.fullmatch(text)
        if label:
            name = label[1].casefold()
            following = texts[position + 1] if position + 1 < len(texts) else ""
            found[_SAME.get(name, name)] = label[2] or following
    return found


def _subject_column(sheet: Sheet, row: int) -> int | None:
    """The column with the heading «Предмет» in this row, if any."""
    texts = (cell_text(cell).casefold() for cell in sheet.rows[row])
    return next((column for column, text in enumerate(texts) if text == _SUBJECT), None)


def _rows(sheet: Sheet, heading: int, subject: int) -> range:
    """The rows of subjects: from the first text under «Предмет» to the last before an empty cell.

    `sheet` must have its merged cells filled: one subject may cover several rows.
    """
    below = range(heading + 1, min(heading + 1 + _TALLEST_HEADING, len(sheet.rows)))
    first = next((row for row in below if sheet.text(row, subject).casefold() not in ("", _SUBJECT)), None)
    if first is None:
        return range(0)
    end = first
    while end < len(sheet.rows) and sheet.text(end, subject) and not _is_footer(sheet, end):
        end += 1
    return range(first, end)


def _loose(sheet: Sheet, after: int, columns: Collection[int]) -> Iterator[int]:
    """The rows between a table and the next one, or the next one's labels, that hold values in its columns."""
    for row in range(after, len(sheet.rows)):
        if _labels(sheet, row) or _subject_column(sheet, row) is not None:
            return
        if any(sheet.text(row, column) for column in columns) and not _is_footer(sheet, row):
            yield row


def _is_footer(sheet: Sheet, row: int) -> bool:
    """Whether a row holds a legend, a signature or a page's footer, in all of its cells."""
    texts = [text for cell in sheet.rows[row] if (text := _one_line(cell_text(cell)))]
    if not texts or max(map(len, texts)) > _LONGEST_FOOTER or not _FOOTER.fullmatch(texts[0]):
        return False
    return all(_FOOTER.fullmatch(text) or _SIGNED.fullmatch(text) for text in texts)


def _headings(filled: Sheet, heading: int, first: int, subject: int) -> dict[int, tuple[str, ...]]:
    """The headings of each column right of the subjects, top down, without repetitions."""
    found = {}
    for column in range(subject + 1, filled.width):
        texts = (_one_line(filled.text(row, column)) for row in range(heading, first))
        stacked = tuple(dict.fromkeys(text for text in texts if text))
        if stacked:
            found[column] = stacked
    return found


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
