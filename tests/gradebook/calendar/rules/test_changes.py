"""Changes of a year's calendar, and what is refused of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from kernel.errors import Invalid, NotFound
from services.gradebook.calendar.rules import changes
from services.gradebook.calendar.rules.checking import check_change, check_years_apart
from services.gradebook.calendar.rules.year_calendar import GradeWeek, YearCalendar
from tests.gradebook.calendar.years import HALF_YEARS, QUARTERS, day_off, moved, row_id, short, term, year

NUMBERS: Iterator[int] = count(1)


def new_id() -> UUID:
    return UUID(int=next(NUMBERS))


def given_term(title: str, first: date, last: date, **more: Any) -> dict[str, Any]:
    return {"id": None, "title": title, "starts_on": first, "ends_on": last, **more}


def check(before: YearCalendar, change: changes.Change) -> None:
    check_change(before, change.after, change.places)


def faults(
    before: YearCalendar | None, after: YearCalendar, places: changes.Places | None = None
) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        check_change(before, after, places or {})
    assert refused.value.field == refused.value.faults[0].field
    assert refused.value.rule == refused.value.faults[0].rule
    return [(fault.field, fault.rule) for fault in refused.value.faults]


def told(before: YearCalendar | None, after: YearCalendar) -> list[str]:
    with pytest.raises(Invalid) as refused:
        check_change(before, after, {})
    return [str(fault.text) for fault in refused.value.faults]


# --- terms -----------------------------------------------------------------------------------------


def test_d10_the_terms_of_one_division_are_set_and_the_others_stay() -> None:
    known = year()
    change = changes.with_terms(
        known,
        "quarters",
        [
            given_term(" Вторая ", date(2026, 11, 5), date(2026, 12, 30)),
            given_term("I", date(2026, 9, 1), date(2026, 10, 30), id=row_id("I")),
        ],
        new_id,
    )
    quarters = [one for one in change.after.terms if one.division == "quarters"]
    assert [(one.title, one.starts_on, one.ends_on, one.by_hand) for one in quarters] == [
        ("I", date(2026, 9, 1), date(2026, 10, 30), True), ("Вторая", date(2026, 11, 5), date(2026, 12, 30), True),
    ]  # fmt: skip
    assert quarters[0].id == row_id("I")
    assert [one for one in change.after.terms if one.division == "half-years"] == list(HALF_YEARS)
    assert list(change.after.terms) == sorted(change.after.terms, key=lambda one: (one.starts_on, one.ends_on))
    assert change.places == {quarters[1].id: "terms.0", row_id("I"): "terms.1"}
    check(known, change)


def test_d10_a_term_of_an_import_becomes_a_persons_once_it_is_another_one() -> None:
    imported = [replace(one, by_hand=False) for one in QUARTERS[:2]]
    known = year(terms=tuple(imported))
    sent = [given_term(one.title, one.starts_on, one.ends_on, id=one.id) for one in imported]
    same = changes.with_terms(known, "quarters", sent, new_id).after
    assert [one.by_hand for one in same.terms] == [False, False]
    for other in ({"title": "Первая"}, {"starts_on": date(2026, 9, 2)}, {"ends_on": date(2026, 10, 22)}):
        after = changes.with_terms(known, "quarters", [sent[0] | other, sent[1]], new_id).after
        assert [one.by_hand for one in after.terms] == [True, False]


def test_d10_a_term_of_another_division_or_of_none_is_not_found() -> None:
    for term_id in (row_id("1-е"), row_id("nothing")):
        sent = [given_term("I", date(2026, 9, 1), date(2026, 10, 30), id=term_id)]
        with pytest.raises(NotFound):
            changes.with_terms(year(), "quarters", sent, new_id)


def test_d10_overlapping_reversed_and_outside_terms_are_all_told_by_their_places() -> None:
    change = changes.with_terms(
        year(terms=()),
        "quarters",
        [
            given_term("I", date(2026, 8, 31), date(2026, 10, 23)),
            given_term("II", date(2026, 10, 23), date(2026, 12, 30)),
            given_term("III", date(2027, 3, 19), date(2027, 1, 11)),
            given_term("IV", date(2027, 3, 29), date(2027, 9, 1)),
        ],
        new_id,
    )
    assert faults(year(terms=()), change.after, change.places) == [
        ("terms.0.starts_on", "term-outside-year"),
        ("terms.2.ends_on", "term-reversed"),
        ("terms.3.ends_on", "term-outside-year"),
        ("terms.1.starts_on", "terms-overlap"),
    ]
    assert told(None, change.after) == [
        "“I” lies outside the year, which goes from 2026-09-01 to 2027-08-31.",
        "“III” ends before it begins.",
        "“IV” lies outside the year, which goes from 2026-09-01 to 2027-08-31.",
        "“II” begins on 2026-10-23, before “I” ends on 2026-10-23: terms of one division of the year do not overlap.",
    ]


def test_d10_a_term_of_one_day_and_one_that_fills_the_year_are_taken() -> None:
    whole = (
        term("Год", "year", date(2026, 9, 1), date(2027, 8, 31)),
        term("День", "m", date(2026, 9, 1), date(2026, 9, 1)),
    )
    check_change(None, year(terms=whole), {})


# --- years and grades ------------------------------------------------------------------------------


def test_d10_a_year_that_is_reversed_too_long_or_shares_days_with_another_is_refused() -> None:
    known = year(terms=())
    assert faults(known, replace(known, ends_on=known.starts_on)) == [("ends_on", "year-reversed")]
    assert faults(known, replace(known, ends_on=date(2027, 10, 6))) == [("ends_on", "year-too-long")]
    check_change(known, replace(known, ends_on=date(2027, 10, 5)), {})
    check_change(known, replace(known, ends_on=date(2026, 9, 2)), {})
    before, after = (
        replace(known, title="2025/26"),
        replace(known, starts_on=date(2027, 8, 31), ends_on=date(2028, 8, 1)),
    )
    with pytest.raises(Invalid) as refused:
        check_years_apart(after, [before])
    assert refused.value.rule == "years-overlap"
    assert str(refused.value) == "The year 2025/26 goes from 2026-09-01 to 2027-08-31: two years share no days."
    with pytest.raises(Invalid):
        check_years_apart(before, [after])
    check_years_apart(replace(after, starts_on=date(2027, 9, 1)), [before])
    check_years_apart(before, [replace(after, starts_on=date(2027, 9, 1))])


def test_d10_a_year_keeps_what_is_kept_of_it_when_its_days_change() -> None:
    known = year()
    after = changes.with_span(known, " 2026–2027 ", date(2026, 9, 2), date(2027, 5, 31))
    assert (after.title, after.starts_on, after.ends_on) == ("2026–2027", date(2026, 9, 2), date(2027, 5, 31))
    assert after.terms == known.terms
    assert faults(known, after) == [("starts_on", "term-outside-year")] * 2


def test_d10_grades_go_by_terms_that_the_year_has() -> None:
    known = year(grades={5: GradeWeek(5, "quarters", 6)})
    sent = [
        {"grade": 10, "division": "half-years", "days_a_week": 6},
        {"grade": 9, "division": "trimesters", "days_a_week": 5},
        {"grade": 1, "division": "", "days_a_week": 5},
    ]
    change = changes.with_grades(known, sent)
    assert change.after.grades == {
        1: GradeWeek(1, "", 5), 9: GradeWeek(9, "trimesters", 5), 10: GradeWeek(10, "half-years", 6),
    }  # fmt: skip
    assert list(change.after.grades) == [1, 9, 10]
    assert faults(known, change.after, change.places) == [("grades.1.division", "no-such-division")]
    assert told(known, change.after) == ["Grade 9 goes by terms that the year does not have."]


def test_d10_what_was_wrong_before_is_no_fault_of_a_change() -> None:
    overlapping = (QUARTERS[0], replace(QUARTERS[1], starts_on=QUARTERS[0].ends_on))
    known = year(terms=overlapping)
    check_change(known, replace(known, short_days=(short(date(2026, 9, 2)),)), {})
    with pytest.raises(Invalid):
        check_change(None, known, {})


# --- days ------------------------------------------------------------------------------------------


def given_off(name: str, first: date, last: date, *grades: int, **more: Any) -> dict[str, Any]:
    return {"id": None, "kind": "holidays", "name": name, "first": first, "last": last, "grades": list(grades), **more}


def test_d10_days_are_added_changed_and_removed_together() -> None:
    autumn = day_off("Осенние", date(2026, 10, 26), date(2026, 11, 1))
    spring = day_off("Весенние", date(2027, 3, 22), date(2027, 3, 28))
    known = year(
        days_off=(autumn, spring), moved_days=(moved(date(2026, 10, 31), 1),), short_days=(short(date(2026, 12, 30)),)
    )
    change = changes.with_days(
        known,
        {
            "days_off": [
                given_off(" Карантин ", date(2026, 9, 7), date(2026, 9, 8), 7, 7, 1, kind="closed"),
                given_off("Осенние", date(2026, 10, 26), date(2026, 11, 2), id=autumn.id),
            ],
            "moved_days": [{"id": None, "date": date(2026, 9, 5), "weekday": 3, "grades": []}],
            "short_days": [{"id": None, "date": date(2026, 11, 3), "grades": list(range(1, 12))}],
        },
        [spring.id, known.moved_days[0].id],
        new_id,
    )
    after = change.after
    assert [(one.kind, one.name, one.first, one.last, one.grades) for one in after.days_off] == [
        ("closed", "Карантин", date(2026, 9, 7), date(2026, 9, 8), (1, 7)),
        ("holidays", "Осенние", date(2026, 10, 26), date(2026, 11, 2), ()),
    ]
    assert [(one.date, one.weekday) for one in after.moved_days] == [(date(2026, 9, 5), 3)]
    assert [(one.date, one.grades) for one in after.short_days] == [(date(2026, 11, 3), ()), (date(2026, 12, 30), ())]
    assert change.places[after.days_off[0].id] == "days_off.0"
    assert change.places[autumn.id] == "days_off.1"
    assert change.places[after.moved_days[0].id] == "moved_days.0"
    assert change.places[after.short_days[0].id] == "short_days.0"
    check(known, change)


def test_d10_days_that_somebody_removed_meanwhile_are_not_found() -> None:
    known = year(days_off=(day_off("Осенние", date(2026, 10, 26), date(2026, 11, 1)),))
    other = row_id("gone")
    with pytest.raises(NotFound) as refused:
        changes.with_days(known, {}, [other], new_id)
    assert refused.value.rule == "no-such-day"
    for name, sent in (
        ("days_off", given_off("Осенние", date(2026, 10, 26), date(2026, 11, 1), id=other)),
        ("short_days", {"id": known.days_off[0].id, "date": date(2026, 11, 3), "grades": []}),
    ):
        with pytest.raises(NotFound):
            changes.with_days(known, {name: [sent]}, [], new_id)


def test_d10_days_off_that_are_reversed_outside_or_share_days_are_all_told_by_their_places() -> None:
    known = year(days_off=(day_off("Осенние", date(2026, 10, 26), date(2026, 11, 1), 5, 6),))
    change = changes.with_days(
        known,
        {
            "days_off": [
                given_off("Обратные", date(2026, 9, 8), date(2026, 9, 7)),
                given_off("Ранние", date(2026, 8, 31), date(2026, 9, 1)),
                given_off("Поздние", date(2027, 8, 31), date(2027, 9, 1)),
                given_off("Ещё осенние", date(2026, 11, 1), date(2026, 11, 2), 6),
                given_off("Осенние других", date(2026, 10, 26), date(2026, 11, 1), 7),
                given_off("Праздник", date(2026, 10, 26), date(2026, 10, 26), 6, kind="public"),
            ]
        },
        [],
        new_id,
    )
    assert faults(known, change.after, change.places) == [
        ("days_off.1.first", "days-off-outside-year"),
        ("days_off.0.last", "days-off-reversed"),
        ("days_off.2.last", "days-off-outside-year"),
        ("days_off.3.first", "days-off-overlap"),
    ]
    assert told(known, change.after)[-1] == (
        "“Ещё осенние” shares days with “Осенние”, 2026-10-26 to 2026-11-01, grades 5, 6."
    )


def test_d10_single_days_outside_twice_or_moved_to_a_free_weekday_are_refused() -> None:
    known = year(grades={5: GradeWeek(5, "", 5), 6: GradeWeek(6, "", 6)}, moved_days=(moved(date(2026, 9, 5), 1, 5),))
    change = changes.with_days(
        known,
        {
            "moved_days": [
                {"id": None, "date": date(2026, 9, 5), "weekday": 2, "grades": []},
                {"id": None, "date": date(2026, 9, 5), "weekday": 2, "grades": [6]},
                {"id": None, "date": date(2026, 9, 9), "weekday": 6, "grades": []},
                {"id": None, "date": date(2026, 9, 10), "weekday": 6, "grades": [6]},
                {"id": None, "date": date(2026, 8, 31), "weekday": 1, "grades": []},
            ],
            "short_days": [{"id": None, "date": date(2027, 9, 1), "grades": []}],
        },
        [],
        new_id,
    )
    assert faults(known, change.after, change.places) == [
        ("moved_days.4.date", "day-outside-year"),
        ("moved_days.0.date", "day-twice"),
        ("moved_days.1.date", "day-twice"),
        ("short_days.0.date", "day-outside-year"),
        ("moved_days.2.weekday", "moved-to-free-weekday"),
    ]
    assert told(known, change.after)[0] == "2026-08-31 lies outside the year, which goes from 2026-09-01 to 2027-08-31."
    assert told(known, change.after)[1] == "2026-09-05 stands there already, for grade 5."
    assert told(known, change.after)[-1] == (
        "On 2026-09-09 the timetable of that weekday cannot apply to grade 5: there are no lessons on it."
    )


# --- edges and words -------------------------------------------------------------------------------


def test_d10_the_first_and_the_last_day_of_a_year_are_days_of_it() -> None:
    first, last = date(2026, 9, 1), date(2027, 8, 31)
    edges = year(
        days_off=(day_off("Первый", first, first), day_off("Последний", last, last)),
        moved_days=(moved(first, 1), moved(last, 2)),
        short_days=(short(first), short(last)),
    )
    check_change(year(), edges, {})


def test_d10_a_fault_names_the_edge_that_lies_outside_and_what_it_is_called() -> None:
    late = term("Год", "year", date(2026, 9, 1), date(2027, 9, 1))
    assert faults(None, year(terms=(late,))) == [("ends_on", "term-outside-year")]
    summer = day_off("Лето", date(2026, 9, 1), date(2027, 9, 1))
    assert faults(year(), year(days_off=(summer,))) == [("last", "days-off-outside-year")]
    assert told(year(), year(days_off=(summer,))) == [
        "“Лето” lies outside the year, which goes from 2026-09-01 to 2027-08-31."
    ]
    wrong = day_off("Зимние", date(2026, 12, 31), date(2026, 12, 30))
    assert told(year(), year(days_off=(wrong,))) == ["“Зимние” ends before it begins."]


def test_d10_the_same_day_entered_twice_is_told() -> None:
    day = date(2026, 11, 5)
    twice = year(days_off=(day_off("А", day, day, kind="closed"), day_off("Б", day, day, kind="closed")))
    assert faults(year(), twice) == [("first", "days-off-overlap")]


def test_d10_what_is_wrong_with_a_year_is_said_in_words() -> None:
    known = year(terms=())
    assert told(known, replace(known, ends_on=known.starts_on)) == ["The year ends before it begins."]
    assert told(known, replace(known, ends_on=date(2027, 10, 6))) == ["A year has 400 days at most."]
    with pytest.raises(Invalid) as refused:
        check_years_apart(known, [replace(known, title="2025/26")])
    assert refused.value.field == "starts_on"
    with pytest.raises(NotFound) as missing:
        changes.with_days(known, {}, [row_id("gone")], new_id)
    assert str(missing.value) == "Somebody has removed this day or term meanwhile."
