"""Scores of a control work pasted from a spreadsheet: a row for each student, a column for each task."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contracts.cell_words import ABSENCE_OF
from formats.faults import Faults, Unreadable
from formats.result import Reading
from formats.serials import plain
from formats.sheets import column_letters
from formats.text_table import ODD_QUOTES
from kernel.look_alikes import composed, letters
from kernel.names import folded
from kernel.phrases import Phrase, Sentence
from services.gradebook.control_works.readers.score_words import Role, heading_role, is_footer, is_maximum

MOST_CHARACTERS: Final = 500_000
MOST_ROWS: Final = 500
MOST_COLUMNS: Final = 150
_SHOWN: Final = 30
#: The number of rows searched for headings: titles may stand above them.
_TITLES: Final = 10

_SCORE: Final = re.compile(r"\d{1,4}(?:[.,]\d{1,3})?")
_NEGATIVE: Final = re.compile(r"[-–−]\s*\d.*")
#: Who is absent, and who has an excuse, writes no work; who is late does.
_ABSENT: Final = frozenset("НУБ")
#: A row of dashes is an absence; a dash beside scores is a task not tried.
_DASHES: Final = frozenset({"-", "–", "—", "−"})

EMPTY = Phrase(ru="Вставлен пустой текст.", en="The pasted text is empty.")
TOO_LARGE = Phrase(
    ru="Таблица слишком велика: не больше {rows} строк и {columns} столбцов.",
    en="The table is too large: at most {rows} rows and {columns} columns.",
)
NOT_SCORES = Phrase(
    ru="Это не таблица баллов: в первой строке нужны заголовки «ФИО» или «№» и названия заданий.",
    en="This is no table of scores: its first row needs a heading of names or numbers, and the tasks.",
)
TASK_COUNT = Phrase(
    ru="В таблице заданий: {found}, а в работе: {expected}.", en="The table has {found} tasks, the work has {expected}."
)
UNCLEAR_HEADING = Phrase(
    ru="Первая строка – заголовки или баллы ученика? Назовите первый столбец «ФИО» или «№».",
    en="Is the first row headings or a student's scores? Head the first column with “Name” or “№”.",
)
TITLE = Phrase(
    ru="Строка над заголовками столбцов не прочитана.", en="A row above the headings of the columns was not read."
)
MAXIMUM_BELOW = Phrase(
    ru="Наибольшие баллы стоят под учениками: строка не прочитана; перенесите её под заголовки.",
    en="The highest scores stand below students: the row was not read; move it up to the headings.",
)
TWICE = Phrase(
    ru="Этот ученик уже есть в строке {place}: прочитаны обе.", en="This student is in the row {place}: both were read."
)
NO_STUDENTS = Phrase(ru="В таблице нет ни одного ученика.", en="The table has no student.")
NO_STUDENT = Phrase(
    ru="В строке нет ни имени, ни номера ученика: строка пропущена.",
    en="The row names no student: it was left out.",
)
NOT_A_SCORE = Phrase(ru="«{text}» – не балл.", en="“{text}” is no score.")
NEGATIVE = Phrase(ru="Балл «{text}» меньше нуля.", en="The score “{text}” is below zero.")
ABOVE_MAXIMUM = Phrase(
    ru="Балл {score} больше наибольшего за задание: {maximum}.",
    en="The score {score} is above the task's highest: {maximum}.",
)
BAD_MAXIMUM = Phrase(
    ru="Наибольший балл «{text}» не читается: это положительное число.",
    en="The highest score “{text}” cannot be read: it is a number above zero.",
)
MAXIMUM_DIFFERS = Phrase(
    ru="Наибольший балл в таблице {found}, а в работе {expected}: взят балл работы.",
    en="The highest score is {found} in the table and {expected} in the work: the work's was taken.",
)
ABSENT_WITH_SCORES = Phrase(
    ru="Отмечено отсутствие «{text}», но в строке есть баллы: задание сочтено невыполненным.",
    en="An absence “{text}” is marked, but the row has scores: the task counts as not tried.",
)
TOTAL_DIFFERS = Phrase(
    ru="В столбце суммы {written}, а сумма баллов {total}.",
    en="The column of totals says {written}, the scores add up to {total}.",
)
EMPTY_ROW = Phrase(
    ru="В строке ученика нет баллов и нет отметки «н»: он считается присутствовавшим и не решившим ничего.",
    en="The student's row has neither scores nor an absence: they count as present, having tried nothing.",
)
WITHOUT_HEADING = Phrase(
    ru="У столбца нет заголовка: он не прочитан.", en="The column has no heading: it was not read."
)
BEYOND = Phrase(ru="«{text}» стоит правее заголовков.", en="“{text}” stands to the right of the headings.")


@dataclass(frozen=True, slots=True)
class Task:
    """A task of the work and its maximum score, None if unknown."""

    name: str
    highest: Decimal | None


@dataclass(frozen=True, slots=True)
class StudentScores:
    """A student's row: scores in the order of the tasks, None for a task not tried; empty for an absent student."""

    place: str
    number: str
    name: str
    variant: str
    absent: bool
    scores: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """The scores of one control work."""

    tasks: tuple[Task, ...]
    students: tuple[StudentScores, ...]


