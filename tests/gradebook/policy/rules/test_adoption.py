"""When a new version of the policy may begin, so that it changes nothing that was computed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from services.gradebook.policy.rules.checks import check_adoption
from services.gradebook.policy.rules.policy import Policy, policy_at
from tests.gradebook.policy.policies import DEFAULT

TODAY = date(2026, 11, 25)


def version(number: int, begins: date) -> Policy:
    return replace(DEFAULT, version=number, valid_from=begins, adopted_by="решение № 4")


YESTERDAY = date(2026, 11, 24)


@pytest.mark.parametrize("versions", [(), (version(1, date(2020, 9, 1)),)], ids=["first", "later"])
def test_a_version_begins_today_at_the_earliest_or_after_the_last_mark(versions: tuple[Policy, ...]) -> None:
    check_adoption(versions, version(2, TODAY), TODAY, TODAY)
    check_adoption(versions, version(2, date(2030, 9, 1)), TODAY, TODAY)
    check_adoption(versions, version(2, YESTERDAY), TODAY, date(2026, 11, 23))
    check_adoption(versions, version(2, date(2026, 9, 1)), TODAY, None)
    with pytest.raises(Invalid) as refused:
        check_adoption(versions, version(2, YESTERDAY), TODAY, YESTERDAY)
    assert (refused.value.rule, refused.value.field) == ("policy-in-past", "valid_from")
    assert str(refused.value) == (
        "The policy cannot begin on 2026-11-24: there are marks up to 2026-11-24 already, which go by the rules of "
        "before. It may begin today, 2026-11-25, or later."
    )


def test_a_later_version_begins_after_the_last_one() -> None:
    versions = [version(1, date(2020, 9, 1)), version(2, date(2027, 9, 1))]
    check_adoption(versions, version(3, date(2027, 9, 2)), TODAY)
    with pytest.raises(Invalid) as refused:
        check_adoption(versions, version(3, date(2027, 8, 31)), TODAY)
    assert (refused.value.rule, refused.value.field) == ("policy-before-last", "valid_from")
    assert str(refused.value) == "The policy must begin after the version of 2027-09-01."


def test_a_version_may_be_mended_until_it_begins() -> None:
    check_adoption([version(1, date(2026, 11, 26))], version(2, date(2026, 11, 26)), TODAY)
    with pytest.raises(Invalid) as refused:
        check_adoption([version(1, TODAY)], version(2, TODAY), TODAY)
    assert refused.value.rule == "policy-before-last"
    with pytest.raises(Invalid):
        check_adoption([version(1, YESTERDAY)], version(2, YESTERDAY), TODAY)


@pytest.mark.parametrize("number", [1, 4])
def test_versions_are_numbered_upwards(number: int) -> None:
    versions = [version(4, date(2025, 9, 1)), version(1, date(2024, 9, 1))]
    with pytest.raises(Invalid) as refused:
        check_adoption(versions, version(number, date(2027, 9, 1)), TODAY)
    assert (refused.value.rule, refused.value.field) == ("policy-version-taken", "version")
    assert str(refused.value) == "Version 4 exists: the new one needs a higher number."
    check_adoption(versions, version(5, date(2027, 9, 1)), TODAY)


def test_the_decision_is_cited() -> None:
    with pytest.raises(Invalid) as refused:
        check_adoption((), replace(version(1, TODAY), adopted_by="  "), TODAY)
    assert (refused.value.rule, refused.value.field) == ("policy-decision-missing", "adopted_by")
    assert str(refused.value) == "Say by which decision it was adopted."


def test_a_faulty_policy_is_not_adopted() -> None:
    with pytest.raises(Invalid) as refused:
        check_adoption((), replace(version(1, TODAY), time_zone="Nowhere"), TODAY)
    assert refused.value.rule == "policy-faulty"


DAYS = st.dates(date(2026, 11, 20), date(2026, 11, 30))


@given(st.lists(DAYS, max_size=4), DAYS, DAYS, st.none() | DAYS)
def test_an_adopted_version_changes_nothing_of_the_days_with_marks(
    begins: list[date], new: date, day: date, last_marked: date | None
) -> None:
    versions = [version(0, date.min), *(version(number, begun) for number, begun in enumerate(sorted(begins), 1))]
    added = version(9, new)
    try:
        check_adoption(versions, added, TODAY, last_marked)
    except Invalid:
        return
    if last_marked is not None and day <= last_marked and day < TODAY:
        assert policy_at([*versions, added], day) is policy_at(versions, day)
    if day >= new:
        assert policy_at([*versions, added], day) is added
