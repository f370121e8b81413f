"""Terms of one division do not overlap; those of several do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from contracts.gradebook.calendar import term_at
from kernel.errors import Conflict
from services.gradebook.calendar.rules.terms import check_terms_apart


def term(title: str, division: str, first: date, last: date, year: str = "2026") -> dict[str, Any]:
    return {"title": title, "division": division, "starts_on": first, "ends_on": last, "year_id": year}


Q1 = term("q1", "quarters", date(2026, 9, 1), date(2026, 10, 24))
Q2 = term("q2", "quarters", date(2026, 10, 25), date(2026, 12, 30))
H1 = term("h1", "half-years", date(2026, 9, 1), date(2026, 12, 30))


def test_p02_terms_of_several_divisions_and_years_overlap_rightly() -> None:
    check_terms_apart([Q2, H1, Q1, {**Q1, "year_id": "2027"}])


def test_p02_terms_of_one_division_that_overlap_are_refused() -> None:
    with pytest.raises(Conflict) as refused:
        check_terms_apart([H1, {**Q2, "starts_on": Q1["ends_on"]}, Q1])
    assert refused.value.rule == "terms-overlap"
    assert str(refused.value) == (
        "“q2” begins on 2026-10-24, before “q1” ends on 2026-10-24: terms of one division of the year do not overlap."
    )


@pytest.mark.parametrize(
    ("day", "shown"), [("2026-08-01", "q1"), ("2026-10-24", "q1"), ("2026-10-25", "q2"), ("2027-06-01", "q2")]
)
def test_p02_a_page_shows_the_last_term_that_has_begun_or_the_first(day: str, shown: str) -> None:
    found = term_at([Q2, Q1], date.fromisoformat(day), lambda one: one["starts_on"])
    assert found is not None
    assert found["title"] == shown
    assert term_at([], day, str) is None
