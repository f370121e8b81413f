"""Dates of plans: slips in the year, the month before the day, numbers and weekdays, dates out of order."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl
import pytest

from formats.result import Reading
from services.gradebook.plans.readers.date_column import column_dates
from services.gradebook.plans.readers.thematic_plan import Plan, read_plan
from tests.formats.made import docx_of, xlsx
from tests.formats.readings import said
from tests.gradebook.plans.readers.plans import lessons, rules

HEADING = ["№ урока", "Тема урока", "Кол-во часов", "Дата по плану", "Дата по факту", "Домашнее задание"]


def table(days: Sequence[Any], actual: Sequence[Any] = ()) -> list[list[Any]]:
    rows = [[number, f"Тема {number}", 1, day, "", ""] for number, day in enumerate(days, 1)]
    for row, day in zip(rows, actual):
        row[4] = day
    return [HEADING, *rows]


def of_days(*days: Any) -> Reading[Plan]:
    return read_plan(xlsx(table(days)))


def planned(reading: Reading[Plan]) -> list[str]:
    """Month and day of each lesson; "" where no date was taken."""
    return [f"{row.planned:%m-%d}" if row.planned else "" for row in lessons(reading)]


def test_p06_a_slip_in_the_year_is_told_and_the_date_is_not_taken() -> None:
    """Whether the others' school year is the present one waits for the school's calendar: a file alone cannot say."""
    days = ["02.09.2026", "09.09.2062", "16.09.0026", "02.01.2026", "30.09.2026"]
    text = "№;Тема;Часов;Дата\n" + "".join(f"{number};Дроби;1;{day}\n" for number, day in enumerate(days, 1))
    reading = read_plan(text.encode())
    assert [row.planned for row in lessons(reading)] == [date(2026, 9, 2), None, None, None, date(2026, 9, 30)]
    assert rules(reading) == [("D3", "other-school-year"), ("D4", "no-such-year"), ("D5", "other-school-year")]
    assert said(reading.faults[0]) == (
        "Дата «09.09.2062» не в 2026/27 учебном году, как другие даты плана: не взята.",
        "The date “09.09.2062” is not in the school year 2026/27, as other dates of the plan are: it was not taken.",
    )
    assert said(reading.faults[1]) == (
        "В дате «16.09.0026» неверный год.",
        "The date “16.09.0026” has a wrong year.",
    )


def test_p06_a_school_year_goes_from_august_to_july_and_both_columns_count() -> None:
    rows = table(["02.09.2026", "25.05.2027", "", "31.08.2026"], ["02.09.2026", "25.05.2026", "01.06.2027"])
    reading = read_plan(xlsx(rows))
    assert [row.actual for row in lessons(reading)] == [date(2026, 9, 2), None, date(2027, 6, 1), None]
    assert rules(reading) == [("План!E3", "other-school-year"), ("План!D5", "date-order")]


def test_p06_where_no_school_year_is_most_frequent_no_date_is_taken() -> None:
    reading = of_days("02.09.2026", "09.09.2027")
    assert planned(reading) == ["", ""]
    assert [rule for _, rule in rules(reading)] == ["other-school-year", "other-school-year"]
    assert said(reading.faults[0]) == (
        "Даты плана из разных учебных лет, и ни одного нет чаще других: дата «02.09.2026» не взята.",
        "The dates of the plan are of several school years, none more frequent than all others: "
        "“02.09.2026” was not taken.",
    )


def test_p06_tables_of_a_document_that_are_one_plan_have_one_school_year() -> None:
    first, second = table(["02.09.2026", "09.09.2026"]), table(["16.09.2062"])
    reading = read_plan(docx_of(first, second))
    assert planned(reading) == ["09-02", "09-09", ""]
    assert rules(reading) == [("Таблица 2!D2", "other-school-year")]


def test_p06_a_date_before_the_lesson_above_is_told_and_kept() -> None:
    reading = of_days("02.09.2026", "16.10.2026", "16.09.2026", "23.09.2026")
    assert planned(reading) == ["09-02", "10-16", "09-16", "09-23"]
    assert rules(reading) == [("План!D4", "date-order")]
    assert said(reading.faults[0]) == (
        "После урока 16.10.2026 стоит урок 16.09.2026: даты не по порядку.",
        "After the lesson of 2026-10-16 comes that of 2026-09-16: the dates are out of order.",
    )


def test_days_may_start_again_with_the_numbers() -> None:
    rows = table(["02.09.2026", "09.09.2026"])
    assert read_plan(xlsx([*rows, *table(["01.09.2026"])[1:]])).faults == ()


def test_p07_the_month_may_stand_first_in_the_whole_column() -> None:
    text = "№,Тема урока,Часы,Дата\n1,Введение,1,9/2/2026\n2,Механика,1,9/9/2026\n3,Силы,1,9/16/2026\n"
    reading = read_plan(text.encode())
    assert planned(reading) == ["09-02", "09-09", "09-16"]
    assert reading.faults == ()


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["02/09/2026", "16/09/2026"], ["09-02", "09-16"]),
        (["9/2/26", "9/16/26"], ["09-02", "09-16"]),
        (["9-2-2026", "9-16-2026"], ["09-02", "09-16"]),
        (["9/2/2026 (ср)", "9/16/2026 (ср)"], ["09-02", "09-16"]),
        # nothing above 12: the order in which the dates follow one another within a school year
        (["02/09/2026", "09/09/2026", "07/10/2026"], ["09-02", "09-09", "10-07"]),
        (["9/2/2026", "9/9/2026", "10/7/2026"], ["09-02", "09-09", "10-07"]),
        (["30.09.2026", "10/7/2026"], ["09-30", "10-07"]),
        (["05/05/2027"], ["05-05"]),
        (["11/09/2026", "09/10/2026"], ["09-11", "10-09"]),
        (["01/06/2027", "07/06/2027"], ["06-01", "06-07"]),
        # a point never stands behind a month
        (["02.09.2026", "9/16/2026"], ["09-02", "09-16"]),
    ],
)
def test_p07_the_column_decides_what_is_the_day(cells: list[Any], days: list[str]) -> None:
    assert [f"{one.value:%m-%d}" if one.value else one.rule for one in column_dates(cells)] == days


@pytest.mark.parametrize(
    "cells",
    [
        ["9/16/2026", "16/9/2026", "9/2/2026"],
        ["03/09/2026"],
        ["02/10/2026", "03/10/2026"],
        [date(2026, 2, 9), "9/16/2026"],
    ],
)
def test_p07_what_the_column_does_not_decide_is_told(cells: list[Any]) -> None:
    """A date of the spreadsheet's own beside texts with the month first may be one that the program swapped."""
    reading = of_days(*cells)
    undecided = [place for place, rule in rules(reading) if rule == "day-or-month"]
    certain = [day for day in cells if day == "9/16/2026" and cells[0] == date(2026, 2, 9)]
    assert len(undecided) == len(cells) - len(certain)
    assert said(next(fault for fault in reading.faults if fault.rule == "day-or-month"))[1].endswith(
        "does not show which is the day and which the month."
    )


