"""Files made to harm: whatever a stranger sends costs less than two seconds and 200 megabytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from formats.text_table import read_text_table
from formats.workbook import read_workbook
from services.gradebook.calendar.readers.icalendar_days import read_icalendar
from services.gradebook.past_import.readers.netschool_journal import read_period_journal
from services.gradebook.past_import.readers.netschool_report_card import read_report_cards
from services.gradebook.plans.readers.thematic_plan import read_plan
from services.gradebook.timetable.readers.asc_timetables import read_asc_timetables
from services.gradebook.timetable.readers.timetable_sheet import read_timetable_sheet
from tests.formats.cost import rules_at_bearable_cost
from tests.formats.made import SHEET, WORKSHEET, changed, docx_of, xlsx

EVENT = "BEGIN:VEVENT\r\nSUMMARY:x\r\nUID:{uid}\r\nDTSTART:{start}\r\n{more}END:VEVENT\r\n"
ZONED = "BEGIN:VEVENT\r\nSUMMARY:x\r\nUID:{0}\r\nDTSTART;TZID=a{0}:20260901T080000\r\nEND:VEVENT\r\n"
HEADINGS = ["№", "Тема", "Часы"]


def calendar(*lines: str) -> bytes:
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(lines) + "END:VCALENDAR\r\n").encode()


def events(count: int, more: str, start: str = "20060901T080000") -> bytes:
    return calendar(*(EVENT.format(uid=number, start=start, more=more) for number in range(count)))


def sheet(inside: str) -> bytes:
    return changed(xlsx([["x"]]), {SHEET: f"{WORKSHEET}{inside}</worksheet>"})


def formats(codes: str) -> bytes:
    return changed(xlsx([["x"]]), {"xl/styles.xml": f"<styleSheet><numFmts>{codes}</numFmts></styleSheet>"})


def asc(rooms: int, name: str, cards: int) -> bytes:
    listed = ",".join(f"r{number}" for number in range(rooms))
    named = "".join(f'<classroom id="r{number}" name="{name}{number}"/>' for number in range(rooms))
    lesson = '<lesson id="l" subjectid="s" classids="c" teacherids="" groupids="" periodsperweek="1"/>'
    card = f'<card lessonid="l" classroomids="{listed}" period="1" days="10000" weeks="1" terms="1"/>'
    return (
        f'<timetable><subjects><subject id="s" name="Физика"/></subjects><classes><class id="c" name="5А"/></classes>'
        f"<classrooms>{named}</classrooms><lessons>{lesson}</lessons><cards>{card * cards}</cards></timetable>"
    ).encode()


def everyone(classes: int, lessons: int) -> bytes:
    """An aSc export in which each lesson is one of all classes."""
    listed = ",".join(f"c{number}" for number in range(classes))
    named = "".join(f'<class id="c{number}" name="{number}А"/>' for number in range(classes))
    taught = "".join(f'<lesson id="{number}" subjectid="" classids="{listed}"/>' for number in range(lessons))
    return f"<timetable><classes>{named}</classes><lessons>{taught}</lessons><cards/></timetable>".encode()


def overlapping() -> bytes:
    """A Word table whose cells go on downwards from cells of other widths: areas that lie upon each other."""
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="400"/><w:vMerge{}/></w:tcPr><w:p/></w:tc>'
    rows = "".join(
        f'<w:tr><w:trPr><w:gridBefore w:val="{number % 90}"/></w:trPr>{wide.format(more)}</w:tr>'
        for number, more in enumerate([' w:val="restart"'] * 90 + [""] * 2_400)
    )
    return changed(
        docx_of([["x"]]),
        {"word/document.xml": f'<w:document xmlns:w="w"><w:body><w:tbl>{rows}</w:tbl></w:body></w:document>'},
    )


def headings() -> bytes:
    """A timetable in which each cell is a heading of another text."""
    letters = "АБВГДЕЖЗИК"
    return xlsx([[f"{1 + row % 9}{letters[column % 10]}, {1 + column % 9}{letters[row % 10]} ({row * 400 + column})"
                  for column in range(400)] for row in range(99)])  # fmt: skip


def numbered_headings() -> bytes:
    """A timetable in which each class has numbers of its own, under a heading again and again."""
    rows = [["5А"] * 400 if row % 3 == 0 else [row % 3, "Физика"] * 200 for row in range(98)]
    return xlsx([["Пн"] + [""] * 399, *rows])


def of_texts(*rows: Sequence[str]) -> bytes:
    """A sheet of texts, of many rows at little cost."""
    cells = ("".join(f'<c t="str"><v>{text}</v></c>' for text in row) for row in rows)
    return sheet("<sheetData>" + "".join(f"<row>{row}</row>" for row in cells) + "</sheetData>")


STUDENT = ["Ученик: Орлов", "Учебный год: 2024/2025"]
MARCH = [STUDENT, ["Предмет", *["Март"] * 9], ["", *map(str, range(1, 10))]]
QUARTERS = [STUDENT, ["Предмет", *["1 четверть"] * 9], ["", *["Ср.", "Ср.взв.", "Оценка"] * 3]]

BOMBS: dict[str, tuple[Callable[..., object], Callable[[], bytes], list[str]]] = {
    "a journal as large as is taken": (
        read_period_journal,
        lambda: of_texts(*MARCH, *[["Алгебра", *["5/5"] * 9]] * 18_900),
        [],
    ),
    "report cards as large as are taken": (
        read_report_cards,
        lambda: of_texts(*QUARTERS, *[["Алгебра", *["4.5"] * 9]] * 18_900),
        ["columns-not-read"],
    ),
    "a plan as large as is taken": (
        read_plan,
        lambda: of_texts([*HEADINGS, *["x"] * 7], *[["1", "Тема", "1", *["01.09.2026"] * 7]] * 4_990),
        ["columns-not-read"],
    ),
    "a plan of cells as long as are taken": (
        read_plan,
        lambda: of_texts([*HEADINGS, "Дата", "Д/з"], *[["1", *["a  b" * 1_860] * 4]] * 100),
        ["bad-hours", "not-a-date"],
    ),
    "a plan of cells that are books": (
        read_plan,
        lambda: of_texts([*HEADINGS, "Дата", "Д/з"], *[["1", *["a  b" * 8_000] * 4]] * 100),
        ["too-much-text"],
    ),
    "a plan of too many rows": (
        read_plan,
        lambda: of_texts([*HEADINGS, *["x"] * 7], *[["1", "Тема", "1", *["01.09.2026"] * 7]] * 18_900),
        ["too-many-rows"],
    ),
    "a tag of two million attributes": (
        read_workbook,
        lambda: sheet("<row" + "".join(f' a{number}=""' for number in range(1_800_000)) + "/>"),
        ["mark-too-long"],
    ),
    "two million names of attributes": (
        read_workbook,
        lambda: sheet("".join(f'<c b{number}="" d{number}="" f{number}=""/>' for number in range(600_000))),
        ["too-many-names"],
    ),
    "a tag without end": (read_workbook, lambda: sheet("<row " + " " * 20_000_000), ["mark-too-long"]),
    "a format of brackets": (
        read_workbook,
        lambda: formats("".join(f'<numFmt numFmtId="{200 + n}" formatCode="{"[" * 20_000}"/>' for n in range(900))),
        [],
    ),
    "titles of a section that end with line ends": (
        read_plan,
        lambda: xlsx([HEADINGS, [1, "x", 1], *([None, "Тема 1ч" + "\n" * 32_000 + "x", None] for _ in range(90))]),
        [],
    ),
    "hours of line ends": (
        read_plan,
        lambda: xlsx([HEADINGS, *([1, "x", "1+1" + "\n" * 10_000 + "x"] for _ in range(280))]),
        ["bad-hours", "more-faults"],
    ),
    "overlapping areas of a document": (read_plan, overlapping, ["too-many-cells"]),
    "a document of one deep table": (
        read_plan,
        lambda: changed(docx_of([["x"]]), {"word/document.xml": "<w:tbl><w:tr><w:tc>" * 200_000}),
        ["too-many-elements"],
    ),
    "a document of one text": (
        read_plan,
        lambda: changed(
            docx_of([["x"]]),
            {"word/document.xml": "<tbl><tr><tc><p><t>" + "x" * 20_000_000 + "</t></p></tc></tr></tbl>"},
        ),
        ["too-much-text"],
    ),
    "a text of line ends": (read_text_table, lambda: b"a;b\n" * 4_000_000, ["too-many-rows"]),
    "a text of separators": (read_text_table, lambda: b";" * 16_000_000, ["long-field"]),
    "a text that is one field": (read_text_table, lambda: b'"' + b"x" * 16_000_000, ["long-field"]),
    "numbers of lessons that end with line ends": (
        read_timetable_sheet,
        lambda: xlsx([["", "5А"], *([["1" + "\n" * 32_000 + "x", "Физика"]] * 300)]),
        ["too-many-lessons"],
    ),
    "a timetable of strokes": (
        read_timetable_sheet,
        lambda: xlsx([["День", "№", "5А"], ["Пн", 1, "Алгебра"], *([["", "", "а/" * 99 + "а"]] * 13_000)]),
        ["too-many-lessons"],
    ),
    "a timetable of cells as long as are taken": (
        read_timetable_sheet,
        lambda: xlsx([["День", "№", "5А"], *([["Пн", 1 + row % 8, "1 " * 100] for row in range(4_900)])]),
        ["more-faults", "number-repeated", "too-many-lessons"],
    ),
    "a timetable of long cells": (
        read_timetable_sheet,
        lambda: xlsx([["День", "№", "5А"], *([["Пн", 1 + row % 8, "1 " * 100] for row in range(13_000)])]),
        ["too-many-lessons"],
    ),
    "positions of a rule": (
        read_icalendar,
        lambda: events(3, "RRULE:FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=" + ",".join(["1"] * 9_900) + "\r\n"),
        ["repetition-not-supported"],
    ),
    "a timetable of headings": (read_timetable_sheet, headings, ["not-a-timetable"]),
    "a timetable of headings and numbers": (
        read_timetable_sheet,
        numbered_headings,
        ["lesson-without-day", "more-faults", "number-repeated"],
    ),
    "a thousand rooms of each card": (
        read_asc_timetables,
        lambda: asc(1000, "кабинет " * 4, 2_400),
        ["many-names", "more-faults"],
    ),
    "two rooms of long names": (
        read_asc_timetables, lambda: asc(2, "x" * 6_000_000, 2_400), []
    ),
    "lessons of all classes": (
        read_asc_timetables, lambda: everyone(1000, 2_500), ["too-many-lessons"]
    ),
    "days of a month that no month has": (
        read_icalendar,
        lambda: events(
            12, "RRULE:FREQ=YEARLY;BYSETPOS=1;BYMONTHDAY=31," + ",".join(map(str, range(1000, 3400))) + "\r\n"
        ),
        ["repetition-not-supported"],
    ),
    "lines of a calendar": (read_icalendar, lambda: calendar("UID:x\r\n" * 290_000), ["too-large"]),
    "lines that are not read": (read_icalendar, lambda: calendar("X-A:x\r\n" * 290_000), []),
    "commas of a calendar": (
        read_icalendar, lambda: events(1, "EXDATE:" + "," * 1_900_000 + "\r\n"), ["too-large"]
    ),
    "commas in lines of a calendar": (
        read_icalendar, lambda: events(1, ("EXDATE:" + "," * 19_000 + "\r\n") * 100), ["too-large"]
    ),
    "as many exceptions as are taken": (
        read_icalendar,
        lambda: events(1, ("EXDATE:" + ",".join(["20260901T080000"] * 1_000) + "\r\n") * 29),
        [],
    ),
    "zones in one line": (
        read_icalendar,
        lambda: events(1, ("EXDATE" + "".join(f";TZID=a{n}" for n in range(1_800)) + ":20261104T100000\r\n") * 100),
        ["too-large"],
    ),
    "zones of events": (
        read_icalendar,
        lambda: calendar(*(ZONED.format(n) for n in range(2900))),
        ["more-faults", "unknown-zone"],
    ),
    "rules of a rare day": (
        read_icalendar,
        lambda: events(2900, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO\r\n"),
        ["too-many-events"],
    ),
    "rules of leap days": (
        read_icalendar,
        lambda: events(2900, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29\r\n"),
        ["too-many-events"],
    ),
    "rules of every year": (
        read_icalendar,
        lambda: events(2900, "RRULE:FREQ=YEARLY\r\n"),
        ["too-many-events"],
    ),
    "rules of one day": (
        read_icalendar,
        lambda: events(2900, "RRULE:FREQ=MONTHLY;BYDAY=5SU;BYMONTH=2\r\n"),
        ["too-many-events"],
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_takes_less_than_two_seconds_and_200_megabytes(bomb: str, tmp_path: Path) -> None:
    reader, content, rules = BOMBS[bomb]
    assert rules_at_bearable_cost(reader, content(), tmp_path) == rules
