"""What a calendar becomes by the days of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from services.gradebook.calendar.rules.checking import check_change
from services.gradebook.calendar.rules.days_found import DaysFound, Named, changed_by, in_a_row
from services.gradebook.calendar.rules.year_calendar import DayOff, GradeWeek, MovedDay, YearCalendar
from tests.gradebook.calendar.years import HALF_YEARS, day_off, moved, short, year

NUMBERS: Iterator[int] = count(1)
UNITY = date(2026, 11, 4)


def new_id() -> UUID:
    return UUID(int=next(NUMBERS))


def changed(known: YearCalendar, found: DaysFound) -> tuple[YearCalendar, list[tuple[Any, ...]]]:
    """The calendar after it, and the changes in short."""
    after, changes = changed_by(known, found, new_id)
    check_change(known, after, {})
    return after, [
        (one.change, [_short(row) for row in one.before], None if one.after is None else _short(one.after))
        for one in changes
    ]


def _short(row: Any) -> tuple[Any, ...]:
    if isinstance(row, DayOff):
        return (row.name, row.first, row.last, row.grades)
    return (row.date, row.weekday, row.grades) if isinstance(row, MovedDay) else (row.date, row.grades)


def public(*days: Named, **more: Any) -> DaysFound:
    return DaysFound("public", days, **more)


def test_d10_days_of_one_name_in_a_row_are_together() -> None:
    days = {date(2027, 1, 2): "Новый год", date(2027, 1, 1): "Новый год", date(2027, 1, 3): "Рождество",
            date(2027, 1, 5): "Рождество"}  # fmt: skip
    assert in_a_row(days) == [
        Named("Новый год", date(2027, 1, 1), date(2027, 1, 2)),
        Named("Рождество", date(2027, 1, 3), date(2027, 1, 3)),
        Named("Рождество", date(2027, 1, 5), date(2027, 1, 5)),
    ]
    assert in_a_row({}) == []


def test_d10_days_off_are_added_within_the_year_and_the_same_ones_again_change_nothing() -> None:
    summer = Named("Лето", date(2027, 8, 30), date(2027, 9, 2))
    before = Named("Раньше", date(2026, 8, 30), date(2026, 8, 31))
    found = public(Named("День единства", UNITY, UNITY), before, summer)
    after, changes = changed(year(), found)
    assert changes == [
        ("added", [], ("День единства", UNITY, UNITY, ())),
        ("added", [], ("Лето", date(2027, 8, 30), date(2027, 8, 31), ())),
    ]
    assert {one.kind for one in after.days_off} == {"public"}
    again, changes = changed(after, found)
    assert [change for change, _, _ in changes] == ["same", "same"]
    assert again == after


def test_d10_days_off_of_the_same_kind_that_share_days_are_replaced_and_others_stay() -> None:
    known = year(
        days_off=(
            day_off("Единство", UNITY, UNITY, kind="public"),
            day_off("И ещё", date(2026, 11, 5), date(2026, 11, 5), kind="public"),
            day_off("Осенние", date(2026, 11, 1), UNITY),
            day_off("Год", date(2027, 1, 1), date(2027, 1, 1), kind="public"),
        )
    )
    after, changes = changed(known, public(Named("День единства", date(2026, 11, 3), date(2026, 11, 5))))
    assert changes == [
        (
            "replaced",
            [("Единство", UNITY, UNITY, ()), ("И ещё", date(2026, 11, 5), date(2026, 11, 5), ())],
            ("День единства", date(2026, 11, 3), date(2026, 11, 5), ()),
        )
    ]
    assert [one.name for one in after.days_off] == ["Осенние", "День единства", "Год"]
    assert after.days_off[1].id == known.days_off[0].id, "a row that is replaced is the same row still"


def test_d10_of_the_year_that_a_file_is_for_public_holidays_that_it_lacks_go() -> None:
    known = year(
        days_off=(
            day_off("Старый", date(2026, 12, 31), date(2026, 12, 31), kind="public"),
            day_off("Через год", date(2026, 12, 29), date(2027, 1, 1), kind="public"),
            day_off("Карантин", date(2026, 12, 1), date(2026, 12, 2), kind="closed"),
            day_off("Другого года", date(2027, 5, 3), date(2027, 5, 3), kind="public"),
        )
    )
    after, changes = changed(known, public(whole=2026))
    assert changes == [("gone", [("Старый", date(2026, 12, 31), date(2026, 12, 31), ())], None)]
    assert [one.name for one in after.days_off] == ["Карантин", "Через год", "Другого года"]
    assert changed(known, public())[1] == []


def test_d10_a_file_for_some_grades_leaves_the_days_of_others() -> None:
    known = year(days_off=(day_off("Осенние", date(2026, 10, 26), date(2026, 10, 30), 5),))
    autumn = Named("Осенние каникулы", date(2026, 10, 26), date(2026, 11, 1))
    after, changes = changed(known, DaysFound("holidays", (autumn,), (7, 8)))
    assert changes == [("added", [], ("Осенние каникулы", date(2026, 10, 26), date(2026, 11, 1), (7, 8)))]
    assert len(after.days_off) == 2


SATURDAY = date(2026, 11, 7)
MONDAY = date(2026, 11, 9)
WEEKS = {5: GradeWeek(5, "", 5), 6: GradeWeek(6, "", 6)}


def test_d10_a_worked_weekend_day_is_moved_for_the_grades_that_are_free_on_it() -> None:
    known = year(terms=HALF_YEARS, grades=WEEKS)
    found = public(Named("Выходной", MONDAY, MONDAY), moved=((SATURDAY, MONDAY),))
    after, changes = changed(known, found)
    assert changes[0] == ("added", [], (SATURDAY, 1, (5,)))
    assert [(one.date, one.weekday, one.grades) for one in after.moved_days] == [(SATURDAY, 1, (5,))]
    _, changes = changed(year(terms=HALF_YEARS, grades={5: WEEKS[5]}), found)
    assert changes[0] == ("added", [], (SATURDAY, 1, ())), "of all grades that there are"
    on_holiday = year(terms=HALF_YEARS, grades=WEEKS, days_off=(day_off("Осенние", SATURDAY, SATURDAY),))
    assert [one[2] for one in changed(on_holiday, found)[1]] == [("Выходной", MONDAY, MONDAY, ())]
    later = public(moved=((date(2027, 9, 4), date(2027, 9, 6)),))
    assert changed(known, later)[1] == []


def test_d10_a_moved_day_that_is_there_is_replaced_by_the_files() -> None:
    known = year(terms=HALF_YEARS, grades=WEEKS, moved_days=(moved(SATURDAY, 2, 5), moved(SATURDAY, 3, 6)))
    found = public(Named("Выходной", MONDAY, MONDAY), moved=((SATURDAY, MONDAY),))
    after, changes = changed(known, found)
    assert changes[0] == ("replaced", [(SATURDAY, 2, (5,))], (SATURDAY, 1, (5,)))
    assert {(one.weekday, one.grades) for one in after.moved_days} == {(1, (5,)), (3, (6,))}
    assert [one[0] for one in changed(after, found)[1]] == ["same", "same"]


def test_d10_a_short_day_is_one_of_the_grades_that_are_taught_on_it() -> None:
    known = year(terms=HALF_YEARS, grades=WEEKS, short_days=(short(date(2026, 12, 30), 6),))
    days = frozenset({SATURDAY, date(2026, 11, 3), date(2026, 12, 30), date(2027, 6, 11), date(2027, 9, 3)})
    after, changes = changed(known, public(short_days=days))
    assert changes == [
        ("added", [], (date(2026, 11, 3), ())),
        ("added", [], (SATURDAY, (6,))),
        ("replaced", [(date(2026, 12, 30), (6,))], (date(2026, 12, 30), ())),
    ]
    assert [one.date for one in after.short_days] == [date(2026, 11, 3), SATURDAY, date(2026, 12, 30)]


def test_d10_a_weekend_day_that_the_file_moves_may_be_short() -> None:
    known = year(terms=HALF_YEARS, grades={5: WEEKS[5]})
    found = public(Named("Выходной", MONDAY, MONDAY), moved=((SATURDAY, MONDAY),), short_days=frozenset({SATURDAY}))
    _, changes = changed(known, found)
    assert ("added", [], (SATURDAY, ())) in changes
    assert ("added", [], (SATURDAY, 1, ())) in changes


def test_d10_a_worked_day_that_is_a_day_off_itself_or_a_holiday_of_the_grade_is_not_moved() -> None:
    known = year(terms=HALF_YEARS, grades=WEEKS)
    both = public(Named("Праздник", date(2026, 11, 6), SATURDAY), moved=((SATURDAY, MONDAY),))
    assert changed(known, both)[0].moved_days == ()
    of_fifth = year(terms=HALF_YEARS, grades=WEEKS, days_off=(day_off("Осенние", SATURDAY, SATURDAY, 5),))
    assert changed(of_fifth, public(moved=((SATURDAY, MONDAY),)))[0].moved_days == ()


def test_d10_a_worked_day_may_be_the_first_or_the_last_of_the_year() -> None:
    known = year(terms=(), grades={5: WEEKS[5]})
    found = public(moved=((SATURDAY, MONDAY),))
    for edge in (replace(known, starts_on=SATURDAY), replace(known, ends_on=SATURDAY)):
        (row,) = changed(edge, found)[0].moved_days
        assert row.date == SATURDAY
        assert isinstance(row.id, UUID)
