"""Dates as people write them in plans."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.dates import written_date

DAY = date(2026, 9, 3)


@pytest.mark.parametrize(
    "written",
    [
        DAY,
        datetime.combine(DAY, time(8, 30)),
        "03.09.2026",
        "3.9.2026",
        " 03.09.2026 г.",
        "03.09.2026г",
        "03.09.26",
        "03/09/2026",
        "03-09-2026",
        "2026-09-03",
        "2026-9-3",
        "2026-09-03T00:00:00",
        "2026-09-03 08:30",
        "3 сентября 2026 г.",
        "3 сент. 2026",
        "3 СЕН 2026 года",
        "03.09.2026 (чт)",
        "чт 03.09.2026",
        "Чт., 03.09.2026",
        "четверг, 3 сентября 2026 г.",
        "03.09.2026 г. (четверг)",
        "03.09.26 чт.",
        "(03.09.2026)",
        "[03.09.2026 г.]",
        "03.09.2026,",
        "03\u201109\u20112026",
        "03.09.2026\nчт",
        "03.09.2026 8:30",
        "03.09.2026 0:00:00",
        "03.09.2026, 08:30",
        Decimal(46268),
        Decimal("46268.5"),
        "46268",
    ],
)
def test_one_day_written_in_many_ways(written: Any) -> None:
    reading = written_date(written)
    assert (reading.value, reading.rule, reading.problem) == (DAY, "", None)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_as_it_was_written(day: date) -> None:
    names = ["пн", "вторник", "Ср.", "чет", "Пятница", "сб", "воскр."]
    for text in (day.isoformat(), day.strftime("%d.%m.%Y"), day.strftime("%d.%m.%y")):
        assert written_date(text).value == day
        assert written_date(f"{text} ({names[day.weekday()]})").value == day
        assert written_date(f"{names[day.weekday()]}, {text}").value == day


def test_a_number_counts_days_from_where_its_workbook_does() -> None:
    assert written_date(Decimal(46268), from_1904=True).value == date(2030, 9, 4)


def test_the_month_stands_first_where_the_caller_says_so_but_never_with_points() -> None:
    assert written_date("9/3/2026", month_first=True).value == DAY
    assert written_date("9-3-26", month_first=True).value == DAY
    assert written_date("9/3/2026 12:00:00 AM", month_first=True).value == DAY
    assert written_date("03.09.2026", month_first=True).value == DAY


@pytest.mark.parametrize(
    ("word", "month"),
    [
        *[("января", 1), ("фев", 2), ("марта", 3), ("апреля", 4), ("мая", 5), ("май", 5), ("июня", 6)],
        *[("июля", 7), ("августа", 8), ("сентября", 9), ("октября", 10), ("нояб", 11), ("декабря", 12)],
    ],
)
def test_months_in_words(word: str, month: int) -> None:
    assert written_date(f"7 {word} 2026").value == date(2026, month, 7)


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("12.09", "date-without-year"),
        ("12.09.", "date-without-year"),
        ("12,09", "date-without-year"),
        (Decimal("12.09"), "date-without-year"),
        ("3 сентября", "date-without-year"),
        ("03.09–07.09", "several-dates"),
        ("03.09.2026-07.09.2026", "several-dates"),
        ("03.09.2026, 05.09.2026", "several-dates"),
        ("03-07.09", "several-dates"),
        ("3 – 7 сентября", "several-dates"),
        ("31.02.2026", "no-such-date"),
        ("2026-13-01", "no-such-date"),
        ("3 брюмера 2026", "no-such-date"),
        ("00.00.0000", "no-such-date"),
        ("1 неделя", "not-a-date"),
        (Decimal(4626), "not-a-date"),
        (Decimal(462680), "not-a-date"),
        (Decimal(20000), "no-such-year"),
        (Decimal("99999"), "no-such-year"),
        ("03.09.2026 (пт)", "other-weekday"),
        ("среда, 3 сентября 2026 г.", "other-weekday"),
        ("03.09.0026", "no-such-year"),
        ("03.09.1926", "no-such-year"),
        ("9/17/2026", "no-such-date"),
        ("чт", "not-a-date"),
        (True, "not-a-date"),
        (time(8), "not-a-date"),
        ("03.09.2026 " * 6, "not-a-date"),
    ],
)
def test_what_is_not_one_certain_day_gives_none_and_the_reason(written: Any, rule: str) -> None:
    reading = written_date(written)
    assert reading.value is None
    assert reading.rule == rule
    assert reading.problem is not None
    assert "x9" in reading.problem(text="x9").said("ru")
    assert "x9" in reading.problem(text="x9").said("en")


@pytest.mark.parametrize("written", [None, "", "  ", "-", "–", "—"])
def test_nothing_written_is_no_fault(written: str | None) -> None:
    reading = written_date(written)
    assert (reading.value, reading.rule, reading.problem) == (None, "", None)


def test_the_reasons_in_both_languages() -> None:
    def said(text: str) -> tuple[str, str]:
        problem = written_date(text).problem
        assert problem is not None
        return problem(text=text).said("ru"), problem(text=text).said("en")

    assert said("12.09") == ("В дате «12.09» нет года.", "The date “12.09” has no year.")
    assert said("31.02.2026") == ("Даты «31.02.2026» нет в календаре.", "The date “31.02.2026” is not in the calendar.")
    assert said("скоро") == ("«скоро» – не дата.", "“скоро” is no date.")
    assert said("03.09–07.09") == (
        "«03.09–07.09» – несколько дат или промежуток: нужна одна дата.",
        "“03.09–07.09” is several dates or a range: one date is needed.",
    )


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none(text: str) -> None:
    reading = written_date(text)
    assert reading.value is None or isinstance(reading.value, date)