def test_p07_the_reason_in_both_languages() -> None:
    assert said(of_days("03/09/2026").faults[0]) == (
        "В дате «03/09/2026» не видно, что день, а что месяц.",
        "The date “03/09/2026” does not show which is the day and which the month.",
    )


def test_p08_numbers_weekdays_and_words_around_a_date_are_no_fault() -> None:
    reading = of_days(46267, 46274, "16.09.2026 (ср)", "23.09.2026 г.")
    assert planned(reading) == ["09-02", "09-09", "09-16", "09-23"]
    assert reading.faults == ()


def test_p08_a_number_far_from_the_school_year_of_the_others_is_no_date() -> None:
    reading = of_days("02.09.2026", "09.09.2026", 44000, 17)
    assert planned(reading) == ["09-02", "09-09", "", ""]
    assert [rule for _, rule in rules(reading)] == ["other-school-year", "not-a-date"]


def test_p08_numbers_of_a_workbook_that_counts_from_1904() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.worksheets[0]
    for row in table([44805, 44812]):
        sheet.append(row)
    packed = io.BytesIO()
    book.save(packed)
    assert planned(read_plan(packed.getvalue())) == ["09-02", "09-09"]


def test_p08_a_weekday_that_is_not_the_dates_own_is_told() -> None:
    reading = of_days("02.09.2026 (ср)", "09.09.2026 (чт)", "17.09.2026 (чт)")
    assert planned(reading) == ["09-02", "", "09-17"]
    assert rules(reading) == [("План!D3", "other-weekday")]
    assert said(reading.faults[0]) == (
        "В дате «09.09.2026 (чт)» день недели другой, чем в календаре.",
        "The date “09.09.2026 (чт)” has another day of the week than the calendar.",
    )
