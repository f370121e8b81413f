"""What may be set as a term mark, and when a reason is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from kernel.errors import Conflict, Invalid
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.policy import Place
from services.gradebook.term_marks.rules import setting
from services.gradebook.term_marks.rules.term_marks import term_mark
from services.gradebook.windows.rules.edit_windows import EditWindow, Lock, Opening
from tests.gradebook.term_marks.courses import ONE_LESSON, PLACE, marks, voted

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LOCKED = NOW - timedelta(days=2)


@pytest.mark.parametrize(
    ("scale", "choices"),
    [
        ("five", ("5", "4", "3", "2", "1", "н/а", "осв")),
        ("pass_fail", ("зач", "незач", "н/а", "осв")),
    ],
)
def test_the_marks_that_can_be_set_are_those_of_the_table_and_two_words(scale: str, choices: tuple[str, ...]) -> None:
    assert setting.choices(voted(scales__scale=scale), PLACE) == choices
    assert setting.targets(voted(scales__scale=scale), PLACE) == choices[:-2]


def test_where_no_marks_are_given_there_is_nothing_to_aim_at() -> None:
    assert setting.targets(default_policy(), Place(1)) == ()


@pytest.mark.parametrize(("typed", "text"), [(" 5 ", "5"), ("HA", "н/а"), ("осв.", "осв"), ("Осв", "осв")])
def test_spellings_are_understood(typed: str, text: str) -> None:
    assert setting.term_mark_text(typed, default_policy(), PLACE, "value") == text


@pytest.mark.parametrize("typed", ["", "6", "4+", "зач", "н", "5/4"])
def test_anything_else_is_refused_with_what_can_be_set(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        setting.term_mark_text(typed, default_policy(), PLACE, "value")
    assert (refused.value.rule, refused.value.field) == ("no-such-term-mark", "value")
    assert refused.value.params["choices"] == "5, 4, 3, 2, 1, н/а, осв"


def reason(value: str | None, before: str | None = None, given: str = "") -> str:
    computed = term_mark(marks("4 4 4"), default_policy(), PLACE, ONE_LESSON)
    return setting.check_reason(computed, value, before, given, "reason")


def test_the_computed_mark_needs_no_reason_and_another_one_does() -> None:
    assert reason("4") == ""
    with pytest.raises(Invalid) as refused:
        reason("5", given=" a ")
    assert (refused.value.rule, refused.value.params["computed"]) == ("term-mark-differs", "4")
    assert reason("5", given=" all ") == "all"


def test_a_change_of_what_the_family_has_seen_needs_one() -> None:
    for value in ("4", None):
        with pytest.raises(Invalid) as refused:
            reason(value, "5")
        assert refused.value.rule == "reason-required"
    assert reason("4", "4") == ""
    assert reason(None) == ""


def window(*openings: Opening) -> EditWindow:
    """One that closed yesterday."""
    policy = default_policy()
    closed = NOW - timedelta(days=1)
    source = policy.keeping.edit_days.source
    return EditWindow(date(2026, 11, 1), closed.date(), closed, Lock.TERM, source, source.sentence, None, openings)


def opening(opened_at: datetime) -> Opening:
    until = NOW + timedelta(days=1)
    return Opening(opened_at, until, until.date(), "Ошибка")


def test_only_an_opening_that_was_made_after_the_lock_opens_it() -> None:
    for open_window in (window(), window(opening(LOCKED - timedelta(seconds=1)))):
        with pytest.raises(Conflict) as refused:
            setting.check_not_locked(open_window, NOW, LOCKED, "7А")
        assert (refused.value.rule, refused.value.params["class_name"]) == ("term-marks-locked", "7А")
    setting.check_not_locked(window(opening(LOCKED)), NOW, LOCKED, "7А")
    setting.check_not_locked(window(), NOW, None, "7А")


def test_an_opening_that_is_over_opens_no_lock() -> None:
    over = Opening(LOCKED, NOW, NOW.date(), "Ошибка")
    with pytest.raises(Conflict):
        setting.check_not_locked(window(over), NOW, LOCKED, "7А")


def test_a_closed_term_says_until_when_it_was_open() -> None:
    with pytest.raises(Conflict) as refused:
        setting.check_window(window(), NOW, "I четверть")
    assert refused.value.params == {"term": "I четверть", "date": (NOW - timedelta(days=1)).date()}
    setting.check_window(window(opening(LOCKED)), NOW, "I четверть")


def test_a_term_takes_marks_from_its_first_day() -> None:
    day = date(2026, 9, 1)
    setting.check_begun(day, day, "I четверть")
    with pytest.raises(Conflict) as refused:
        setting.check_begun(day, day - timedelta(days=1), "I четверть")
    assert refused.value.rule == "term-not-begun"


def test_who_left_gets_no_mark() -> None:
    setting.check_stays(None)
    with pytest.raises(Conflict) as refused:
        setting.check_stays(date(2026, 10, 1))
    assert (refused.value.rule, refused.value.params["date"]) == ("left-the-course", date(2026, 10, 1))
