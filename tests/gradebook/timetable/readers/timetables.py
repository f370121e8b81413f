"""Timetables of made-up rows, and what tests ask of their reading."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook as Book

from services.gradebook.timetable.readers.timetable import Timetable
from services.gradebook.timetable.readers.timetable_sheet import read_timetable_sheet
from tests.formats.readings import whole, with_one_fault

read = whole(read_timetable_sheet)
only_fault = with_one_fault(read_timetable_sheet)

Rows = Sequence[Sequence[Any]]


def xlsx(
    rows: Rows, merged: Iterable[str] = (), more: dict[str, Rows] | None = None, hidden: Iterable[str] = ()
) -> bytes:
    book = Book()
    for name, lines in {"Лист1": rows, **(more or {})}.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(list(line))
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    book.remove(book.worksheets[0])
    for area in merged:
        book["Лист1"].merge_cells(area)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def short(table: Timetable) -> list[tuple[str, str, int, int, str, str]]:
    return [(one.class_name, one.group, one.weekday, one.number, one.subject, one.room) for one in table.lessons]


#: Each class with its own numbers, subjects and rooms.
WIDE = [
    [None, None, '5 "А" класс', None, None, '5 "Б" класс', None],
    ["ПОНЕДЕЛЬНИК", 1, "Алгебра", 12, 1, "История", 14],
    [None, 2, "Труд", "Сп.зал 2", 2, "Химия", 15],
    [None] * 7,
    ["ВТОРНИК", 1, "Физика", 12, 1, "Алгебра", 14],
]


#: One column of numbers for all classes, and nothing but subjects.
NARROW = [
    ["Расписание уроков"],
    ["День", "№", "5А", "5Б"],
    ["Пн", 1, "Алгебра", "История"],
    [None, 2, "Труд", "Химия"],
    ["Вт", 1, "Физика", None],
]
