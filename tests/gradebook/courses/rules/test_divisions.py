"""By which terms courses go."""

from __future__ import annotations

import pytest

from kernel.errors import Conflict
from services.gradebook.calendar.rules.year_calendar import GradeWeek
from services.gradebook.courses.rules.divisions import check_nothing_goes_by, other_terms
from tests.gradebook.calendar.years import QUARTERS, year


def test_d10_terms_by_which_courses_go_are_not_removed() -> None:
    check_nothing_goes_by([])
    with pytest.raises(Conflict) as refused:
        check_nothing_goes_by(["Физика", "Алгебра", "Химия"])
    assert (refused.value.rule, refused.value.field) == ("division-in-use", "terms")
    assert str(refused.value) == (
        "3 courses go by these terms: Алгебра, Физика, Химия. Let their grades go by other terms first."
    )
    with pytest.raises(Conflict) as refused:
        check_nothing_goes_by(["Физика", "Алгебра", "Химия", "Труд"])
    assert "Алгебра, Труд, Физика…" in str(refused.value)


def test_d10_grades_that_go_by_other_terms_are_told_by_the_terms_before_and_after() -> None:
    before = year(terms=QUARTERS)
    assert other_terms(before, before) == {}
    assert other_terms(before, year()) == {("quarters", "half-years"): [10, 11]}
    said = {9: GradeWeek(9, "half-years", 6), 11: GradeWeek(11, "quarters", 6)}
    assert other_terms(year(), year(grades=said, taught=frozenset({9, 10, 11}))) == {
        ("quarters", "half-years"): [9], ("half-years", "quarters"): [11],
    }  # fmt: skip
