"""Until when a cell may be changed, and who opens it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Conflict, Invalid
from services.gradebook.calendar.rules.school_days import SchoolCalendar, end_of_day
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.policy import Place, Policy, Rule, Scope, Special
from services.gradebook.windows.rules import edit_windows
from services.gradebook.windows.rules.edit_windows import EditWindow, Lock, Opening, edit_window

POLICY = replace(default_policy(), time_zone="Europe/Moscow")
ZONE = POLICY.time_zone
SCHOOL = SchoolCalendar(frozenset(range(1, 7)))
HELD = date(2026, 9, 1)
TICK = timedelta(microseconds=1)
LATER = date(2026, 10, 1)


def window(kind: str = "answer", **given: Any) -> EditWindow:
    return edit_window(HELD, POLICY, SCHOOL, Place(7, "russian", kind), **given)


def test_a_lesson_mark_can_be_changed_for_days_after_the_lesson() -> None:
    found = window()
    assert (found.counted_from, found.last_day) == (HELD, date(2026, 9, 15))
    assert found.closes_at == datetime(2026, 9, 15, 21, tzinfo=UTC)
    assert (found.closed_by, found.source) == (Lock.CELL, POLICY.keeping.edit_days.source)


def test_homework_is_counted_from_the_day_it_was_due() -> None:
    assert window("homework", due_on=date(2026, 9, 4)).last_day == date(2026, 9, 18)
    assert window("homework").last_day == date(2026, 9, 15)


def test_written_work_is_counted_from_the_day_its_marks_are_due() -> None:
    assert window("control").counted_from == date(2026, 9, 9)  # seven school days; the sixth is no school day
    assert window("control").last_day == date(2026, 9, 23)
    assert window("control", due_on=date(2026, 9, 4)).counted_from == date(2026, 9, 4)


def test_a_due_date_moves_no_lesson_mark() -> None:
    assert window("answer", due_on=date(2026, 9, 4)).counted_from == HELD
    assert window("project").counted_from == HELD  # its marks are due days later, and yet it is not written
    assert edit_windows.counted_from(HELD, POLICY, SCHOOL) == HELD


def keeping(**rules: Rule[int]) -> Policy:
    return replace(POLICY, keeping=replace(POLICY.keeping, **rules))


def test_special_rules_hold_in_their_place() -> None:
    special = Special(Scope(grades=frozenset({9})), 1, Source("vote"))
    voted = keeping(
        edit_days=Rule(14, Source("practice"), (special,)), term_open_days=Rule(3, Source("practice"), (special,))
    )
    ninth = edit_window(HELD, voted, SCHOOL, Place(9))
    assert (ninth.last_day, ninth.source) == (date(2026, 9, 2), Source("vote"))
    assert edit_window(HELD, voted, SCHOOL, Place(8)).last_day == date(2026, 9, 15)
    locked = edit_window(HELD, voted, SCHOOL, Place(9), term_ends_on=date(2026, 8, 31))
    assert (locked.last_day, locked.source, locked.closed_by) == (date(2026, 9, 1), Source("vote"), Lock.TERM)


def test_a_term_that_is_closed_closes_its_cells() -> None:
    found = window(term_ends_on=date(2026, 9, 11))
    assert (found.last_day, found.closed_by) == (date(2026, 9, 14), Lock.TERM)
    assert found.closes_at == datetime(2026, 9, 14, 21, tzinfo=UTC)
    assert found.source == POLICY.keeping.term_open_days.source
    same_day = window(term_ends_on=date(2026, 9, 12))
    assert (same_day.last_day, same_day.closed_by) == (date(2026, 9, 15), Lock.CELL)
    assert window(term_ends_on=LATER).last_day == date(2026, 9, 15)


def test_a_term_is_open_for_days_after_its_end() -> None:
    assert edit_windows.term_closes_on(date(2026, 10, 25), POLICY) == date(2026, 10, 28)


def test_a_cell_is_open_before_its_window_closes() -> None:
    found = window()
    assert found.is_open(found.closes_at - TICK)
    assert found.open_until(found.closes_at - TICK) == found.closes_at
    assert not found.is_open(found.closes_at)
    assert found.open_until(found.closes_at) is None


OPENED_AT = datetime(2026, 9, 20, 8, tzinfo=UTC)
OPENED = edit_windows.opening(" перенос оценок ", date(2026, 9, 21), OPENED_AT, ZONE)


def test_the_methodologist_opens_a_closed_cell_to_the_end_of_a_day() -> None:
    assert Opening(OPENED_AT, date(2026, 9, 21), datetime(2026, 9, 21, 21, tzinfo=UTC), "перенос оценок") == OPENED
    found = window(openings=(OPENED,))
    assert not found.is_open(OPENED_AT - TICK)
    assert found.is_open(OPENED_AT)
    assert found.open_until(OPENED.until - TICK) == OPENED.until
    assert not found.is_open(OPENED.until)


def test_an_opening_outlasts_a_closed_term_too() -> None:
    assert window(term_ends_on=HELD, openings=(OPENED,)).is_open(OPENED_AT)


def test_the_latest_end_holds() -> None:
    longer = edit_windows.opening("болезнь учителя", date(2026, 9, 25), OPENED_AT, ZONE)
    early = edit_windows.opening("болезнь учителя", date(2026, 9, 3), datetime(2026, 9, 2, 8, tzinfo=UTC), ZONE)
    assert window(openings=(longer, OPENED)).open_until(OPENED_AT) == longer.until
    within = window(openings=(early,))
    assert within.open_until(datetime(2026, 9, 2, 9, tzinfo=UTC)) == within.closes_at


def test_a_closed_cell_refuses_changes_and_says_until_when_it_was_open() -> None:
    found = window()
    edit_windows.check_open(found, found.closes_at - TICK)
    with pytest.raises(Conflict) as refused:
        edit_windows.check_open(found, found.closes_at)
    assert (refused.value.rule, refused.value.field) == ("cell-closed", "value")
    assert str(refused.value) == (
        "The cell is closed: it could be changed until 2026-09-15. The methodologist can open it."
    )


def test_a_closed_term_refuses_changes() -> None:
    found = window(term_ends_on=date(2026, 9, 11))
    with pytest.raises(Conflict) as refused:
        edit_windows.check_open(found, found.closes_at, "marks.0.value")
    assert (refused.value.rule, refused.value.field) == ("term-closed", "marks.0.value")
    assert str(refused.value) == (
        "The term is closed: its marks could be changed until 2026-09-14. The methodologist can open the cell."
    )
    with pytest.raises(Conflict) as unnamed:
        edit_windows.check_open(found, found.closes_at)
    assert unnamed.value.field == "value"


def test_an_opening_that_is_over_is_the_day_that_is_named() -> None:
    found = window(openings=(OPENED,))
    edit_windows.check_open(found, OPENED_AT)
    for now, day in ((OPENED.until, "2026-09-21"), (OPENED_AT - TICK, "2026-09-15")):
        with pytest.raises(Conflict) as refused:
            edit_windows.check_open(found, now)
        assert str(refused.value.params["date"]) == day


def test_an_opening_has_a_reason() -> None:
    for reason in ("", "   ", " ок "):
        with pytest.raises(Invalid) as refused:
            edit_windows.opening(reason, LATER, OPENED_AT, ZONE)
        assert (refused.value.rule, refused.value.field) == ("reason-required", "reason")
        assert str(refused.value) == "Say why the cell is opened."
    assert edit_windows.opening("акт", LATER, OPENED_AT, ZONE).reason == "акт"


def test_an_opening_lasts_until_today_at_least() -> None:
    assert edit_windows.opening("акт", date(2026, 9, 20), OPENED_AT, ZONE).last_day == date(2026, 9, 20)
    with pytest.raises(Invalid) as refused:
        edit_windows.opening("акт", date(2026, 9, 19), OPENED_AT, ZONE)
    assert (refused.value.rule, refused.value.field) == ("opening-over", "last_day")
    assert str(refused.value) == "A cell is opened until today or a later day, not until 2026-09-19."


def test_a_window_says_why_it_ends_when_it_ends() -> None:
    assert window(openings=(OPENED,)).said("ru") == (
        "Клетку можно изменять по 15.09.2026 включительно: календарных дней после 01.09.2026 — 14."
        " Основание: обычай школ.",
        "Методист открыл клетку по 21.09.2026 включительно. Причина: перенос оценок.",
    )
    assert window(openings=(OPENED,)).said("en") == (
        "The cell can be changed until the end of 2026-09-15: calendar days after 2026-09-01 – 14."
        " By the usage of schools.",
        "The methodologist opened the cell until the end of 2026-09-21. Reason: перенос оценок.",
    )
    closed = window(term_ends_on=date(2026, 9, 11))
    assert closed.said("ru") == (
        "Учебный период закончился 11.09.2026; его отметки можно изменять по 14.09.2026 включительно."
        " Основание: обычай школ.",
    )
    assert closed.said("en") == (
        "The term ended on 2026-09-11; its marks can be changed until the end of 2026-09-14. By the usage of schools.",
    )


DAYS = st.dates(date(2026, 9, 1), date(2027, 5, 31))
KINDS = st.sampled_from([kind.code for kind in POLICY.kinds])


@given(KINDS, DAYS, DAYS, DAYS)
def test_a_later_lesson_never_closes_earlier(kind: str, one: date, two: date, term_ends_on: date) -> None:
    first, second = sorted((one, two))
    closing = [
        edit_window(day, POLICY, SCHOOL, Place(kind=kind), term_ends_on=term_ends_on).closes_at
        for day in (first, second)
    ]  # fmt: skip
    assert closing[0] <= closing[1]


@given(KINDS, DAYS, DAYS)
def test_a_term_never_lengthens_a_window(kind: str, day: date, term_ends_on: date) -> None:
    free = edit_window(day, POLICY, SCHOOL, Place(kind=kind))
    bound = edit_window(day, POLICY, SCHOOL, Place(kind=kind), term_ends_on=term_ends_on)
    assert bound.closes_at == min(free.closes_at, end_of_day(term_ends_on + timedelta(3), ZONE))


NOW = st.integers(0, 40 * 24 * 60).map(lambda minutes: datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=minutes))


@given(NOW)
def test_an_opening_takes_nothing_away(now: datetime) -> None:
    assert window(openings=(OPENED,)).is_open(now) is (window().is_open(now) or OPENED.holds(now))
