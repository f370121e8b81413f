"""What a school keeps of a year, and on which days a grade is taught."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gradebook.calendar.rules import year_days
from services.gradebook.calendar.rules.year_calendar import (
    GradeWeek,
    calendar_of,
    divisions_of,
    gaps,
    week_of_grade,
    weekdays,
)
from services.gradebook.calendar.rules.year_days import Day, Told
from tests.examples import examples
from tests.gradebook.calendar.years import HALF_YEARS, QUARTERS, day_off, moved, row_id, short, term, year

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("grade", "division", "days"),
    [(1, "quarters", 5), (2, "quarters", 6), (9, "quarters", 6), (10, "half-years", 6), (None, "quarters", 6)],
)
def test_d10_a_grade_of_which_nothing_is_said_goes_by_what_is_usual(
    grade: int | None, division: str, days: int
) -> None:
    found = week_of_grade(year(), grade)
    assert found == GradeWeek(grade or 0, division, days)
    assert weekdays(days) == set(range(1, days + 1))


def test_d10_a_grade_goes_by_what_the_school_says_while_the_year_has_such_terms() -> None:
    said = {10: GradeWeek(10, "quarters", 5), 11: GradeWeek(11, "modules", 5), 9: GradeWeek(9, "", 5)}
    known = year(grades=said)
    assert week_of_grade(known, 10) == said[10]
    assert week_of_grade(known, 11) == GradeWeek(11, "half-years", 5)
    assert week_of_grade(known, 9) == GradeWeek(9, "quarters", 5)
    assert week_of_grade(known, None).days_a_week == 5
    assert week_of_grade(year(grades={**said, 8: GradeWeek(8, "", 6)}), None).days_a_week == 6
    trimesters = year(terms=(term("1", "trimesters", date(2026, 9, 1), date(2026, 11, 20)),))
    assert week_of_grade(trimesters, 10).division == "trimesters"
    assert week_of_grade(year(terms=()), 10).division == ""
    assert divisions_of(year()) == ("half-years", "quarters")


def test_d10_breaks_lie_between_the_terms_of_a_division() -> None:
    terms = [*reversed(QUARTERS), *HALF_YEARS]
    assert list(gaps(terms, "quarters")) == [
        (date(2026, 10, 24), date(2026, 11, 1)),
        (date(2026, 12, 31), date(2027, 1, 10)),
        (date(2027, 3, 20), date(2027, 3, 28)),
    ]
    one_after_another = [QUARTERS[0], term("next", "quarters", date(2026, 10, 24), date(2026, 12, 30))]
    assert list(gaps(one_after_another, "quarters")) == []


AUTUMN = day_off("Осенние", date(2026, 10, 26), date(2026, 10, 28), 10, 11)


@pytest.mark.parametrize(
    ("day", "grade", "weekday", "name"),
    [
        (date(2026, 9, 1), 7, 2, None),
        (date(2026, 8, 31), 7, None, ""),  # before the year
        (date(2026, 9, 12), 7, 6, None),
        (date(2026, 9, 12), 1, None, None),  # a Saturday
        (date(2026, 9, 13), 7, None, None),
        (date(2026, 10, 29), 7, None, ""),  # between quarters
        (date(2026, 10, 29), 10, 4, None),  # no holidays of the seniors any more
        (date(2026, 10, 27), 10, None, "Осенние"),
        (date(2026, 11, 4), 10, None, "День единства"),
        (date(2026, 11, 3), 10, None, "Карантин"),
        (date(2026, 11, 3), 7, 2, None),
        (date(2027, 2, 23), 7, None, ""),  # by law
        (date(2027, 2, 20), 7, 1, None),  # moved
        (date(2027, 3, 8), 7, 1, None),  # a public holiday that is moved
        (date(2027, 5, 27), 7, None, ""),  # behind the last term
        (date(2027, 9, 1), 7, None, ""),
    ],
)
def test_d10_a_grade_is_taught_on_the_days_that_the_schools_calendar_leaves(
    day: date, grade: int, weekday: int | None, name: str | None
) -> None:
    calendar = calendar_of(
        year(
            days_off=(
                AUTUMN,
                day_off("День единства", date(2026, 11, 4), date(2026, 11, 4), kind="public"),
                day_off("Карантин", date(2026, 11, 3), date(2026, 11, 4), 10, kind="closed")
                if day != date(2026, 11, 4)
                else day_off("Карантин", date(2026, 11, 3), date(2026, 11, 3), 10, kind="closed"),
            ),
            moved_days=(moved(date(2027, 2, 20), 1), moved(date(2027, 3, 8), 1)),
        ),
        grade,
    )
    assert calendar.timetable_weekday(day) == weekday
    if weekday is None:
        assert calendar.day_off(day) == name


def test_d10_a_closed_day_overrides_a_public_one_and_that_the_holidays() -> None:
    day = date(2026, 11, 4)
    known = year(
        days_off=(
            day_off("Закрыто", day, day, kind="closed"),
            day_off("Праздник", day, day, kind="public"),
            day_off("Каникулы", date(2026, 11, 2), day),
        )
    )
    assert calendar_of(known, 7).day_off(day) == "Закрыто"
    assert year_days.days_of_grade(known, 7)[day] == Day("closed", "Закрыто")
    assert calendar_of(known, 7).day_off(date(2026, 11, 3)) == "Каникулы"


def test_d10_a_course_of_another_division_has_its_own_breaks() -> None:
    known = year()
    assert not calendar_of(known, 7, "half-years").is_school_day(date(2026, 10, 29))
    assert calendar_of(known, 7, "half-years").day_off(date(2026, 10, 29)) == ""
    kept = year(days_off=(day_off("Осенние", date(2026, 10, 26), date(2026, 10, 27)),))
    assert calendar_of(kept, 7, "half-years").is_school_day(date(2026, 10, 29))


def test_d10_a_moved_day_is_none_of_a_grade_that_has_no_lessons_on_that_weekday() -> None:
    saturday = date(2026, 10, 31)
    known = year(
        terms=HALF_YEARS,
        moved_days=(moved(saturday, 6),),
        grades={7: GradeWeek(7, "", 5)},
        short_days=(short(saturday, 8), short(date(2026, 9, 2))),
    )
    assert not calendar_of(known, 7).is_school_day(saturday)
    assert calendar_of(known, 8).timetable_weekday(saturday) == 6
    assert calendar_of(known, 8).is_short(saturday)
    assert not calendar_of(known, 9).is_short(saturday)
    assert calendar_of(known, 7).is_short(date(2026, 9, 2))


def test_d10_each_day_says_what_it_is() -> None:
    known = year(
        days_off=(AUTUMN,),
        moved_days=(moved(date(2026, 11, 8), 1),),
        short_days=(short(date(2026, 11, 8)), short(date(2026, 9, 3)), short(date(2026, 9, 6))),
        grades={10: GradeWeek(10, "half-years", 6), 7: GradeWeek(7, "quarters", 5)},
    )
    seniors, seventh = year_days.days_of_grade(known, 10), year_days.days_of_grade(known, 7)
    assert list(seniors) == [date(2026, 9, 1) + DAY * ahead for ahead in range(365)]
    assert seniors[date(2026, 9, 1)] == Day("school")
    assert seniors[date(2026, 9, 3)] == Day("short")
    assert seniors[date(2026, 9, 6)] == Day("weekend")  # a Sunday is not short
    assert seniors[date(2026, 10, 26)] == Day("holidays", "Осенние")
    assert seventh[date(2026, 10, 26)] == Day("outside")
    assert seniors[date(2026, 11, 4)] == Day("public")
    assert seniors[date(2026, 11, 8)] == Day("short", "", 1)
    assert year_days.days_of_grade(year(moved_days=(moved(date(2026, 11, 8), 1),)), 7)[date(2026, 11, 8)] == Day(
        "moved", "", 1
    )
    assert seventh[date(2026, 9, 5)] == Day("weekend")
    assert seventh[date(2027, 8, 31)] == Day("outside")


def test_d10_days_that_are_the_same_for_all_grades_are_told_together() -> None:
    monday, tuesday = date(2026, 9, 7), date(2026, 9, 8)
    found = year_days.runs(
        {
            1: {monday: Day("school"), tuesday: Day("school"), tuesday + DAY: Day("closed", "Карантин")},
            2: {monday: Day("school"), tuesday: Day("school"), tuesday + DAY: Day("school")},
            3: {monday: Day("school"), tuesday: Day("school"), tuesday + DAY: Day("school")},
        }
    )
    assert found == [
        (monday, tuesday, (Told(Day("school"), ()),)),
        (tuesday + DAY, tuesday + DAY, (Told(Day("closed", "Карантин"), (1,)), Told(Day("school"), (2, 3)))),
    ]
    assert year_days.runs({}) == []


def test_d10_school_days_and_weeks_of_each_grade_and_term_are_counted() -> None:
    known = year(grades={7: GradeWeek(7, "quarters", 5), 10: GradeWeek(10, "half-years", 6)})
    assert known.shown_grades == (7, 10)
    days = {grade: year_days.days_of_grade(known, grade) for grade in (7, 10, 5)}
    seventh, seniors, fifth = year_days.counts(known, days)
    assert (seventh.grade, seventh.division, seventh.days_a_week, seventh.said) == (7, "quarters", 5, True)
    # 1 September 2026 is a Tuesday: four days, then seven weeks; in the second quarter 4 November is free
    assert [(one.days, one.weeks) for one in seventh.terms[:2]] == [(39, Decimal("7.8")), (42, Decimal("8.4"))]
    assert [one.term_id for one in seventh.terms] == [row_id(title) for title in ("I", "II", "III", "IV")]
    assert seventh.days == sum(one.days for one in seventh.terms)
    assert seventh.weeks == (Decimal(seventh.days) / 5).quantize(Decimal("0.1"))
    assert [one.term_id for one in seniors.terms] == [row_id("1-е"), row_id("2-е")]
    assert (fifth.said, fifth.days_a_week, fifth.terms[0].days) == (False, 6, 46)
    assert fifth.terms[0].weeks == Decimal("7.7")  # 7.67


def test_d10_a_year_without_terms_counts_its_days() -> None:
    known = year(terms=(), grades={7: GradeWeek(7, "", 6)})
    (found,) = year_days.counts(known, {7: year_days.days_of_grade(known, 7)})
    assert found.terms == ()
    # 313 days from Monday to Saturday; of fourteen public holidays two are Sundays
    assert (found.days, found.weeks) == (301, Decimal("50.2"))


@pytest.mark.parametrize(
    ("taught", "said", "shown"),
    [
        ((), {}, tuple(range(1, 12))),
        ((5, 6, 0, 12), {}, (5, 6)),
        ((5,), {9: GradeWeek(9, "", 5)}, (5, 9)),
    ],
)
def test_d10_the_grades_of_the_school_are_spoken_of(
    taught: Sequence[int], said: dict[int, GradeWeek], shown: tuple[int, ...]
) -> None:
    assert year(grades=said, taught=frozenset(taught)).shown_grades == shown


_DATES = st.dates(date(2026, 8, 20), date(2027, 9, 10))
_GRADES = st.lists(st.integers(1, 11), max_size=3).map(lambda grades: tuple(sorted(set(grades))))
_KEPT = st.fixed_dictionaries(
    {
        "terms": st.sampled_from([(), QUARTERS, HALF_YEARS, (*QUARTERS, *HALF_YEARS)]),
        "days_off": st.lists(
            st.builds(
                lambda first, length, kind, grades: day_off(
                    f"{kind} {first} {length} {grades}", first, first + DAY * length, *grades, kind=kind
                ),
                _DATES, st.integers(0, 20), st.sampled_from(["holidays", "public", "closed"]), _GRADES,
            ),
            max_size=5,
        ).map(tuple),
        "moved_days": st.lists(
            st.builds(lambda day, weekday, grades: moved(day, weekday, *grades), _DATES, st.integers(1, 7), _GRADES),
            max_size=3, unique_by=lambda one: one.date,
        ).map(tuple),
        "short_days": st.lists(
            st.builds(lambda day, grades: short(day, *grades), _DATES, _GRADES), max_size=3
        ).map(tuple),
    }
)  # fmt: skip


@given(_KEPT, st.integers(1, 11))
@settings(max_examples=examples(60), deadline=None)
def test_d10_a_day_that_is_shown_as_taught_is_a_school_day_and_no_other(kept: dict[str, Any], grade: int) -> None:
    known = year(**kept)
    calendar = calendar_of(known, grade)
    for day, shown in year_days.days_of_grade(known, grade).items():
        assert (shown.state in year_days.TAUGHT) is calendar.is_school_day(day), day
        assert (shown.state == "short") is calendar.is_short(day), day


def test_d10_a_day_is_moved_for_the_grades_that_it_is_moved_for() -> None:
    sunday = date(2026, 11, 8)
    known = year(moved_days=(moved(sunday, 1, 8),))
    assert calendar_of(known, 8).timetable_weekday(sunday) == 1
    assert calendar_of(known, 7).timetable_weekday(sunday) is None


def test_d10_a_named_public_holiday_is_shown_as_one() -> None:
    day = date(2026, 9, 9)
    known = year(days_off=(day_off("День города", day, day, kind="public"),))
    assert year_days.days_of_grade(known, 7)[day] == Day("public", "День города")
