"""Letters that a Mac holds as two characters each: every reader takes them as one."""

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from formats.result import Reading
from formats.text_table import read_text_table
from formats.workbook import read_workbook
from kernel.look_alikes import composed
from services.gradebook.calendar.readers.calendars import read_working_calendar
from services.gradebook.calendar.readers.icalendar_days import read_icalendar
from services.gradebook.control_works.readers.scores import read_scores
from services.gradebook.past_import.readers.netschool_journal import read_period_journal
from services.gradebook.plans.readers.thematic_plan import read_plan
from services.gradebook.timetable.readers.asc_timetables import read_asc_timetables
from services.gradebook.timetable.readers.fet import read_fet
from services.gradebook.timetable.readers.timetable_sheet import read_timetable_sheet
from tests.formats.made import docx_of, xlsx

WEEK = [
    ["День", "№", "5Й", "каб."],
    ["Понедельник", 1, "Русский язык Андрейченко А.Й.", 12],
    ["", 2, "Физика Соловьёв И.И.", 3],
]
PLAN = [["№", "Тема урока", "Домашнее задание"], ["1", "Ёж и йод", "Учить"], ["2", "Чёрный чай", ""]]
JOURNAL = [["Ученик: Йошкин Пётр"], ["Предмет", "Апрель"], [None, 1], [None, None], ["Родной язык", "5"]]
FET = """<fet><Days_List><Day><Name>Понедельник</Name></Day></Days_List><Hours_List><Hour><Name>1</Name></Hour>
</Hours_List><Students_List><Year><Name>5Й</Name></Year></Students_List><Activities_List><Activity><Id>1</Id>
<Subject>Чтение ёлки</Subject><Students>5Й</Students></Activity></Activities_List></fet>"""
ASC = """<timetable><subjects><subject id="S" name="Йога"/></subjects><classes><class id="C" name="5Ё"/></classes>
<lessons><lesson id="L" classids="C" subjectid="S"/></lessons><cards><card lessonid="L" period="1" days="1"/></cards>
</timetable>"""
YEAR = """<calendar year="2027"><holidays><holiday id="1" title="Ёлка"/></holidays><days><day d="12.31" t="1" h="1"/>
</days></calendar>"""
EVENTS = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Зимний отдых Ё\r\nDTSTART:20261226\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def mac(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def on_a_mac(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [[mac(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]


def events(content: bytes) -> Reading[Any]:
    return read_icalendar(content, date(2026, 9, 1), date(2027, 5, 31))


def scores(content: bytes) -> Reading[Any]:
    return read_scores(content.decode())


@pytest.mark.parametrize(
    ("reader", "here", "there"),
    [
        (read_workbook, xlsx(WEEK, name="Й"), xlsx(on_a_mac(WEEK), name=mac("Й"))),
        (read_timetable_sheet, xlsx(WEEK), xlsx(on_a_mac(WEEK))),
        (read_plan, xlsx(PLAN), xlsx(on_a_mac(PLAN))),
        (read_plan, docx_of(PLAN), docx_of(on_a_mac(PLAN))),
        (read_plan, "№;Тема\n1;Йод\n".encode(), mac("№;Тема\n1;Йод\n").encode()),
        (read_text_table, "ё;й".encode(), mac("ё;й").encode()),
        (read_period_journal, xlsx(JOURNAL), xlsx(on_a_mac(JOURNAL))),
        (read_fet, FET.encode(), mac(FET).encode()),
        (read_asc_timetables, ASC.encode(), mac(ASC).encode()),
        (read_working_calendar, YEAR.encode(), mac(YEAR).encode()),
        (events, EVENTS.encode(), mac(EVENTS).encode()),
        (scores, "ФИО;1\nЙод Ян;1".encode(), mac("ФИО;1\nЙод Ян;1").encode()),
    ],
)
def test_p21_every_reader_takes_composed_and_decomposed_letters_as_the_same(
    reader: Callable[[bytes], Reading[Any]], here: bytes, there: bytes
) -> None:
    assert here != there
    assert repr(reader(there)) == repr(reader(here))
    assert any(letter in repr(reader(there)) for letter in "йёЙЁ")


def test_p21_teachers_and_rooms_are_parted_from_their_subjects_in_decomposed_letters() -> None:
    reading = read_timetable_sheet(xlsx(on_a_mac(WEEK)))
    assert reading.value is not None
    assert reading.faults == ()
    assert [(one.class_name, one.number, one.subject, one.teacher, one.room) for one in reading.value.lessons] == [
        ("5Й", 1, "Русский язык", "Андрейченко А.Й.", "12"),
        ("5Й", 2, "Физика", "Соловьёв И.И.", "3"),
    ]


def test_a_mark_behind_a_sign_of_markup_or_a_separator_joins_nothing() -> None:
    """U+0338 strikes through the sign before it: composed before the parsing, `>` and `=` would be no markup."""
    table = read_text_table("a;\u0338b\n1;2\n".encode())
    assert table.value == (("a", "\u0338b"), ("1", "2"))
    year = (
        '<calendar year="2027"><holidays><holiday id="1" title="\u0338x"/></holidays><days><day d="12.31" t="1" h="1"/>'
    )
    reading = read_working_calendar(f"{year}</days></calendar>".encode())
    assert reading.value is not None
    assert reading.value.days_off == {date(2027, 12, 31): "\u0338x"}


def test_composed_letters_stay_as_they_are() -> None:
    assert composed("Йод ½ № ﬁ") == "Йод ½ № ﬁ"