def read_scores(text: str, tasks: Sequence[Decimal] | None = None) -> Reading[ScoreSheet]:
    """Read a pasted table: fields are separated by tabs, or by semicolons if there is no tab.

    The first row names the columns; a row «макс.» below it gives the maximum scores. `tasks` are the work's own
    maximum scores: the table must have as many columns, and `tasks` win over the table. If `tasks` are given, the
    heading may be missing: a row is then a name and scores. An empty field is a task not tried; «н», «отс» and a row
    of dashes are absences. Totals are compared with the sum; marks and percentages are ignored. Places in faults are
    cells of the pasted table: `C4`.
    """
    faults = Faults()
    try:
        rows = _rows(text)
        if text.count('"') % 2:
            faults.add("", "odd-quotes", ODD_QUOTES())
        return Reading(_ScoresReader(rows, tasks, faults).sheet(), faults.all())
    except Unreadable as error:
        return Reading(None, (*faults.all(), error.fault))


def written_score(text: str) -> Decimal | None:
    """Parse a score with a decimal comma or point; None for other text."""
    return plain(Decimal(text.replace(",", "."))) if _SCORE.fullmatch(text) else None


def is_absence(text: str) -> bool:
    """Whether a field marks the student absent; as in a cell of the journal (`contracts/cell_words.py`)."""
    return ABSENCE_OF.get(letters(text)) in _ABSENT


def _rows(text: str) -> list[list[str]]:
    if len(text) > MOST_CHARACTERS:
        raise Unreadable("too-large", TOO_LARGE(rows=MOST_ROWS, columns=MOST_COLUMNS))
    mark = "\t" if "\t" in text else ";"
    lines = io.StringIO(composed(text).replace("\xa0", " ").replace("\0", ""), newline="")
    try:
        rows = [[composed(field.strip()) for field in row] for row in csv.reader(lines, delimiter=mark)]
    except csv.Error as error:
        raise Unreadable("not-scores", NOT_SCORES()) from error
    if len(rows) > MOST_ROWS or max(map(len, rows), default=0) > MOST_COLUMNS:
        raise Unreadable("too-large", TOO_LARGE(rows=MOST_ROWS, columns=MOST_COLUMNS))
    if not any(map(any, rows)):
        raise Unreadable("empty", EMPTY())
    return rows


