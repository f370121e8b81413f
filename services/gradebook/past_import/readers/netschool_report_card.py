"""The report cards of АСУ РСО (NetSchool), «Табель успеваемости учащегося»: term and year marks of a class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from formats.faults import Faults
from formats.result import Fault, Reading
from kernel.phrases import Phrase
from services.gradebook.past_import.readers.netschool_tables import (
    SubjectTable,
    mean,
    note_unread,
    note_without_student,
    read_students,
)

Kind = Literal["mean", "weighted", "mark", "year", "exam", "state_exam", "final"]
_TERM: Final = re.compile(r"(?:[1-6]|I|II|III|IV)\s+(?:четверть|полугодие|триместр|модуль)", re.IGNORECASE)
#: The kind of a column by its lowest heading; the first match wins.
_KINDS: Final[tuple[tuple[str, Kind], ...]] = (
    (r".*взв.*", "weighted"),
    (r"ср.*", "mean"),
    (r"итог|оценка", "mark"),
    (r"гос.*", "state_exam"),
    (r"экз.*", "exam"),
    (r"год.*", "year"),
    (r"итог.*", "final"),
)
#: The kinds of columns that stand under a term's name.
_OF_TERM: Final[tuple[Kind, ...]] = ("weighted", "mean", "mark")
_OF_YEAR: Final[tuple[Kind, ...]] = ("year", "exam", "state_exam", "final")

NOT_REPORT_CARDS = Phrase(
    ru="Это не табель успеваемости АСУ РСО: не найдены таблицы с предметами и учебными периодами.",
    en="These are no report cards of АСУ РСО: no tables of subjects and terms were found.",
)


@dataclass(frozen=True, slots=True)
class TermResult:
    """A term's results as printed: both means (None if absent) and the mark's text ("" if absent)."""

    term: str
    mean: Decimal | None
    weighted_mean: Decimal | None
    mark: str
    #: The mark's cell, as a person sees it.
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A student's row for one subject: its terms in order, and the year's marks, "" if absent."""

    place: str
    subject: str
    terms: tuple[TermResult, ...]
    year_mark: str
    exam_mark: str
    state_exam_mark: str
    final_mark: str
    #: The cells of the year's marks by their kinds, as a person sees them.
    places: Mapping[Kind, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class StudentReport:
    """The report card of one student; `year` as printed, `2024/2025`."""

    place: str
    student: str
    class_name: str
    year: str
    rows: tuple[ReportRow, ...]


@dataclass(frozen=True, slots=True)
class ReportCards:
    """The report cards of a file, in the file's order."""

    students: tuple[StudentReport, ...]


def read_report_cards(content: bytes) -> Reading[ReportCards]:
    """Read the report cards in an XLSX export of АСУ РСО; refuses any other file.

    Columns are found by their headings: each term stands over its means and mark, and the year's marks follow. A
    printed mean of 0 is read as None: the export prints 0 where there are no marks or no weights.
    """
    reading = read_students(content, _reports, Fault("", "not-report-cards", NOT_REPORT_CARDS(), fatal=True))
    return Reading(ReportCards(reading.value) if reading.value else None, reading.faults)


def _reports(table: SubjectTable, faults: Faults) -> Iterator[StudentReport]:
    """Yield the table's report card if the table is one."""
    columns = _columns(table)
    if not any(term for term, _ in columns):
        return
    if not table.student:
        note_without_student(table, faults)
        return
    note_unread(table, set(columns.values()), faults)
    rows = tuple(_row(table, row, columns, faults) for row in table.rows)
    labels = table.labels
    at = table.place(table.rows.start)
    yield StudentReport(at, table.student, labels.get("класс", ""), labels.get("учебный год", ""), rows)


def _columns(table: SubjectTable) -> dict[tuple[str, Kind], int]:
    """The columns of each term's means and mark, and of the year's marks, whose term is ""."""
    columns: dict[tuple[str, Kind], int] = {}
    term = ""
    for column, texts in table.headings.items():
        term = next((text for text in texts if _TERM.fullmatch(text)), term)
        kind = _kind(texts[-1], in_term=bool(term))
        if kind is not None and kind not in _OF_TERM:
            term = ""  # the marks of the year follow the terms
        if kind is not None:
            columns.setdefault((term if kind in _OF_TERM else "", kind), column)
    return columns


def _kind(lowest: str, *, in_term: bool) -> Kind | None:
    """The kind of a column by its lowest heading; a column headed only by a term's name holds the term's mark."""
    if _TERM.fullmatch(lowest):
        return "mark"
    kinds = (kind for pattern, kind in _KINDS if re.fullmatch(pattern, lowest.casefold()))
    return next((kind for kind in kinds if in_term or kind not in _OF_TERM), None)


def _row(table: SubjectTable, row: int, columns: dict[tuple[str, Kind], int], faults: Faults) -> ReportRow:
    def mark(term: str, kind: Kind) -> str:
        column = columns.get((term, kind))
        return table.sheet.text(row, column) if column is not None else ""

    def place(term: str, kind: Kind) -> str:
        return table.place(row, columns.get((term, kind)))

    terms = tuple(
        TermResult(
            term,
            mean(table, row, columns.get((term, "mean")), faults),
            mean(table, row, columns.get((term, "weighted")), faults),
            mark(term, "mark"),
            place(term, "mark"),
        )
        for term in dict.fromkeys(term for term, _ in columns if term)
    )
    subject = table.subject_of(row)
    year, exam, state, final = mark("", "year"), mark("", "exam"), mark("", "state_exam"), mark("", "final")
    places = {kind: place("", kind) for kind in _OF_YEAR}
    return ReportRow(table.place(row), subject, terms, year, exam, state, final, places)
