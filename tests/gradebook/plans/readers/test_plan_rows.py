"""Rows of thematic plans: lessons, sections, totals, numbers, hours and dates."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.gradebook.plans.readers.plan_rows import section_hours, written_hours
from services.gradebook.plans.readers.thematic_plan import PlanSection, read_plan
from tests.formats.made import xlsx
from tests.formats.readings import said
from tests.gradebook.plans.readers.plans import lessons, of_rows, rules


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
