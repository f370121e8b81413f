"""When an enrolment began that a bundle does not date."""

from __future__ import annotations

from datetime import date

import pytest

from contracts.identity.bundles import first_day

YEAR, NOVEMBER = date(2026, 9, 1), date(2026, 11, 26)


@pytest.mark.parametrize(
    ("since", "until", "before", "known", "expected"),
    [
        (YEAR, None, None, False, YEAR),
        (YEAR, None, None, True, NOVEMBER),
        (YEAR, None, date(2026, 10, 5), True, date(2026, 10, 5)),
        (date(2027, 1, 11), None, None, True, date(2027, 1, 11)),
        (YEAR, date(2026, 10, 1), None, True, date(2026, 10, 1)),
    ],
    ids=["first bundle", "appears later", "known", "class that has not begun", "over already"],
)
def test_an_enrolment_without_a_date_began(
    since: date, until: date | None, before: date | None, known: bool, expected: date
) -> None:
    assert first_day(since, until, before, NOVEMBER, known=known) == expected
