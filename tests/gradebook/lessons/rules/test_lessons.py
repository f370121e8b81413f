"""When lessons are held, and what homework they may give."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from services.gradebook.lessons.rules import lessons
from services.gradebook.lessons.rules.lessons import Description

HELD = date(2025, 9, 10)
NEXT = date(2025, 9, 12)
BEFORE = Description("Fractions", "No. 5", NEXT)


def test_a_lesson_lies_in_the_year_of_its_course() -> None:
    starts_on, ends_on = date(2025, 9, 1), date(2026, 8, 31)
    lessons.check_date_in_year(starts_on, starts_on, ends_on)
    lessons.check_date_in_year(ends_on, starts_on, ends_on)
    for outside in (starts_on - timedelta(1), ends_on + timedelta(1)):
        with pytest.raises(Invalid) as refused:
            lessons.check_date_in_year(outside, starts_on, ends_on)
        assert (refused.value.rule, refused.value.field) == ("date-outside-year", "date")


def test_what_is_left_out_stays() -> None:
    assert lessons.described(BEFORE, {}, HELD) == BEFORE
    assert lessons.described(BEFORE, {"topic": " Sums "}, HELD) == Description("Sums", "No. 5", NEXT)
    assert lessons.described(BEFORE, {"homework_due": None}, HELD) == Description("Fractions", "No. 5", None)


def test_homework_taken_back_takes_its_due_date_with_it() -> None:
    assert lessons.described(BEFORE, {"homework": " "}, HELD) == Description("Fractions", "", None)


def test_a_due_date_needs_homework() -> None:
    with pytest.raises(Invalid) as refused:
        lessons.described(Description("", "", None), {"homework_due": NEXT}, HELD)
    assert refused.value.rule == "due-without-homework"


@pytest.mark.parametrize("due", [HELD, HELD - timedelta(1)])
def test_homework_is_due_after_the_lesson(due: date) -> None:
    with pytest.raises(Invalid) as refused:
        lessons.described(BEFORE, {"homework_due": due}, HELD)
    assert (refused.value.rule, refused.value.field) == ("homework-due-too-early", "homework_due")


@pytest.mark.parametrize(
    ("after", "news"),
    [
        (BEFORE, False),
        (Description("Sums", "No. 5", NEXT), False),
        (Description("Fractions", "No. 6", NEXT), True),
        (Description("Fractions", "No. 5", None), True),
        (Description("Fractions", "", None), False),
    ],
)
def test_families_are_told_of_homework_that_is_new_or_other(after: Description, news: bool) -> None:
    assert lessons.homework_is_news(BEFORE, after) is news


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_week_runs_from_monday_to_sunday_around_its_day(day: date) -> None:
    monday, sunday = lessons.week_of(day)
    assert monday.weekday() == 0
    assert sunday - monday == timedelta(6)
    assert monday <= day <= sunday


TEXTS = st.text(alphabet=" \nab5", max_size=8)
GIVEN = st.fixed_dictionaries(
    {}, optional={"topic": TEXTS, "homework": TEXTS, "homework_due": st.none() | st.dates(HELD, NEXT)}
)


@given(st.lists(GIVEN, max_size=5))
def test_however_a_lesson_is_described_homework_and_its_due_date_agree(changes: list[dict[str, object]]) -> None:
    now = Description("", "", None)
    for change in changes:
        try:
            after = lessons.described(now, change, HELD)
        except Invalid:
            continue
        assert lessons.described(after, change, HELD) == after
        assert after.due is None or (after.homework and after.due > HELD)
        assert (after.topic, after.homework) == (after.topic.strip(), after.homework.strip())
        assert after.homework or not lessons.homework_is_news(now, after)
        now = after


def test_the_week_that_the_calendar_ends_in_is_refused():
    with pytest.raises(Invalid):
        lessons.week_of(date.max)
    assert lessons.week_of(date.max - timedelta(days=7))[1] <= date.max
