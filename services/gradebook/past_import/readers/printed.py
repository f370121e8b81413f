"""What files of АСУ РСО print of a class's past, as marks at their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from contracts.gradebook.past_import import LONGEST_NAME
from contracts.gradebook.term_marks import CERTIFICATE, EXAM, TERM, YEAR
from formats.result import Reading
from formats.sheets import position
from services.gradebook.past_import.readers.netschool_journal import PeriodJournal, read_period_journal
from services.gradebook.past_import.readers.netschool_report_card import (
    Kind,
    ReportCards,
    ReportRow,
    StudentReport,
    read_report_cards,
)
from services.gradebook.past_import.rules.figures import DayFigure, Figure, Printed

#: How a name is told from the same one of somebody else in the file: by its place.
_AT: Final = "{name} ({place})"
#: The rule of a workbook in which no report cards were found, whatever else it holds.
_NO_CARDS: Final = "not-report-cards"


class _Headed(Protocol):
    """What stands above a student's table."""

    @property
    def place(self) -> str:
        """Where it begins."""

    @property
    def student(self) -> str:
        """The name."""

    @property
    def class_name(self) -> str:
        """The class."""

    @property
    def year(self) -> str:
        """The year."""


def read_printed(content: bytes) -> Reading[Printed]:
    """Read a file's marks; refuses any other file than one of report cards, or a period journal.

    Cells without a mark say nothing. Of two exams the state's counts. The results that a period journal prints behind
    its days are those of report cards, which say of which term they are: they are not read here.
    """
    cards = read_report_cards(content)
    if cards.value is not None:
        return Reading(_of_cards(cards.value), cards.faults)
    if any(one.rule == _NO_CARDS for one in cards.faults):
        journal = read_period_journal(content)
        if journal.value is not None:
            return Reading(_of_journal(journal.value), journal.faults)
    return Reading(None, cards.faults)


def _of_cards(cards: ReportCards) -> Printed:
    names = list(_names(cards.students))
    figures = (figure for one, name in zip(cards.students, names, strict=True) for figure in _figures(one, name))
    return Printed(*_class_and_year(cards.students), tuple(figures), _told_apart(cards.students, names))


def _of_journal(journal: PeriodJournal) -> Printed:
    names = list(_names(journal.students))
    cells = [
        (row.subject[:LONGEST_NAME], name, cell)
        for one, name in zip(journal.students, names, strict=True)
        for row in one.rows
        for cell in row.cells
    ]
    columns: dict[tuple[str, object], set[int]] = {}
    for subject, _, cell in cells:
        columns.setdefault((subject, cell.on), set()).add(_column(cell.place))
    days = tuple(
        DayFigure(
            cell.place, name, subject, cell.on, sorted(columns[subject, cell.on]).index(_column(cell.place)), cell.text
        )
        for subject, name, cell in cells
    )
    return Printed(*_class_and_year(journal.students), (), _told_apart(journal.students, names), days)


def _column(place: str) -> int:
    """The column of a cell: of a day with two lessons of a subject it says which one."""
    found = position(place.rpartition("!")[2])
    return found[1] if found else 0


def _class_and_year(students: Sequence[_Headed]) -> tuple[str, str]:
    """Those that most tables name."""
    (found, _), *_ = Counter((one.class_name, one.year) for one in students).most_common(1)
    return found


def _told_apart(students: Sequence[_Headed], names: Sequence[str]) -> frozenset[str]:
    return frozenset(names) - {one.student for one in students}


def _names(students: Sequence[_Headed]) -> Iterator[str]:
    many = Counter(one.student for one in students)
    for one in students:
        name = one.student[: LONGEST_NAME // 2]
        yield name if many[one.student] == 1 else _AT.format(name=name, place=one.place)


def _figures(student: StudentReport, name: str) -> Iterator[Figure]:
    for row in student.rows:
        for kind, term, place, text in _marks(row):
            if text:
                yield Figure(place, name, row.subject[:LONGEST_NAME], term, kind, text)


def _marks(row: ReportRow) -> Iterator[tuple[str, str, str, str]]:
    """Kind, term, place and text of each mark of a row."""
    exam: Kind = "state_exam" if row.state_exam_mark else "exam"
    for term in row.terms:
        yield TERM, term.term, term.place, term.mark
    yield YEAR, "", row.places.get("year", ""), row.year_mark
    yield EXAM, "", row.places.get(exam, ""), row.state_exam_mark or row.exam_mark
    yield CERTIFICATE, "", row.places.get("final", ""), row.final_mark
