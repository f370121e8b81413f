"""Headings of thematic plans: which column holds what."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from services.gradebook.plans.readers.plan_columns import Meaning, heading_meaning
from services.gradebook.plans.readers.thematic_plan import read_plan
from tests.formats.made import docx_of, xlsx
from tests.formats.readings import said
from tests.gradebook.plans.readers.plans import HEADING, lessons, of_rows, plan, rules, text_table


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


def test_a_summary_of_sections_above_the_plan_is_no_plan() -> None:
    summary = [["№", "Раздел", "Количество часов"], [1, "Числа", 10], [2, "Фигуры", 24], []]
    plan = [["№", "Тема урока", "Часы", "Дата", "Домашнее задание"], [1, "Ряд", 1, "01.09.2026", "п. 1"]]
    reading = read_plan(xlsx([*summary, *plan]))
    assert [(row.topic, row.planned, row.homework) for row in lessons(reading)] == [("Ряд", date(2026, 9, 1), "п. 1")]