class _ScoresReader:
    """Reads the rows of one table by its headings."""

    def __init__(self, rows: list[list[str]], tasks: Sequence[Decimal] | None, faults: Faults) -> None:
        self._rows, self._given, self._faults = rows, tasks, faults
        self._first = next(index for index, row in enumerate(rows) if any(row))
        self._headings = self._found_headings()
        self._roles = self._found_roles()
        self._task_columns = [column for column, role in enumerate(self._roles) if role is Role.TASK]
        if tasks is not None and len(tasks) != len(self._task_columns):
            raise Unreadable("task-count", TASK_COUNT(found=len(self._task_columns), expected=len(tasks)))
        self._highest: list[Decimal | None] = list(tasks) if tasks is not None else [None] * len(self._task_columns)

    def sheet(self) -> ScoreSheet:
        students: list[StudentScores] = []
        for index in range(self._first, len(self._rows)):
            row = self._rows[index]
            label = next((field for field in row if field), "")
            if is_maximum(label, above=not students):
                self._maximum(index, above=not students)
            elif label and not is_footer(label) and (student := self._student(index)) is not None:
                students.append(student)
        if not students:
            raise Unreadable("no-students", NO_STUDENTS())
        self._note_twice(students)
        self._note_unheaded()
        names = [self._headings[column] or str(number) for number, column in enumerate(self._task_columns, 1)]
        return ScoreSheet(tuple(map(Task, names, self._highest)), tuple(students))

    def _note_unheaded(self) -> None:
        """Add a fault for columns that hold values but have no heading: they are not read."""
        for column, heading in enumerate(self._headings):
            held = any(self._field(index, column) for index in range(self._first, len(self._rows)))
            if column and not heading and held:
                self._fault(self._first - 1, column, "column-without-heading", WITHOUT_HEADING())

    def _note_twice(self, students: list[StudentScores]) -> None:
        """Add a fault for students in two rows: the same number, or the same name without a number."""
        seen: dict[str, str] = {}
        for student in students:
            who = student.number or folded(student.name)
            if who in seen:
                self._faults.add(student.place, "student-twice", TWICE(place=seen[who]))
            seen.setdefault(who, student.place)

    def _found_headings(self) -> list[str]:
        """Find the headings of the columns; skips the rows up to and including theirs."""
        for index in range(self._first, min(self._first + _TITLES, len(self._rows))):
            if self._rows[index] and heading_role(self._rows[index][0]) in (Role.NUMBER, Role.NAME):
                return self._headings_at(index)
        row = self._rows[self._first]
        if not row[0]:
            return self._headings_at(self._first)
        if self._given is None:
            raise Unreadable("not-scores", NOT_SCORES())
        return self._headings_of_given(row, self._given)

    def _headings_at(self, index: int) -> list[str]:
        for above in range(self._first, index):
            if any(self._rows[above]):
                self._fault(above, 0, "above-headings", TITLE())
        self._first = index + 1
        row = self._rows[index]
        width = max((column + 1 for column, field in enumerate(row) if field), default=0)
        return row[:width]

    def _headings_of_given(self, row: list[str], given: Sequence[Decimal]) -> list[str]:
        """Supply headings for a table that has none, or whose first heading is not recognised."""
        scores = [field for field in row[1:] if field]
        if len(scores) > 1 and scores == [str(number) for number in range(1, len(scores) + 1)]:
            raise Unreadable("heading-unclear", UNCLEAR_HEADING())
        if scores and not any(_is_of_a_student(field) for field in scores):
            return ["ФИО", *self._headings_at(self._first)[1:]]
        return ["ФИО", *map(str, range(1, len(given) + 1))]

    def _found_roles(self) -> list[Role]:
        """The role of each column. A first column without a heading holds names, or numbers if the next holds names."""
        roles = [heading_role(heading) if heading else Role.IGNORED for heading in self._headings]
        if not self._headings[0]:
            roles[0] = Role.NUMBER if Role.NAME in roles else Role.NAME
        if Role.TASK not in roles:
            raise Unreadable("not-scores", NOT_SCORES())
        return roles

    def _maximum(self, index: int, above: bool) -> None:
        """Read a row of maximum scores. Below the students it may instead be the best scores reached."""
        if above:
            self._read_highest(index)
        else:
            self._fault(index, 0, "maximum-below", MAXIMUM_BELOW())

    def _read_highest(self, index: int) -> None:
        for task, column in enumerate(self._task_columns):
            text = self._field(index, column)
            highest, given = written_score(text), self._highest[task]
            if not highest:
                if text or given is None:
                    self._fault(index, column, "bad-maximum", BAD_MAXIMUM(text=text[:_SHOWN]))
            elif given is None:
                self._highest[task] = highest
            elif given != highest:
                self._fault(index, column, "maximum-differs", MAXIMUM_DIFFERS(found=highest, expected=given))

    def _student(self, index: int) -> StudentScores | None:
        number = self._held(index, Role.NUMBER)
        names = (self._field(index, column) for column, role in enumerate(self._roles) if role is Role.NAME)
        name = " ".join(filter(None, names))
        fields = [self._field(index, column) for column in self._task_columns]
        self._check_width(index)
        if not number and not name:
            self._fault(index, 0, "no-student", NO_STUDENT())
            return None
        absent = _all_absent(fields) or (not any(fields) and self._is_absent_beside(index))
        scores = tuple(None if absent else self._score(index, task) for task in range(len(fields)))
        if not any(fields) and not absent:
            self._fault(index, 0, "empty-row", EMPTY_ROW())
        if not absent:
            self._check_total(index, fields, scores)
        place = self._place(index, 0)
        return StudentScores(place, number, name, self._held(index, Role.VARIANT), absent, scores)

    def _is_absent_beside(self, index: int) -> bool:
        """Whether a column of marks or totals marks the student absent."""
        beside = (column for column, role in enumerate(self._roles) if role in (Role.IGNORED, Role.TOTAL))
        return any(is_absence(text) for column in beside if (text := self._field(index, column)))

    def _score(self, index: int, task: int) -> Decimal | None:
        column, highest = self._task_columns[task], self._highest[task]
        text = self._field(index, column)
        score = written_score(text)
        if not text or text in _DASHES:
            return None
        if score is None:
            self._fault(index, column, *_why_no_score(text))
        elif highest is not None and score > highest:
            self._fault(index, column, "above-maximum", ABOVE_MAXIMUM(score=score, maximum=highest))
            return None
        return score

    def _check_total(self, index: int, fields: list[str], scores: Sequence[Decimal | None]) -> None:
        """Compare the column of totals with the sum, if every score of the row could be read."""
        column = self._roles.index(Role.TOTAL) if Role.TOTAL in self._roles else None
        unread = any(score is None and field and field not in _DASHES for field, score in zip(fields, scores))
        if column is None or unread or not (text := self._field(index, column)):
            return
        total, written = sum((score for score in scores if score is not None), Decimal(0)), written_score(text)
        if written is None:
            self._fault(index, column, "not-a-score", NOT_A_SCORE(text=text[:_SHOWN]))
        elif written != total:
            self._fault(index, column, "total-differs", TOTAL_DIFFERS(written=written, total=plain(total)))

    def _check_width(self, index: int) -> None:
        for column in range(len(self._headings), len(self._rows[index])):
            if text := self._rows[index][column]:
                self._fault(index, column, "beyond-headings", BEYOND(text=text[:_SHOWN]))

    def _held(self, index: int, role: Role) -> str:
        return self._field(index, self._roles.index(role)) if role in self._roles else ""

    def _field(self, index: int, column: int) -> str:
        row = self._rows[index]
        return row[column] if column < len(row) else ""

    def _place(self, index: int, column: int) -> str:
        return f"{column_letters(column)}{index + 1}"

    def _fault(self, index: int, column: int, rule: str, reason: Sentence) -> None:
        self._faults.add(self._place(index, column), rule, reason)


def _all_absent(fields: list[str]) -> bool:
    """Whether all filled fields of a row, at least one, mark an absence."""
    written = [field for field in fields if field]
    return bool(written) and all(field in _DASHES or is_absence(field) for field in written)


def _is_of_a_student(field: str) -> bool:
    """Whether a field may stand in a student's row: a score, a dash or an absence."""
    return field in _DASHES or is_absence(field) or written_score(field) is not None or bool(_NEGATIVE.fullmatch(field))


def _why_no_score(text: str) -> tuple[str, Sentence]:
    shown = text[:_SHOWN]
    if is_absence(text):
        return "absent-with-scores", ABSENT_WITH_SCORES(text=shown)
    if _NEGATIVE.fullmatch(text):
        return "negative-score", NEGATIVE(text=shown)
    return "not-a-score", NOT_A_SCORE(text=shown)
