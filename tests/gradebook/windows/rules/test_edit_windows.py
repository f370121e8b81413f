"""Until when a cell may be changed, and who opens it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Conflict, Invalid
from services.gradebook.calendar.rules.school_days import SchoolCalendar, end_of_day
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.defaults import VOTE, default_policy
from services.gradebook.policy.rules.policy import Place, Policy, Rule, Scope, Special
from services.gradebook.windows.rules import edit_windows
from services.gradebook.windows.rules.closed_terms import Closing, closing_of
from services.gradebook.windows.rules.edit_windows import (
    LONGEST,
    EditWindow,
    Lock,
    Opening,
    check_opening,
    edit_window,
    end_of_opening,
)

DEFAULT = replace(default_policy(), time_zone="Europe/Moscow")
#: The school voted 14 days.
POLICY = replace(DEFAULT, keeping=replace(DEFAULT.keeping, edit_days=Rule(14, VOTE)))
ZONE = POLICY.time_zone
SCHOOL = SchoolCalendar(frozenset(range(1, 7)))
HELD = date(2026, 9, 1)


class Quarter(NamedTuple):
    title: str
    ends_on: date


TICK = timedelta(microseconds=1)
LATER = date(2026, 10, 1)


def term(ends_on: date) -> Closing | None:
    return closing_of(Quarter("II", ends_on), POLICY)


def window(kind: str = "answer", **given: Any) -> EditWindow:
    return edit_window(HELD, POLICY, SCHOOL, Place(7, "russian", kind), **given)


def test_a_lesson_mark_can_be_changed_for_days_after_the_lesson() -> None:
    found = window()
    assert (found.counted_from, found.last_day) == (HELD, date(2026, 9, 15))
    assert found.closes_at == datetime(2026, 9, 15, 21, tzinfo=UTC)
    assert (found.closed_by, found.source) == (Lock.DAYS, POLICY.keeping.edit_days.source)


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
    ended = closing_of(Quarter("I", date(2026, 8, 31)), voted, Place(9))
    locked = edit_window(HELD, voted, SCHOOL, Place(9), term=ended)
    assert (locked.last_day, locked.source, locked.closed_by) == (date(2026, 9, 1), Source("vote"), Lock.TERM)


def test_a_term_that_is_closed_closes_its_cells() -> None:
    found = window(term=term(date(2026, 9, 11)))
    assert (found.last_day, found.closed_by) == (date(2026, 9, 14), Lock.TERM)
    assert found.closes_at == datetime(2026, 9, 14, 21, tzinfo=UTC)
    assert found.source == POLICY.keeping.term_open_days.source
    same_day = window(term=term(date(2026, 9, 12)))
    assert (same_day.last_day, same_day.closed_by) == (date(2026, 9, 15), Lock.DAYS)
    assert window(term=term(LATER)).last_day == date(2026, 9, 15)


def test_the_default_leaves_a_record_open_as_long_as_its_term() -> None:
    """The regulation says when records are due (clause 3.2), and gives no days in which they may be changed."""
    year = closing_of(Quarter("год", HELD + timedelta(days=270)), DEFAULT)
    found = edit_window(HELD, DEFAULT, SCHOOL, Place(7, "russian", "control"), term=year)
    assert (found.last_day, found.closed_by) == (HELD + timedelta(days=273), Lock.TERM)


def test_a_cell_is_open_before_its_window_closes() -> None:
    found = window()
    assert found.is_open(found.closes_at - TICK)
    assert found.open_until(found.closes_at - TICK) == found.closes_at
    assert not found.is_open(found.closes_at)
    assert found.open_until(found.closes_at) is None


OPENED_AT = datetime(2026, 9, 20, 8, tzinfo=UTC)
OPENED = Opening(
    OPENED_AT, datetime(2026, 9, 21, 15, tzinfo=UTC), date(2026, 9, 21), "болезнь учителя", None, HELD, LATER
)


def test_the_methodologist_opens_a_closed_record_until_a_moment() -> None:
    found = window(openings=(OPENED,))
    assert not found.is_open(OPENED_AT - TICK)
    assert found.is_open(OPENED_AT)
    assert found.open_until(OPENED.until - TICK) == found.opened_until(OPENED_AT) == OPENED.until
    assert not found.is_open(OPENED.until)
    assert found.opened_until(OPENED.until) is None


def test_a_record_that_is_open_by_itself_is_not_kept_open_by_anybody() -> None:
    early = replace(OPENED, opened_at=datetime(2026, 9, 2, 8, tzinfo=UTC))
    found = window(openings=(early,))
    assert found.opened_until(found.closes_at - TICK) is None
    assert found.opened_until(found.closes_at) == OPENED.until


def test_an_opening_outlasts_a_closed_term_too() -> None:
    assert window(term=term(HELD), openings=(OPENED,)).is_open(OPENED_AT)


def test_the_latest_end_holds() -> None:
    longer = replace(OPENED, until=datetime(2026, 9, 25, 8, tzinfo=UTC))
    early = replace(OPENED, opened_at=datetime(2026, 9, 2, tzinfo=UTC), until=datetime(2026, 9, 3, tzinfo=UTC))
    assert window(openings=(longer, OPENED)).open_until(OPENED_AT) == longer.until
    within = window(openings=(early,))
    assert within.open_until(datetime(2026, 9, 2, 9, tzinfo=UTC)) == within.closes_at


def test_an_opening_is_for_the_lessons_of_its_days_or_for_one_lesson() -> None:
    lesson, other = uuid4(), uuid4()
    assert OPENED.covers(lesson, HELD)
    assert OPENED.covers(None, LATER)
    assert not OPENED.covers(lesson, HELD - timedelta(1))
    assert not OPENED.covers(lesson, LATER + timedelta(1))
    single = replace(OPENED, lesson_id=lesson, first=None, last=None)
    assert single.covers(lesson, date(2020, 1, 1))
    assert not single.covers(other, HELD)
    assert not single.covers(None, HELD)
    assert not replace(OPENED, first=None).covers(lesson, HELD)
    assert not replace(OPENED, last=None).covers(lesson, HELD)


def test_a_closed_record_refuses_changes_and_says_until_when_it_was_open_and_who_opens_it() -> None:
    found = window()
    edit_windows.check_open(found, found.closes_at - TICK, "value")
    with pytest.raises(Conflict) as refused:
        edit_windows.check_open(found, found.closes_at, "value")
    assert (refused.value.rule, refused.value.field) == ("window-closed", "value")
    assert str(refused.value) == (
        "The school's time for changes is over: this could be changed until 2026-09-15. "
        "The methodologist can open the lesson again."
    )


def test_d06_who_changes_a_closed_term_is_told_when_it_closed_and_who_can_help() -> None:
    found = window(term=term(date(2026, 9, 11)))
    with pytest.raises(Conflict) as refused:
        edit_windows.check_open(found, found.closes_at, "marks.0.value")
    assert (refused.value.rule, refused.value.field) == ("term-closed", "marks.0.value")
    assert str(refused.value) == (
        "“II” ended on 2026-09-11: its journal could be changed until 2026-09-14. "
        "The methodologist can open the lesson again."
    )


def test_what_closes_by_its_own_days_is_not_said_to_close_with_its_term() -> None:
    found = window(term=term(LATER))
    with pytest.raises(Conflict) as refused:
        edit_windows.check_open(found, found.closes_at, "value")
    assert refused.value.rule == "window-closed"


def test_an_opening_ends_by_the_clock_of_the_school_where_no_offset_is_given() -> None:
    local = datetime(2026, 9, 21, 18)  # noqa: DTZ001  # as a form gives it
    assert end_of_opening(local, "Europe/Moscow") == datetime(2026, 9, 21, 15, tzinfo=UTC)
    assert end_of_opening(local, "Asia/Yekaterinburg") == datetime(2026, 9, 21, 13, tzinfo=UTC)
    given = datetime(2026, 9, 21, 18, tzinfo=timezone(timedelta(hours=1)))
    ended = end_of_opening(given, "Asia/Yekaterinburg")
    assert ended == datetime(2026, 9, 21, 17, tzinfo=UTC)
    assert ended.tzinfo is UTC, "not that of the machine"


def test_an_opening_that_is_over_is_the_day_that_is_named() -> None:
    found = window(openings=(OPENED,))
    edit_windows.check_open(found, OPENED_AT, "value")
    for now, day in ((OPENED.until, "2026-09-21"), (OPENED_AT - TICK, "2026-09-15")):
        with pytest.raises(Conflict) as refused:
            edit_windows.check_open(found, now, "value")
        assert str(refused.value.params["date"]) == day


def test_an_opening_has_a_reason() -> None:
    for reason in ("", "   ", " ок "):
        with pytest.raises(Invalid) as refused:
            check_opening(reason, OPENED.until, OPENED_AT, None)
        assert (refused.value.rule, refused.value.field) == ("reason-required", "reason")
        assert str(refused.value) == "Say why it is opened."
    assert check_opening(" акт ", OPENED.until, OPENED_AT, (HELD, HELD)) == "акт"


@pytest.mark.parametrize(
    ("until", "span", "rule", "field", "said"),
    [
        (OPENED_AT, None, "opening-over", "until", "The time until which it is open must be still to come."),
        (OPENED_AT + LONGEST + TICK, None, "opening-too-long", "until", "Nothing is opened for more than a year."),
        (OPENED.until, (LATER, HELD), "days-reversed", "last", "The last day lies before the first."),
    ],
)
def test_an_opening_ends_later_within_a_year_and_its_days_are_in_order(
    until: datetime, span: tuple[date, date] | None, rule: str, field: str, said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check_opening("акт", until, OPENED_AT, span)
    assert (refused.value.rule, refused.value.field, str(refused.value)) == (rule, field, said)
    assert timedelta(days=366) == LONGEST
    for end in (OPENED_AT + TICK, OPENED_AT + LONGEST):
        assert check_opening("акт", end, OPENED_AT, None) == "акт"


def test_a_window_says_why_it_ends_when_it_ends() -> None:
    assert window().sentence.said("ru") == (
        "Клетку можно изменять по 15.09.2026 включительно: календарных дней после 01.09.2026 — 14."
        " Основание: решение педагогического совета."
    )
    assert window().sentence.said("en") == (
        "The cell can be changed until the end of 2026-09-15: calendar days after 2026-09-01 – 14."
        " By the vote of the teachers' council."
    )
    closed = window(term=term(date(2026, 9, 11))).sentence
    assert closed.said("ru") == (
        "Учебный период закончился 11.09.2026; его отметки можно изменять по 14.09.2026 включительно."
        " Основание: обычай школ."
    )
    assert closed.said("en") == (
        "The term ended on 2026-09-11; its marks can be changed until the end of 2026-09-14. By the usage of schools."
    )


DAYS = st.dates(date(2026, 9, 1), date(2027, 5, 31))
KINDS = st.sampled_from([kind.code for kind in POLICY.kinds])


@given(KINDS, DAYS, DAYS, DAYS)
def test_a_later_lesson_never_closes_earlier(kind: str, one: date, two: date, term_ends_on: date) -> None:
    first, second = sorted((one, two))
    closing = [
        edit_window(day, POLICY, SCHOOL, Place(kind=kind), term=term(term_ends_on)).closes_at
        for day in (first, second)
    ]  # fmt: skip
    assert closing[0] <= closing[1]


@given(KINDS, DAYS, DAYS)
def test_a_term_never_lengthens_a_window(kind: str, day: date, term_ends_on: date) -> None:
    free = edit_window(day, POLICY, SCHOOL, Place(kind=kind))
    bound = edit_window(day, POLICY, SCHOOL, Place(kind=kind), term=term(term_ends_on))
    assert bound.closes_at == min(free.closes_at, end_of_day(term_ends_on + timedelta(3), ZONE))


NOW = st.integers(0, 40 * 24 * 60).map(lambda minutes: datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=minutes))


@given(NOW)
def test_an_opening_takes_nothing_away(now: datetime) -> None:
    assert window(openings=(OPENED,)).is_open(now) is (window().is_open(now) or OPENED.holds(now))
