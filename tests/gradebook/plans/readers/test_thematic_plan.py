"""Thematic plans: as schools make them in spreadsheets and documents, and what is none."""

import csv
import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gradebook.plans.readers.thematic_plan import Plan, PlanRow, read_plan
from tests.examples import examples
from tests.formats.made import changed, docx_of, xlsx
from tests.formats.readings import said
from tests.gradebook.plans.readers.plans import HEADING, lessons, of_rows, plan, rules, text_table
from tests.shared import shared


def test_a_row_of_a_plan_with_everything() -> None:
    reading = of_rows([5, " Векторы\xa0на плоскости ", 2, date(2026, 9, 3), "04.09.2026", "§1, № 4–8", "в кабинете 12"])
    assert reading.faults == ()
    assert reading.value == Plan(
        rows=(
            PlanRow(
                place="План!B2",
                number="5",
                section="",
                topic="Векторы на плоскости",
                hours=Decimal(2),
                planned=date(2026, 9, 3),
                actual=date(2026, 9, 4),
                homework="§1, № 4–8",
                notes="в кабинете 12",
            ),
        ),
        sections=(),
        columns={
            "number": "A",
            "topic": "B",
            "hours": "C",
            "planned": "D",
            "actual": "E",
            "homework": "F",
            "notes": "G",
        },
        header="План!B1",
    )


def test_the_same_table_reads_alike_from_every_kind_of_file() -> None:
    table = [
        ["Рабочая программа", "", ""],
        ["№", "Тема занятия", "Часы"],
        ["1", "Дроби", "1"],
        ["2", "Доли", "2"],
    ]
    expected = [("1", "Дроби", Decimal(1)), ("2", "Доли", Decimal(2))]
    for content in (xlsx(table), docx_of(table), text_table(table), text_table(table, "\t"), text_table(table, ",")):
        assert [(row.number, row.topic, row.hours) for row in plan(content).rows] == expected
    assert plan(text_table(table)).header == "B2"
    assert plan(docx_of(table)).header == "Таблица 1!B2"


# ---------------------------------------------------------------- headings


def test_p20_hidden_sheets_are_not_read_and_other_plans_are_named() -> None:
    book = openpyxl.Workbook()
    for name, topic in (("Скрытый", "Доли"), ("5 класс", "Дроби"), ("6 класс", "Углы"), ("Титул", "")):
        sheet = book.create_sheet(name)
        if topic:
            sheet.append(["Тема", "Часы"])
            sheet.append([topic, 1])
    book["Скрытый"].sheet_state = "hidden"
    packed = io.BytesIO()
    book.save(packed)
    reading = read_plan(packed.getvalue())
    assert [row.topic for row in lessons(reading)] == ["Дроби"]
    assert rules(reading) == [("Скрытый", "hidden-sheet"), ("6 класс", "other-sheet")]
    assert said(reading.faults[1]) == (
        "Лист «6 класс» тоже похож на план: он не прочитан.",
        "The sheet “6 класс” looks like a plan as well: it was not read.",
    )
    chosen = read_plan(packed.getvalue(), sheet="Скрытый")
    assert [row.topic for row in lessons(chosen)] == ["Доли"]
    assert chosen.faults == ()
    assert read_plan(packed.getvalue(), sheet="7 класс").refused


def test_tables_of_a_document_with_the_same_columns_are_one_plan() -> None:
    heading = ["№", "Тема", "Часы"]
    content = docx_of(
        [heading, ["1", "а", "1"]], [["Кабинет", "12", ""]], [heading, ["2", "б", "1"]], [["Тема", "Д/з"]]
    )
    reading = read_plan(content)
    assert [(row.topic, row.place) for row in lessons(reading)] == [("а", "Таблица 1!B2"), ("б", "Таблица 3!B2")]
    assert rules(reading) == [("Таблица 2", "table-without-heading"), ("Таблица 4", "other-sheet")]


