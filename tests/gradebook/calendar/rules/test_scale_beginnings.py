"""Terms of a year beside the days on which another scale of marks begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from kernel.errors import Invalid
from services.gradebook.calendar.rules.scale_beginnings import check_scales_begin_between_terms
from services.gradebook.calendar.rules.year_calendar import YearCalendar
from services.gradebook.policy.rules.defaults import VOTE, default_policy
from services.gradebook.policy.rules.policy import Policy, Rule, Scope, Special
from tests.gradebook.calendar.years import HALF_YEARS, QUARTERS, row_id, term, year

SECOND = date(2026, 11, 2)
USUAL = default_policy().scales.scale.value


def version(number: int, begins: date, code: str, eleventh: str = "") -> Policy:
    special = (Special(Scope(grades=frozenset({11})), eleventh, VOTE),) if eleventh else ()
    policy = default_policy(number, begins)
    return replace(policy, scales=replace(policy.scales, scale=Rule(code, VOTE, special)))


def with_second(first: date, last: date) -> YearCalendar:
    """The quarters, the second from another day on to another day."""
    return year(terms=(QUARTERS[0], term("II", "quarters", first, last)))


def check(
    after: YearCalendar,
    *versions: Policy,
    before: YearCalendar | None = None,
    places: Mapping[UUID | int, str] | None = None,
) -> None:
    before = before or with_second(SECOND, date(2026, 12, 30))
    check_scales_begin_between_terms(before, after, [default_policy(), *versions], places or {})


@pytest.mark.parametrize("first", [SECOND, date(2026, 11, 3), date(2026, 12, 1)])
def test_a_term_may_begin_on_the_day_of_another_scale_or_later(first: date) -> None:
    check(with_second(first, date(2026, 12, 30)), version(1, SECOND, "ten"))


@pytest.mark.parametrize("last", [date(2026, 11, 1), SECOND])
def test_a_term_ends_before_the_day_of_another_scale(last: date) -> None:
    after = with_second(date(2026, 10, 29), last)
    if last < SECOND:
        check(after, version(1, SECOND, "ten"))
        return
    with pytest.raises(Invalid) as refused:
        check(after, version(1, SECOND, "ten"), places={row_id("II"): "terms.1"})
    assert (refused.value.rule, refused.value.field) == ("scale-in-term", "terms.1.starts_on")
    assert str(refused.value).startswith(
        "“II” would be under way on 2026-11-02, when the scale of marks “ten points” begins"
    )


def test_every_term_and_every_beginning_is_told() -> None:
    third = date(2026, 11, 20)
    with pytest.raises(Invalid) as refused:
        check(
            year(terms=(*QUARTERS[:1], term("II", "quarters", date(2026, 10, 29), date(2026, 12, 30)), HALF_YEARS[0])),
            version(1, SECOND, "ten"), version(2, third, "twelve"),
            before=year(terms=QUARTERS[:1]),
        )  # fmt: skip
    assert [(fault.params["term"], fault.params["date"]) for fault in refused.value.faults] == [
        ("II", SECOND), ("1-е", SECOND), ("II", third), ("1-е", third),
    ]  # fmt: skip
    assert {fault.field for fault in refused.value.faults} == {"terms"}


def test_versions_of_the_same_scale_begin_on_any_day() -> None:
    after = with_second(date(2026, 10, 29), date(2026, 12, 30))
    check(after, version(1, SECOND, USUAL), version(2, date(2026, 12, 1), USUAL, eleventh=USUAL))
    check(after, version(1, SECOND, "ten"), version(2, SECOND, USUAL))


def test_the_scale_of_one_grade_is_named_and_so_is_the_one_that_it_goes_back_to() -> None:
    after = with_second(date(2026, 10, 29), date(2026, 12, 30))
    for versions, scale in (
        ((version(1, SECOND, USUAL, eleventh="letters"),), "letters"),
        ((version(1, date(2026, 9, 1), USUAL, eleventh="letters"), version(2, SECOND, USUAL)), "five points"),
    ):
        with pytest.raises(Invalid) as refused:
            check(after, *versions)
        assert str(refused.value.params["scale"]) == scale


def test_a_term_that_was_under_way_before_the_change_is_no_fault_of_it() -> None:
    before = year(terms=(QUARTERS[0], term("II", "quarters", date(2026, 10, 29), date(2026, 12, 30)), HALF_YEARS[0]))
    check(with_second(date(2026, 10, 28), date(2026, 12, 29)), version(1, SECOND, "ten"), before=before)
    with pytest.raises(Invalid, match="“New” would be under way"):
        check(
            year(terms=(term("New", "modules", date(2026, 10, 28), SECOND),)), version(1, SECOND, "ten"), before=before
        )
