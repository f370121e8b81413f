"""What files of АСУ РСО print of a class's past, as marks at their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from contracts.gradebook.past_import import LONGEST_NAME
from contracts.gradebook.term_marks import CERTIFICATE, EXAM, TERM, YEAR
from formats.result import Reading, refused
from kernel.phrases import Phrase
from services.gradebook.past_import.readers.netschool_journal import read_period_journal
from services.gradebook.past_import.readers.netschool_report_card import (
    Kind,
    ReportCards,
    ReportRow,
    StudentReport,
    read_report_cards,
)
from services.gradebook.past_import.rules.figures import Figure, Printed

#: How a name is told from the same one of somebody else in the file: by its place.
_AT: Final = "{name} ({place})"
#: The rule of a workbook in which no report cards were found, whatever else it holds.
_NO_CARDS: Final = "not-report-cards"

IS_A_JOURNAL: Final = Phrase(
    ru="Это «Отчёт об успеваемости и посещаемости»: в нём оценки по дням, их система пока не берёт. Загрузите «Табель "
    "успеваемости учащегося», в нём отметки за периоды и за год.",
    en="This is the report of progress and attendance: its marks of single days are not taken. Hand in the report "
    "card, «Табель успеваемости учащегося», which holds the marks of terms and of the year.",
)


def read_printed(content: bytes) -> Reading[Printed]:
    """Read a file's marks; refuses any other file than one of report cards.

    Cells without a mark say nothing. Of two exams the state's counts.
    """
    reading = read_report_cards(content)
    if reading.value is None:
        return _refused(content, reading)
    students = reading.value.students
    names = list(_names(students))
    figures = (figure for one, name in zip(students, names, strict=True) for figure in _figures(one, name))
    ((class_name, year), _), *_ = Counter((one.class_name, one.year) for one in students).most_common(1)
    apart = frozenset(names) - {one.student for one in students}
    return Reading(Printed(class_name, year, tuple(figures), apart), reading.faults)


def _refused(content: bytes, reading: Reading[ReportCards]) -> Reading[Printed]:
    """Why a file is refused: a period journal is called by its name."""
    unknown = any(one.rule == _NO_CARDS for one in reading.faults)
    if unknown and read_period_journal(content).value is not None:
        return refused("period-journal", IS_A_JOURNAL())
    return Reading(None, reading.faults)


def _names(students: Sequence[StudentReport]) -> Iterator[str]:
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