@pytest.mark.parametrize(
    ("content", "rule", "place"),
    [
        (xlsx([["Кабинет", "Оборудование"], ["12", "проектор"]]), "not-a-plan", ""),
        (xlsx([["Тема"], ["Дроби"]]), "not-a-plan", ""),
        (xlsx([["№", "Часы"], [1, 1]]), "not-a-plan", ""),
        (xlsx([]), "not-a-plan", ""),
        (docx_of(), "not-a-plan", ""),
        (xlsx([["Тема", "Часы"]]), "no-lessons", "План!A1"),
        (xlsx([["Тема", "Часы"], ["Итого", 34]]), "no-lessons", "План!A1"),
        ("Дорогие родители!".encode(), "not-a-plan", ""),
        (b"", "empty", ""),
        (b"\x89PNG\0", "not-text", ""),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old-format", ""),
        (b"<html>", "markup", ""),
    ],
)
def test_what_is_no_plan_is_refused_with_the_reason(content: bytes, rule: str, place: str) -> None:
    reading = read_plan(content)
    assert reading.refused
    assert (reading.faults[-1].place, reading.faults[-1].rule, reading.faults[-1].fatal) == (place, rule, True)


def test_a_refusal_says_what_is_missing() -> None:
    (fault,) = read_plan(xlsx([["Кабинет"]])).faults
    assert said(fault) == (
        "Это не тематический план: нет строки заголовков, в которой есть тема урока и номер, дата или часы.",
        "This is no thematic plan: no row of headings names the lesson's topic and a number, date or hours.",
    )


def test_faults_of_the_workbook_are_kept() -> None:
    reading = of_rows([1, "Дроби", "=1+1"])
    assert rules(reading) == [("План!C2", "formula-without-value")]
    assert lessons(reading)[0].hours == 1


# ---------------------------------------------------------------- real plans


def cases() -> dict[str, dict[str, Any]]:
    path = shared("cases/ktp_import.json")
    return {case["id"]: case for case in json.loads(path.read_text())["cases"]}


KINDS = [xlsx, docx_of, text_table]


@pytest.mark.parametrize("made", KINDS)
def test_a_plan_that_another_journal_is_tested_with(made: Any) -> None:
    case = cases()["k1"]
    found, expect = plan(made(case["table"])), case["expect"]
    assert found.header.endswith(f"C{expect['header_row'] + 1}")
    letters = {"topic": "topic", "date": "planned", "homework": "homework"}
    for name, column in expect["columns"].items():
        assert found.columns[letters[name]] == "ABCDE"[column]
    assert len(found.rows) == expect["lessons"]
    assert [str(row.planned) for row in found.rows] == expect["dates"]


@pytest.mark.parametrize("made", KINDS)
def test_a_plan_with_sections_that_another_journal_is_tested_with(made: Any) -> None:
    case = cases()["k2"]
    found, expect = plan(made(case["table"])), case["expect"]
    letters = {"topic": "topic", "hours": "hours", "planned_date": "planned", "notes": "notes"}
    for name, column in expect["columns"].items():
        assert found.columns[letters[name]] == "ABCDE"[column]
    assert (len(found.sections), len(found.rows)) == (expect["sections"], expect["lessons"])
    assert [section.hours for section in found.sections] == [6, 21]


@pytest.mark.parametrize("made", KINDS)
def test_short_plans_that_another_journal_is_tested_with(made: Any) -> None:
    case = cases()["k3"]
    (row,) = plan(made(case["table"])).rows
    assert (row.topic, row.hours, row.number) == tuple(case["expect"][name] for name in ("topic", "hours", "number"))
    refused = read_plan(made(cases()["k5"]["table"]))
    assert refused.refused
    assert refused.faults[0].rule == "not-a-plan"


def test_a_text_and_a_date_that_another_journal_is_tested_with() -> None:
    case = cases()["k4"]
    assert plan(case["csv"].encode()).rows[0].topic == case["expect"]["topic"]
    reading = of_rows([1, "Дроби", 1, cases()["k6"]["date"]])
    assert lessons(reading)[0].planned is None
    assert rules(reading) == [("План!D2", "date-without-year")]


