"""Secrets of calendar feeds, and the days that a feed holds."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from services.gradebook.calendar_feeds.rules import RANDOM_BYTES, Span, days, digest, school_of, secret_of


def test_a_secret_names_its_school_and_is_kept_as_a_hash() -> None:
    school = uuid4()
    secrets = [secret_of(school, bytes([one]) * RANDOM_BYTES) for one in (1, 2)]
    assert [school_of(one) for one in secrets] == [school, school]
    assert [len(one) for one in secrets] == [64, 64]
    assert len({digest(one) for one in secrets}) == 2
    assert digest(secrets[0]) == digest(str(secrets[0]))
    assert secrets[0] not in digest(secrets[0])


@pytest.mark.parametrize(
    "text",
    ["", "a", "x" * 63, "x" * 68, secret_of(UUID(int=1), bytes(31)), "ж" * 64, "/" * 64, "+" * 64, "x" * 63 + "\n",
     "x" * 60 + "=" * 4],
)  # fmt: skip
def test_what_is_no_secret_names_no_school(text: str) -> None:
    assert school_of(text) is None


FIRST, SECOND = Span(date(2026, 9, 1), date(2027, 5, 31)), Span(date(2027, 9, 1), date(2028, 5, 31))


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 9, 1), date(2027, 5, 31)),
        (date(2027, 5, 31), date(2027, 5, 31)),
        (date(2027, 6, 1), date(2028, 5, 31)),
        (date(2028, 6, 1), date(2028, 9, 9)),
    ],
)
def test_a_feed_goes_from_two_weeks_ago_to_the_end_of_the_year_that_is_not_over(today: date, last: date) -> None:
    first, ends = days(today, [SECOND, FIRST])
    assert ((today - first).days, ends) == (14, last)
