"""When lessons are held, and what homework they may give."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from services.gradebook.calendar.rules.year_calendar import DayOff, GradeWeek, MovedDay, Term, YearCalendar
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


def term(title: str, division: str, starts_on: date, ends_on: date) -> Term:
    return Term(uuid4(), title, division, starts_on, ends_on)


def check(
    day: date,
    terms: Sequence[Term],
    division: str,
    grade: int | None = None,
    *,
    works_anyway: bool = False,
    **kept: Any,
) -> None:
    """The check of a lesson by hand in a year of these terms."""
    year = YearCalendar(uuid4(), "2026/27", date(2026, 8, 1), date(2027, 7, 31), terms=tuple(terms), **kept)
    lessons.check_day_of_lesson(day, year, grade, division, works_anyway=works_anyway)


QUARTERS = [
    term("I четверть", "quarters", date(2026, 9, 1), date(2026, 10, 24)),
    term("II четверть", "quarters", date(2026, 11, 5), date(2026, 12, 30)),
]
HALF_YEAR = [term("I полугодие", "half-years", date(2026, 9, 1), date(2026, 12, 30))]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (
            date(2026, 10, 29),
            "2026-10-29 lies in the holidays: “I четверть” ends on 2026-10-24, “II четверть” begins on 2026-11-05.",
        ),
        (
            date(2026, 8, 31),
            "2026-08-31 lies before the first term of this course: “I четверть” begins on 2026-09-01.",
        ),
        (
            date(2026, 12, 31),
            "2026-12-31 lies behind the last term of this course: “II четверть” ends on 2026-12-30.",
        ),
    ],
)
def test_p04_work_in_the_holidays_by_hand_is_refused_even_if_the_school_is_said_to_work(day: date, told: str) -> None:
    for works_anyway in (False, True):
        with pytest.raises(Invalid) as refused:
            check(day, QUARTERS, "quarters", works_anyway=works_anyway)
        assert (refused.value.rule, refused.value.field) == ("date-outside-terms", "date")
        assert str(refused.value) == told


@pytest.mark.parametrize(
    ("day", "what"),
    [
        (date(2026, 11, 15), "a Sunday"), (date(2026, 9, 6), "a Sunday"), (date(2026, 11, 4), "a public holiday"),
    ],
)  # fmt: skip
def test_p04_work_on_a_sunday_or_public_holiday_by_hand_is_asked_about(day: date, what: str) -> None:
    with pytest.raises(Invalid) as refused:
        check(day, HALF_YEAR, "half-years")
    assert (refused.value.rule, refused.value.field) == ("day-off", "date")
    assert str(refused.value) == (
        f"{day} is {what}: no lessons are held. If the school works on that day all the same, say so."
    )
    check(day, HALF_YEAR, "half-years", works_anyway=True)


@pytest.mark.parametrize("day", [date(2026, 9, 1), date(2026, 10, 24), date(2026, 11, 14), date(2026, 12, 30)])
def test_p04_work_on_the_days_of_terms_by_hand_is_taken_on_saturdays_too(day: date) -> None:
    check(day, QUARTERS, "quarters")


def test_p04_a_half_year_has_the_holidays_between_quarters_unless_the_school_works() -> None:
    day, terms = date(2026, 10, 29), [*QUARTERS, *HALF_YEAR]
    with pytest.raises(Invalid) as refused:
        check(day, terms, "half-years")
    assert (refused.value.rule, refused.value.field) == ("day-off", "date")
    assert str(refused.value) == (
        "2026-10-29 lies in the holidays: “I четверть” ends on 2026-10-24, “II четверть” begins on 2026-11-05. If this "
        "course has lessons on that day all the same, say so."
    )
    check(day, terms, "half-years", works_anyway=True)
    for taught in (date(2026, 10, 24), date(2026, 11, 5)):
        check(taught, terms, "half-years")


def test_p04_days_before_and_behind_the_terms_of_another_division_are_no_holidays() -> None:
    longer = [term("I полугодие", "half-years", date(2026, 8, 24), date(2027, 1, 20)), *QUARTERS]
    for day in (date(2026, 8, 25), date(2027, 1, 15)):
        check(day, longer, "half-years")


def test_p04_a_course_of_a_year_without_terms_has_its_lessons_on_any_day_of_the_week() -> None:
    check(date(2026, 10, 29), [], "")


AUTUMN = DayOff(uuid4(), "holidays", "Осенние каникулы", date(2026, 10, 26), date(2026, 11, 2), (10, 11))
QUARANTINE = DayOff(uuid4(), "closed", "Карантин", date(2026, 9, 14), date(2026, 9, 15), (7,))


@pytest.mark.parametrize(
    ("day", "grade", "told"),
    [
        (date(2026, 10, 27), 10, "2026-10-27 is a day of the holidays, “Осенние каникулы”: "),
        (date(2026, 9, 14), 7, "2026-09-14 is a day off, “Карантин”: "),
        (date(2026, 9, 12), 5, "2026-09-12 is a Saturday, and the week of this course has five days: "),
    ],
)
def test_d10_a_lesson_by_hand_on_a_day_off_of_the_schools_calendar_is_asked_about(
    day: date, grade: int, told: str
) -> None:
    kept = {"days_off": (AUTUMN, QUARANTINE), "grades": {5: GradeWeek(5, "", 5)}}
    with pytest.raises(Invalid) as refused:
        check(day, HALF_YEAR, "half-years", grade, **kept)
    assert (refused.value.rule, refused.value.field) == ("day-off", "date")
    assert str(refused.value).startswith(told)
    check(day, HALF_YEAR, "half-years", grade, works_anyway=True, **kept)
    check(day, HALF_YEAR, "half-years", 8, **kept)  # these days are none of that grade's


def test_d10_a_day_that_the_school_moved_takes_lessons_by_hand_and_kept_holidays_say_it_all() -> None:
    moved = MovedDay(uuid4(), date(2026, 11, 8), 1)  # a Sunday
    check(date(2026, 11, 8), HALF_YEAR, "half-years", 7, moved_days=(moved,))
    terms = [*QUARTERS, *HALF_YEAR]
    check(date(2026, 11, 3), terms, "half-years", 10, days_off=(AUTUMN,))
    with pytest.raises(Invalid):
        check(date(2026, 11, 3), terms, "half-years", 10)


YEAR = (date(2026, 9, 1), date(2027, 8, 31))


def check_due(due: date, terms: Sequence[Term], division: str, grade: int | None = None, **kept: Any) -> None:
    """The check of the day on which homework is due in a year of these terms."""
    year = YearCalendar(uuid4(), "2026/27", *YEAR, terms=tuple(terms), **kept)
    lessons.check_due_day(due, year, grade, division)


@pytest.mark.parametrize(
    "due", [date(2026, 9, 1), date(2026, 10, 24), date(2026, 11, 5), date(2026, 11, 14), date(2026, 12, 30)]
)
def test_d10_homework_is_due_on_any_day_of_school_saturdays_too(due: date) -> None:
    check_due(due, [*QUARTERS, *HALF_YEAR], "quarters")


@pytest.mark.parametrize(
    ("due", "division", "rule", "told"),
    [
        (
            date(2026, 11, 15), "quarters", "homework-due-day-off",
            "2026-11-15 is a Sunday: there are no lessons. Choose a school day, or leave the day empty: the homework "
            "is then due at the next lesson.",
        ),
        (
            date(2026, 10, 29), "half-years", "homework-due-day-off",
            "2026-10-29 lies in the holidays: “I четверть” ends on 2026-10-24, “II четверть” begins on 2026-11-05.",
        ),
        (
            date(2026, 10, 29), "quarters", "homework-due-outside-terms",
            "2026-10-29 lies in the holidays: “I четверть” ends on 2026-10-24, “II четверть” begins on 2026-11-05.",
        ),
        (
            date(2026, 12, 31), "quarters", "homework-due-outside-terms",
            "2026-12-31 lies behind the last term of this course: “II четверть” ends on 2026-12-30.",
        ),
        (
            date(2027, 9, 1), "quarters", "homework-due-outside-year",
            "Homework of this course is due between 2026-09-01 and 2027-08-31.",
        ),
    ],
)  # fmt: skip
def test_d10_homework_due_on_a_day_without_school_is_refused_at_its_field(
    due: date, division: str, rule: str, told: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check_due(due, [*QUARTERS, *HALF_YEAR], division)
    assert (refused.value.rule, refused.value.field, str(refused.value)) == (rule, "homework_due", told)


@pytest.mark.parametrize(
    ("due", "told"),
    [
        (date(2026, 10, 26), "“I четверть” ends on 2026-10-24, “II четверть” begins on 2026-11-05"),
        (date(2027, 1, 5), "“II четверть” ends on 2026-12-30, “III четверть” begins on 2027-01-11"),
    ],
)
def test_d10_a_due_day_in_the_holidays_is_told_the_terms_next_to_it(due: date, told: str) -> None:
    third = term("III четверть", "quarters", date(2027, 1, 11), date(2027, 3, 26))
    with pytest.raises(Invalid, match=told):
        check_due(due, [*QUARTERS, third], "quarters")


def test_d10_without_terms_homework_is_due_on_the_days_of_the_year_but_sundays_and_public_holidays() -> None:
    first, last = YEAR
    for due in (first, date(2026, 10, 29), last):
        check_due(due, [], "")
    refusals = {first - timedelta(1): "between", last + timedelta(1): "between", date(2026, 11, 4): "holiday"}
    for due, why in refusals.items():
        with pytest.raises(Invalid, match=why):
            check_due(due, [], "")


def test_d10_homework_is_not_due_on_a_day_off_of_the_schools_calendar() -> None:
    for day, grade, what in ((date(2026, 9, 14), 7, "a day off"), (date(2026, 9, 12), 5, "a Saturday")):
        kept = {"days_off": (QUARANTINE,), "grades": {5: GradeWeek(5, "", 5)}}
        with pytest.raises(Invalid, match=what) as refused:
            check_due(day, HALF_YEAR, "half-years", grade, **kept)
        assert (refused.value.rule, refused.value.field) == ("homework-due-day-off", "homework_due")
        check_due(day, HALF_YEAR, "half-years", 8, **kept)


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