def test_a_plan_of_a_real_school() -> None:
    path = shared("plans/ktp_informatika_10.xlsx")
    reading = read_plan(path.read_bytes())
    assert rules(reading) == [("Лист1!B1", "columns-not-read"), ("Лист2", "sheet-without-heading")]
    assert reading.faults[0].reason.said("en") == "Columns that are not known were not read: A «», E «», F «»."
    found = plan(path.read_bytes())
    assert found.columns == {"topic": "B", "planned": "C"}
    assert len(found.rows) == 8
    assert all(row.topic and row.planned and row.hours == 1 for row in found.rows)
    assert [row.planned for row in found.rows] == sorted(row.planned for row in found.rows if row.planned)


# ---------------------------------------------------------------- anything


CELL = st.one_of(
    st.sampled_from(["", "Тема", "№", "Часы", "Дата", "план", "факт", "Раздел 1", "Итого", "1", "2", "21ч", "12.09"]),
    st.text(max_size=5),
)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8))
@settings(max_examples=examples(150))
def test_any_table_of_text_is_a_plan_or_refused(table: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([["№", "Тема", "Дата"], *table])
    reading = read_plan(text.getvalue().encode("utf-8", "replace"))
    for row in reading.value.rows if reading.value else ():
        assert row.topic
        assert row.hours > 0
    assert all(fault.reason.said("ru") and fault.reason.said("en") for fault in reading.faults)


DOCUMENT = changed(docx_of([HEADING, ["1", "Дроби", "1", "", "", "", ""]], merged=[(0, 3, 0, 4)]), {}, method=0)


@given(st.lists(st.tuples(st.integers(0, len(DOCUMENT) - 1), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=examples(60), deadline=None)  # the time depends on the part that is hit
def test_flipped_bytes_of_a_document_never_raise(changes: list[tuple[int, int]]) -> None:
    content = bytearray(DOCUMENT)
    for index, byte in changes:
        content[index] = byte
    reading = read_plan(bytes(content))
    assert reading.refused == (reading.value is None)


@given(st.binary(max_size=200))
def test_random_bytes_never_raise(content: bytes) -> None:
    reading = read_plan(content)
    assert reading.refused == (reading.value is None)


def test_tables_of_a_document_without_a_heading_go_on_with_the_plan() -> None:
    first = [["№", "Тема", "Часы", "Дата"], ["1", "Числа", "1", "01.09.2026"]]
    content = docx_of(first, [["2", "Дроби", "1", ""], ["3", "Круг", "1", ""]], [["Кабинет", "12", "", ""]])
    reading = read_plan(content)
    assert [(row.topic, row.place) for row in lessons(reading)] == [
        ("Числа", "Таблица 1!B2"), ("Дроби", "Таблица 2!B1"), ("Круг", "Таблица 2!B2")
    ]  # fmt: skip
    assert rules(reading) == [("Таблица 3", "table-without-heading")]


def test_a_table_of_another_width_after_the_plan_is_a_matter_of_course() -> None:
    first = [["№", "Тема", "Часы", "Дата"], ["1", "Числа", "1", "01.09.2026"]]
    assert read_plan(docx_of(first, [["Согласовано", "Дата"]], [["Учебник", "год", "автор", ""]])).faults == ()


def test_tables_of_lessons_that_do_not_follow_the_plan_are_told() -> None:
    first = [["№", "Тема", "Часы", "Дата"], ["1", "Числа", "1", "01.09.2026"]]
    lesson = [["2", "Дроби", "1", ""]]
    after_another = read_plan(docx_of(first, [["Согласовано", "Дата"]], lesson, lesson))
    assert [row.topic for row in lessons(after_another)] == ["Числа"]
    assert rules(after_another) == [(f"Таблица {n}", "table-without-heading") for n in (3, 4)]
    wider = read_plan(docx_of(first, [[*lesson[0], "замена"]]))
    assert rules(wider) == [("Таблица 2", "table-without-heading")]


def test_a_column_without_heading_is_told() -> None:
    reading = read_plan(xlsx([["№", "Тема урока", "Дата", None], [1, "Числа", "01.09.2026", "§ 1, упр. 3"]]))
    assert rules(reading) == [("План!B1", "columns-not-read")]
    assert reading.faults[0].reason.said("ru") == "Столбцы, которых система не знает, не прочитаны: D «»."


def test_of_a_document_s_tables_the_plan_of_lessons_is_read_and_not_its_summary() -> None:
    summary = [["№", "Наименование разделов и тем", "Количество часов"], ["1", "Числа", "10"], ["2", "Фигуры", "20"]]
    plan = [["№", "Тема урока", "Часы", "Дата", "Домашнее задание"], ["1", "Ряд", "1", "01.09.2026", "п. 1"]]
    reading = read_plan(docx_of(summary, plan))
    assert [row.topic for row in lessons(reading)] == ["Ряд"]
    assert rules(reading) == [("Таблица 1", "other-sheet")]


def test_a_table_of_a_document_goes_on_also_with_a_section() -> None:
    first = [["№", "Тема", "Часы", "Дата"], ["1", "Числа", "1", "01.09.2026"]]
    reading = read_plan(docx_of(first, [["", "Раздел 2. Дроби", "", ""], ["2", "Дробь", "1", ""]]))
    assert [(row.topic, row.section) for row in lessons(reading)] == [("Числа", ""), ("Дробь", "Раздел 2. Дроби")]


# ---------------------------------------------------------------- what Word shows

WORD_HEADING = ["№ урока", "Тема урока", "Кол-во часов", "Дата по плану", "Домашнее задание"]


def in_word(content: bytes, *changes: tuple[str, str]) -> bytes:
    """The document with parts of its markup replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        markup = archive.read("word/document.xml").decode()
    for before, after in changes:
        assert before in markup
        markup = markup.replace(before, after)
    return changed(content, {"word/document.xml": markup})


def test_p18_hyphens_that_do_not_break_stay_in_numbers_and_topics() -> None:
    rows = [
        WORD_HEADING,
        ["1-2", "Слово", "2", "02.09.2026", ""],
        ["3~4", "Научно~популярный стиль", "2", "09.09.2026", ""],
        ["5", "Итоги", "1", "16~09~2026", ""],
    ]
    reading = read_plan(in_word(docx_of(rows), ("~", "</w:t><w:noBreakHyphen/><w:t>")))
    assert reading.faults == ()
    assert [(row.number, row.topic) for row in lessons(reading)] == [
        ("1-2", "Слово"),
        ("3-4", "Научно\u2011популярный стиль"),
        ("5", "Итоги"),
    ]
    assert lessons(reading)[2].planned == date(2026, 9, 16)


def test_p19_a_row_moved_with_changes_tracked_is_read_once_where_it_went() -> None:
    topics = [["1", "А", "1", "", ""], ["2", "Б", "1", "", "x"], ["3", "В", "1", "", ""], ["4", "Г", "1", "", "y"]]
    content = docx_of([WORD_HEADING, *topics])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        rows = archive.read("word/document.xml").decode().split("<w:tr>")
    gone = "<w:trPr><w:del w:id='1'/></w:trPr>" + rows[3].replace("<w:r>", "<w:moveFrom><w:r>")
    gone = gone.replace("</w:r>", "</w:r></w:moveFrom>")
    come = "<w:trPr><w:ins w:id='2'/></w:trPr>" + rows[3].replace("<w:r>", "<w:moveTo><w:r>")
    come = come.replace("</w:r>", "</w:r></w:moveTo>")
    moved = "<w:tr>".join([*rows[:3], gone, rows[4], come, rows[5]])
    reading = read_plan(changed(content, {"word/document.xml": moved}))
    assert [row.topic for row in lessons(reading)] == ["А", "В", "Б", "Г"]


def test_p20_hidden_rows_of_a_plan_are_no_lessons_and_told() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "План"
    for row in (WORD_HEADING, [1, "А", 1], [2, "Старая тема", 1], [2, "Б", 1]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    packed = io.BytesIO()
    book.save(packed)
    reading = read_plan(packed.getvalue())
    assert [row.topic for row in lessons(reading)] == ["А", "Б"]
    assert rules(reading) == [("План", "hidden-cells")]
