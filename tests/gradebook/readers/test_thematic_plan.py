"""Thematic plans: as schools make them in spreadsheets and documents, and what is none."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gradebook.readers.plan_columns import Meaning, heading_meaning
from services.gradebook.readers.plan_rows import section_hours, written_hours
from services.gradebook.readers.result import Reading
from services.gradebook.readers.thematic_plan import Plan, PlanRow, PlanSection, read_plan
from tests.examples import examples
from tests.gradebook.readers.made import changed, docx_of, xlsx
from tests.gradebook.readers.readings import said
from tests.shared import shared

Table = Sequence[Sequence[Any]]

HEADING = ["№ п/п", "Тема урока", "Кол-во часов", "Дата план", "Дата факт", "Домашнее задание", "Примечания"]


def plan(content: bytes) -> Plan:
    reading = read_plan(content)
    assert reading.value is not None, reading.faults
    return reading.value


def of_rows(*rows: Sequence[Any], heading: Sequence[Any] = HEADING, merged: Sequence[str] = ()) -> Reading[Plan]:
    return read_plan(xlsx([heading, *rows], merged))


def lessons(reading: Reading[Plan]) -> tuple[PlanRow, ...]:
    assert reading.value is not None, reading.faults
    return reading.value.rows


def rules(reading: Reading[Plan]) -> list[tuple[str, str]]:
    return [(fault.place, fault.rule) for fault in reading.faults]


def text_table(table: Table, mark: str = ";") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows(table)
    return text.getvalue().encode("windows-1251")


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


@pytest.mark.parametrize(
    ("meaning", "headings"),
    [
        (Meaning.NUMBER, ["№", "№ п/п", "№п/п", "№№", "п/п", "№ урока", "№ занятия", "Номер урока", "№ п/п урока"]),
        (
            Meaning.TOPIC,
            [
                "Тема",
                "Тема урока",
                "ТЕМА ЗАНЯТИЯ:",
                "Темы уроков",
                "Содержание",
                "Содержание учебного материала",
                "Наименование разделов и тем",
                "Название темы",
                "Раздел, тема",
                "Тема и содержание урока",
                "Тема  уро-\nка",
            ],
        ),
        (Meaning.SECTION, ["Раздел", "Название раздела", "Наименование раздела программы", "Модуль", "Блок"]),
        (
            Meaning.HOURS,
            [
                "Ч.",
                "ч",
                "Часы",
                "Часов",
                "Кол-во часов",
                "Кол. часов",
                "Количество часов",
                "Кол-во\nчасов",
                "Всего часов",
                "Количество академических часов",
                "Объём часов",
                "Кол-во ч.",
                "Количество часов всего",
            ],
        ),
        (
            Meaning.PLANNED,
            [
                "Дата",
                "Дата план",
                "Дата по плану",
                "Дата проведения",
                "План",
                "По плану",
                "Дата (план)",
                "Сроки",
                "Плановая дата",
                "Дата проведения урока",
                "Дата изучения",
                "Дата план/факт",
                "Плановые сроки прохождения",
                "Дата проведения по плану",
                "Календарные сроки",
            ],
        ),
        (
            Meaning.ACTUAL,
            [
                "Дата факт",
                "Факт",
                "По факту",
                "Дата по факту",
                "Фактическая дата",
                "Дата (факт.)",
                "Фактически",
                "Дата проведения фактически",
                "Фактические сроки",
            ],
        ),
        (
            Meaning.HOMEWORK,
            ["Домашнее задание", "Д/з", "ДЗ", "Д.З.", "Дом. задание", "Домашняя работа", "Задание на дом"],
        ),
        (Meaning.NOTES, ["Примечание", "Примечания", "Примеч.", "Комментарий", "Заметки", "Корректировка"]),
        (None, ["", "Кабинет", "Оборудование", "Планируемые результаты", "Тема урока для обсуждения с родителями"]),
    ],
)
def test_headings_are_found_by_their_meaning(meaning: Meaning | None, headings: list[str]) -> None:
    assert {heading: heading_meaning(heading) for heading in headings} == dict.fromkeys(headings, meaning)


def test_a_heading_of_two_rows_with_merged_cells() -> None:
    top = ["№", "Тема", "Дата", "", "Количество часов", ""]
    below = ["", "", "план", "факт", "всего", "контрольные работы"]
    merged = ["A1:A2", "B1:B2", "C1:D1", "E1:F1"]
    reading = read_plan(xlsx([top, below, [1, "Дроби", "03.09.2026", "04.09.2026", 2, 1]], merged))
    assert reading.value is not None
    assert reading.value.columns == {"number": "A", "topic": "B", "planned": "C", "actual": "D", "hours": "E"}
    (row,) = reading.value.rows
    assert (row.planned, row.actual, row.hours) == (date(2026, 9, 3), date(2026, 9, 4), Decimal(2))
    assert row.place == "План!B3"
    (fault,) = reading.faults
    assert (fault.place, fault.rule) == ("План!B1", "columns-not-read")
    assert fault.reason.said("ru") == "Столбцы, которых система не знает, не прочитаны: F «контрольные работы»."


def test_a_heading_of_two_rows_without_merged_cells() -> None:
    table = [["№", "Тема", "Дата", "", "Д/з"], ["", "", "план", "факт", ""], ["1", "Дроби", "03.09.2026", "", "§1"]]
    found = plan(text_table(table))
    assert found.columns == {"number": "A", "topic": "B", "planned": "C", "actual": "D", "homework": "E"}
    assert (found.rows[0].planned, found.rows[0].homework) == (date(2026, 9, 3), "§1")


def test_a_heading_of_two_rows_in_a_document() -> None:
    table = [["№", "Тема", "Дата", ""], ["", "", "план", "факт"], ["1", "Дроби", "03.09.2026", "04.09.2026"]]
    content = docx_of(table, merged=[(0, 2, 0, 3), (0, 0, 1, 0), (0, 1, 1, 1)])
    found = plan(content)
    assert found.columns == {"number": "A", "topic": "B", "planned": "C", "actual": "D"}
    assert (found.rows[0].planned, found.rows[0].actual) == (date(2026, 9, 3), date(2026, 9, 4))


def test_a_column_of_sections_is_the_topic_only_where_no_other_is() -> None:
    assert plan(xlsx([["Раздел", "Дата"], ["Векторы", "03.09.2026"]])).rows[0].topic == "Векторы"
    both = plan(xlsx([["Раздел", "Тема", "Ч."], ["Векторы", "Сложение", 1], ["", "Вычитание", 1], ["Углы", "Дуга", 1]]))
    assert [(row.section, row.topic) for row in both.rows] == [
        ("Векторы", "Сложение"),
        ("Векторы", "Вычитание"),
        ("Углы", "Дуга"),
    ]


def test_a_heading_may_stand_below_a_title_but_not_endlessly_far() -> None:
    rows = [["Пояснительная записка"]] * 59 + [["Тема", "Ч."], ["Дроби", 1]]
    assert plan(xlsx(rows)).header == "План!A60"
    assert read_plan(xlsx([["Пояснительная записка"], *rows])).refused


# ---------------------------------------------------------------- sections, totals, furniture


@pytest.mark.parametrize(
    ("title", "hours"),
    [
        ("Причастие 21ч +2К + 2Р.р", "21"),
        ("Повторение 6ч +1К+ 2Р.р.", "6"),
        ("Механика (12 часов)", "12"),
        ("Механика [12 час.]", "12"),
        ("Раздел 1. Оптика – 8,5 ч.", "8.5"),
        ("Глава 2", None),
        ("12 часов из жизни", None),
        ("Числа до 1000", None),
    ],
)
def test_a_sections_title_may_name_its_hours(title: str, hours: str | None) -> None:
    found = section_hours(title)
    assert (None if found is None else str(found)) == hours


@pytest.mark.parametrize(
    ("row", "merged", "hours"),
    [
        (["", "Причастие 21ч +2К + 2Р.р", "", "", "", "", ""], [], Decimal(21)),
        (["Механика (12 ч)"], ["A3:G3"], Decimal(12)),
        (["Механика"], ["A3:G3"], None),
        (["", "Механика", "", ""], [], None),
        (["Механика"], [], None),
        (["", "Раздел 2. Механика", 12], [], Decimal(12)),
        (["", "ГЛАВА II", 12], [], Decimal(12)),
        (["", "2 четверть", 14], [], Decimal(14)),
        (["", "II полугодие"], [], None),
        (["", "Механика 12 ч.", "", "", "", "", "обзор"], [], Decimal(12)),
        (["Механика", "", 12], ["A3:B3"], Decimal(12)),
    ],
)
def test_rows_that_are_titles_of_sections(row: list[Any], merged: list[str], hours: Decimal | None) -> None:
    reading = of_rows([1, "Введение", 1], row, [2, "Скорость", 1], merged=merged)
    title = next(text for text in row if text)
    assert reading.value is not None
    assert [(one.title, one.hours) for one in reading.value.sections] == [(title, hours)]
    assert reading.value.sections[0].place == "План!B3"
    assert [(one.topic, one.section) for one in reading.value.rows] == [("Введение", ""), ("Скорость", title)]
    assert reading.faults == ()


@pytest.mark.parametrize("topic", ["Раздел физики", "Часть речи", "Повторение, 2 часа", "Глава семьи"])
def test_a_numbered_row_is_a_lesson_whatever_its_words(topic: str) -> None:
    assert [row.topic for row in lessons(of_rows([1, topic, 1], ["2.", topic]))] == [topic, topic]


def test_topics_alone_are_lessons_where_nothing_is_counted() -> None:
    reading = of_rows(["Дроби", ""], ["Доли", "03.09.2026"], heading=["Тема", "Дата"])
    assert [(row.topic, row.planned) for row in lessons(reading)] == [("Дроби", None), ("Доли", date(2026, 9, 3))]


def test_a_title_stands_alone_where_lessons_are_only_numbered() -> None:
    reading = of_rows([1, "Дроби"], ["", "Механика"], [2, "Скорость"], heading=["№", "Тема"])
    assert [(row.topic, row.section) for row in lessons(reading)] == [("Дроби", ""), ("Скорость", "Механика")]


def test_a_topic_merged_with_a_column_that_nobody_named_is_no_title() -> None:
    heading = ["№", "Тема", "", "Часы", "Дата", "Д/з"]
    reading = of_rows(heading, ["", "Дроби", "", 2], heading=["План"], merged=["B2:C2", "B3:C3"])
    assert [(row.topic, row.hours) for row in lessons(reading)] == [("Дроби", Decimal(2))]


def test_a_topic_merged_with_the_hours_is_a_lesson_where_more_is_said_of_it() -> None:
    reading = of_rows(["", "Дроби", "", "03.09.2026", "", "§1"], merged=["B2:C2"])
    assert [(row.topic, row.homework) for row in lessons(reading)] == [("Дроби", "§1")]


def test_totals_repeated_headings_and_numbers_of_columns_are_left_out() -> None:
    reading = of_rows(
        [1, 2, 3, 4, 5, 6, 7],
        [1, "Дроби", 1],
        ["", "Итого по разделу", 1],
        HEADING,
        [2, "Доли", 1],
        ["Всего", "", 2],
        ["ИТОГО:", "", 2],
        ["", "Общее количество часов по программе", 34],
    )
    assert [row.topic for row in lessons(reading)] == ["Дроби", "Доли"]
    assert reading.value is not None
    assert reading.value.sections == ()
    assert reading.faults == ()


def test_a_row_without_topic_is_a_fault_and_an_empty_one_is_not() -> None:
    reading = of_rows([1, "Дроби", 1], [], [2, "", 1, "03.09.2026"], [3, "Доли", 1])
    assert [row.topic for row in lessons(reading)] == ["Дроби", "Доли"]
    assert rules(reading) == [("План!B4", "no-topic"), ("План!A5", "number-gap")]
    assert said(reading.faults[0]) == (
        "В строке нет темы: строка пропущена.",
        "The row has no topic: it was left out.",
    )


def test_a_topic_merged_over_two_rows_is_two_lessons_with_the_same_topic() -> None:
    reading = of_rows([1, "Дроби", 1, "03.09.2026"], [2, "", 1, "04.09.2026"], merged=["B2:B3"])
    assert [(row.number, row.topic, row.planned, row.place) for row in lessons(reading)] == [
        ("1", "Дроби", date(2026, 9, 3), "План!B2"),
        ("2", "Дроби", date(2026, 9, 4), "План!B3"),
    ]


# ---------------------------------------------------------------- hours, numbers, dates


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("1", "1"),
        ("2 ч.", "2"),
        ("1 час", "1"),
        ("2 часа", "2"),
        ("0,5", "0.5"),
        ("1.0", "1"),
        ("1+1", "2"),
        ("1 + 0,5 ч", "1.5"),
        ("40", "40"),
        ("40,01", None),
        ("0", None),
        ("-1", None),
        ("1-2", None),
        ("один", None),
        ("", None),
        (Decimal(3), "3"),
        (None, None),
        (date(2026, 2, 1), None),
    ],
)
def test_hours_as_they_are_written(written: Any, hours: str | None) -> None:
    found = written_hours(written)
    assert (None if found is None else str(found)) == hours


def test_hours_that_cannot_be_read_or_are_missing_are_one_hour_and_a_fault() -> None:
    reading = of_rows([1, "Дроби", "много"], [2, "Доли", ""], [3, "Части", 0], [4, "Целое", 2])
    assert [row.hours for row in lessons(reading)] == [1, 1, 1, 2]
    assert rules(reading) == [("План!C2", "bad-hours"), ("План!C3", "no-hours"), ("План!C4", "bad-hours")]
    assert said(reading.faults[0]) == (
        "Часы «много» не читаются: взят 1 час.",
        "The hours “много” cannot be read: 1 hour was taken.",
    )
    assert said(reading.faults[1]) == ("Часы не указаны: взят 1 час.", "No hours are given: 1 hour was taken.")


def test_a_plan_without_hours_has_one_hour_a_row_and_no_fault() -> None:
    reading = of_rows([1, "Дроби"], [2, "Доли"])
    assert [row.hours for row in lessons(reading)] == [1, 1]
    assert reading.faults == ()


def test_hours_merged_over_rows_are_shared_by_them() -> None:
    reading = of_rows([1, "Дроби", 2], [2, "Доли", ""], [3, "Части", 1], [4, "Целое", ""], merged=["C2:C3", "C4:C5"])
    assert [str(row.hours) for row in lessons(reading)] == ["1", "1", "0.5", "0.5"]
    assert reading.faults == ()
    three = of_rows([1, "Дроби", 2], [2, "Доли", ""], [3, "Части", ""], merged=["C2:C4"])
    assert [row.hours for row in lessons(three)] == [1, 1, 1]
    assert rules(three) == [(f"План!C{row}", "hours-shared") for row in (2, 3, 4)]
    assert said(three.faults[0]) == (
        "2 ч. не делятся поровну на строки, которых 3: взят 1 час.",
        "2 h cannot be shared evenly by 3 rows: 1 hour was taken.",
    )


@pytest.mark.parametrize(
    ("numbers", "faults"),
    [
        (["1", "2", "3"], []),
        (["95", "96"], []),
        (["1.", "2."], []),
        (["1", "2", "1", "2"], []),
        (["1", "2-3", "4"], []),
        (["1", "2, 3", "4"], []),
        (["1", "1.1", "1.2", "2"], []),
        (["1", "а", "2"], []),
        (["1", "3"], [("План!A3", "number-gap")]),
        (["2-3", "5"], [("План!A3", "number-gap")]),
        (["5", "4"], [("План!A3", "number-order")]),
        (["5", "5"], [("План!A3", "number-order")]),
    ],
)
def test_numbers_are_kept_as_written_and_gaps_are_told(numbers: list[str], faults: list[tuple[str, str]]) -> None:
    reading = of_rows(*([number, f"Тема {number}", 1] for number in numbers))
    assert [row.number for row in lessons(reading)] == numbers
    assert rules(reading) == faults


def test_what_is_said_of_numbers() -> None:
    gap, order = of_rows([1, "а", 1], [4, "б", 1], [3, "в", 1]).faults
    assert said(gap) == ("После номера 1 идёт 4: пропущены номера.", "After number 1 comes 4: numbers are missing.")
    assert said(order) == (
        "После номера 4 идёт 3: номера не по порядку.",
        "After number 4 comes 3: the numbers are out of order.",
    )


def test_dates_that_are_not_certain_are_no_dates_and_a_fault() -> None:
    reading = of_rows(
        [1, "Дроби", 1, "12.09", "03.09–07.09"], [2, "Доли", 1, "31.02.2026", "скоро"], [3, "Части", 1, "-", ""]
    )
    assert [(row.planned, row.actual) for row in lessons(reading)] == [(None, None)] * 3
    assert rules(reading) == [
        ("План!D2", "date-without-year"),
        ("План!E2", "several-dates"),
        ("План!D3", "no-such-date"),
        ("План!E3", "not-a-date"),
    ]
    assert said(reading.faults[0])[0] == "В дате «12.09» нет года."


def test_a_long_cell_is_quoted_in_part() -> None:
    (fault,) = of_rows([1, "Дроби", 1, "х" * 100]).faults
    assert said(fault)[0] == f"«{'х' * 60}» – не дата."


# ---------------------------------------------------------------- which table, and what is none


def test_hidden_sheets_come_last_and_other_plans_are_named() -> None:
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
    assert rules(reading) == [("6 класс", "other-sheet"), ("Скрытый", "other-sheet")]
    assert said(reading.faults[0]) == (
        "Лист «6 класс» тоже похож на план: он не прочитан.",
        "The sheet “6 класс” looks like a plan as well: it was not read.",
    )
    chosen = read_plan(packed.getvalue(), sheet="Скрытый")
    assert [row.topic for row in lessons(chosen)] == ["Доли"]
    assert chosen.faults == ()
    assert read_plan(packed.getvalue(), sheet="7 класс").refused


def test_a_sheet_without_headings_is_named_and_an_empty_one_is_not() -> None:
    book = openpyxl.Workbook()
    book.active.append(["№", "Тема"])
    book.active.append([1, "Дроби"])
    book.create_sheet("Темы").append(["Доли"])
    book.create_sheet("Пусто")
    packed = io.BytesIO()
    book.save(packed)
    reading = read_plan(packed.getvalue())
    assert [row.topic for row in lessons(reading)] == ["Дроби"]
    assert rules(reading) == [("Темы", "sheet-without-heading")]
    assert said(reading.faults[0]) == (
        "На листе «Темы» нет строки заголовков: он не прочитан.",
        "The sheet “Темы” has no row of headings: it was not read.",
    )


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
    assert rules(reading) == [("Лист2", "sheet-without-heading")], "34 topics and nothing that says so"
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


def test_sections_are_values() -> None:
    assert PlanSection("A1", "Механика", None) == PlanSection("A1", "Механика", None)


@pytest.mark.parametrize("topic", ["Итог Второй мировой войны", "Итоговый урок", "Всего понемногу", "Итого за год"])
def test_a_numbered_row_is_a_lesson_whatever_its_topic(topic: str) -> None:
    reading = read_plan(xlsx([["№", "Тема", "Часы"], [1, "Введение", 1], [2, topic, 1]]))
    assert reading.value is not None
    assert [row.topic for row in reading.value.rows] == ["Введение", topic]


@pytest.mark.parametrize("topic", ["Итог Второй мировой войны", "Всего понемногу", "Итоги года"])
def test_without_number_a_topic_is_no_total(topic: str) -> None:
    reading = read_plan(xlsx([["Тема", "Часы"], ["Введение", 1], [topic, 1]]))
    assert reading.value is not None
    assert [row.topic for row in reading.value.rows] == ["Введение", topic]


@pytest.mark.parametrize("total", ["Итого", "Итого: 34", "Всего за четверть", "ИТОГО ПО КУРСУ", "Всего часов"])
def test_totals_are_no_lessons(total: str) -> None:
    reading = read_plan(xlsx([["№", "Тема", "Часы"], [1, "Введение", 1], ["", total, 34]]))
    assert reading.value is not None
    assert [row.topic for row in reading.value.rows] == ["Введение"]


@pytest.mark.parametrize("topic", ["Модуль числа", "Глава государства", "Блок-схемы", "Часть речи"])
@pytest.mark.parametrize("beside", [["", "03.09.2026"], [1, ""], [2, "03.09.2026"]])
def test_words_of_sections_are_topics_beside_a_lessons_hours_or_date(topic: str, beside: list[Any]) -> None:
    reading = read_plan(xlsx([["Тема", "Часы", "Дата"], ["Введение", 1, "02.09.2026"], [topic, *beside]]))
    assert reading.value is not None
    assert [row.topic for row in reading.value.rows] == ["Введение", topic]
    assert reading.value.sections == ()


@pytest.mark.parametrize(("title", "hours"), [("Раздел «Числа»", 12), ("Глава 2. Дроби", 1), ("Модуль II", "")])
def test_titles_of_sections_are_sections(title: str, hours: Any) -> None:
    reading = read_plan(xlsx([["Тема", "Часы", "Дата"], [title, hours, ""], ["Введение", 1, "02.09.2026"]]))
    assert reading.value is not None
    assert [section.title for section in reading.value.sections] == [title]
    assert [row.section for row in reading.value.rows] == [title]


def test_a_heading_reaches_down_as_far_as_the_cell_of_the_topic_is_merged() -> None:
    heading = [["№", "Тема", "Дата", "", "", ""], ["", "", "план", "", "факт", ""], ["", "", "5А", "5Б", "5А", "5Б"]]
    rows = [[1, "Числа", "02.09.2026", "03.09.2026", "", ""], [2, "Дроби", "04.09.2026", "05.09.2026", "", ""]]
    reading = read_plan(xlsx([*heading, *rows], ["A1:A3", "B1:B3", "C1:F1", "C2:D2", "E2:F2"]))
    assert reading.value is not None
    assert [(row.number, row.topic) for row in reading.value.rows] == [("1", "Числа"), ("2", "Дроби")]
    assert [row.planned for row in reading.value.rows] == [date(2026, 9, 2), date(2026, 9, 4)]
    (fault,) = reading.faults
    assert fault.rule == "columns-not-read"
    assert "D «5Б»" in fault.reason.said("ru")


@pytest.mark.parametrize("heading", ["К-во часов", "Кол-во", "Количество", "Чacы"])
def test_hours_are_found_under_short_headings_and_latin_look_alikes(heading: str) -> None:
    reading = read_plan(xlsx([["N", "Teмa", heading], [1, "Введение", 2]]))
    assert reading.value is not None
    assert reading.value.columns == {"number": "A", "topic": "B", "hours": "C"}
    assert [row.hours for row in reading.value.rows] == [Decimal(2)]
    assert reading.faults == ()


def test_columns_that_are_not_known_are_named_where_they_hold_something() -> None:
    heading = ["№", "Тема", "Часы", "Оборудование", "Пусто", "Тема"]
    reading = read_plan(xlsx([heading, [1, "Введение", 1, "Глобус", "", "Ещё"]]))
    (fault,) = reading.faults
    assert (fault.place, fault.rule) == ("План!B1", "columns-not-read")
    assert fault.reason.said("ru") == "Столбцы, которых система не знает, не прочитаны: D «Оборудование», F «Тема»."
    assert fault.reason.said("en") == "Columns that are not known were not read: D «Оборудование», F «Тема»."


@pytest.mark.parametrize(
    "total",
    ["Итого (за год)", "Итого I полугодие", "Итого II четверть", "Итого контрольных работ", "Всего (часов)", "Итого/34",
     "Всего учебных часов", "Итого: контрольных работ – 5", "Итого количество часов", "Итоговое количество часов: 34",
     "Всего за II полугодие", "Итого = 34"],
)  # fmt: skip
def test_totals_of_plans_without_numbers_are_no_lessons(total: str) -> None:
    reading = read_plan(f"Тема урока;Часы;Дата\nВведение;1;01.09.2026\n{total};34;\n".encode())
    assert reading.value is not None
    assert [row.topic for row in reading.value.rows] == ["Введение"]


@pytest.mark.parametrize("topic", ["Глава 1. «Сержант гвардии»", "Тема 1. Введение в физику", "Раздел II"])
@pytest.mark.parametrize("beside", [("01.09.2026", ""), ("", "читать")])
def test_a_date_or_homework_makes_a_lesson_of_a_chapter(topic: str, beside: tuple[str, str]) -> None:
    reading = read_plan(xlsx([["Дата", "Тема урока", "Д/з"], [beside[0], topic, beside[1]]]))
    assert reading.value is not None
    assert ([row.topic for row in reading.value.rows], reading.value.sections) == ([topic], ())


@pytest.mark.parametrize("number", ["Урок 1", "№3", "4/1", "5(1)", "1", "7–8"])
def test_a_number_however_it_is_written_makes_a_lesson(number: str) -> None:
    reading = read_plan(xlsx([["№", "Тема", "Часы"], [number, "Глава 1. Начало", 5]]))
    assert reading.value is not None
    assert [(row.number, row.topic) for row in reading.value.rows] == [(number, "Глава 1. Начало")]


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
    assert read_plan(docx_of(first, [["Согласовано", "Дата"]], [["2", "Дроби", "1", ""]])).faults == ()


def test_of_a_document_s_tables_the_plan_of_lessons_is_read_and_not_its_summary() -> None:
    summary = [["№", "Наименование разделов и тем", "Количество часов"], ["1", "Числа", "10"], ["2", "Фигуры", "20"]]
    plan = [["№", "Тема урока", "Часы", "Дата", "Домашнее задание"], ["1", "Ряд", "1", "01.09.2026", "п. 1"]]
    reading = read_plan(docx_of(summary, plan))
    assert [row.topic for row in lessons(reading)] == ["Ряд"]
    assert rules(reading) == [("Таблица 1", "other-sheet")]


@pytest.mark.parametrize("topic", ["Итог по теме «Дроби»", "Итог за I четверть", "Всего на свете два полюса"])
def test_a_dated_row_is_a_lesson_whatever_its_topic(topic: str) -> None:
    reading = read_plan(xlsx([["Тема урока", "Часы", "Дата"], ["Введение", 1, ""], [topic, 1, "02.09.2026"]]))
    assert [row.topic for row in lessons(reading)] == ["Введение", topic]


@pytest.mark.parametrize("number", ["I", "", "1"])
def test_a_row_of_many_hours_above_its_lessons_is_a_section(number: str) -> None:
    rows = [[number, "Натуральные числа", 10, ""], ["1.1", "Ряд", 1, "02.09.2026"], ["1.2", "Шкала", 1, ""]]
    reading = read_plan(xlsx([["№", "Тема", "Часы", "Дата"], *rows]))
    assert [(row.topic, row.section) for row in lessons(reading)] == [
        ("Ряд", "Натуральные числа"), ("Шкала", "Натуральные числа")
    ]  # fmt: skip
    assert reading.value is not None
    assert [section.hours for section in reading.value.sections] == [Decimal(10)]


def test_a_table_of_a_document_goes_on_also_with_a_section() -> None:
    first = [["№", "Тема", "Часы", "Дата"], ["1", "Числа", "1", "01.09.2026"]]
    reading = read_plan(docx_of(first, [["", "Раздел 2. Дроби", "", ""], ["2", "Дробь", "1", ""]]))
    assert [(row.topic, row.section) for row in lessons(reading)] == [("Числа", ""), ("Дробь", "Раздел 2. Дроби")]


def test_a_summary_of_sections_above_the_plan_is_no_plan() -> None:
    summary = [["№", "Раздел", "Количество часов"], [1, "Числа", 10], [2, "Фигуры", 24], []]
    plan = [["№", "Тема урока", "Часы", "Дата", "Домашнее задание"], [1, "Ряд", 1, "01.09.2026", "п. 1"]]
    reading = read_plan(xlsx([*summary, *plan]))
    assert [(row.topic, row.planned, row.homework) for row in lessons(reading)] == [("Ряд", date(2026, 9, 1), "п. 1")]
