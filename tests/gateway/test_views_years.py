"""Which academic year pages begin with."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.composed.years import year_at

YEARS = [
    {"id": "next", "starts_on": "2027-09-01", "ends_on": "2028-05-26"},
    {"id": "this", "starts_on": "2026-09-01", "ends_on": "2027-05-26"},
]


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2026-01-01", "this"), ("2026-09-01", "this"), ("2027-05-26", "this"), ("2027-06-20", "this"),
        ("2027-07-13", "this"), ("2027-07-14", "next"), ("2027-08-25", "next"), ("2030-01-01", "next"),
    ],
)  # fmt: skip
def test_the_year_that_goes_on_is_shown_and_out_of_it_the_nearest(day: str, shown: str) -> None:
    found = year_at(YEARS, date.fromisoformat(day))
    assert found is not None
    assert found["id"] == shown


def test_of_two_years_as_near_the_later_is_shown_and_without_years_none() -> None:
    touching = [{"id": "a", "starts_on": "2026-09-01", "ends_on": "2027-05-26"},
                {"id": "b", "starts_on": "2027-05-28", "ends_on": "2028-05-26"}]  # fmt: skip
    found = year_at(touching, date(2027, 5, 27))
    assert found is not None
    assert found["id"] == "b"
    assert year_at([], date(2027, 5, 27)) is None
