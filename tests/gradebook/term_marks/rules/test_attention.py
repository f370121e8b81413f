"""Which marks need attention."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contracts.gradebook.term_marks import FAILING, NO_MARKS, TOO_FEW
from services.gradebook.policy.rules.policy import LeastMarks, Policy
from services.gradebook.term_marks.rules.attention import attention
from services.gradebook.term_marks.rules.term_marks import term_mark
from tests.gradebook.term_marks.courses import PLACE, marks, voted

THREE = voted(terms__least_marks=(LeastMarks(Decimal(0), 3),))
PASS_FAIL = voted(terms__least_marks=(), scales__scale="pass_fail")


def needs(texts: str, policy: Policy = THREE, lessons: str | None = "1") -> tuple[str, ...]:
    computed = term_mark(marks(texts), policy, PLACE, Decimal(lessons or 0))
    return attention(computed, policy, PLACE, None if lessons is None else Decimal(lessons)).needs


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ("3 3 3", ()),
        ("2 3 2 3", ()),  # 2.50 is a 3
        ("2 2 3", (FAILING,)),
        ("2 2", (FAILING, TOO_FEW)),
        ("5", (TOO_FEW,)),
        ("", (NO_MARKS,)),
    ],
)
def test_what_fails_and_what_is_too_little_needs_attention(texts: str, expected: tuple[str, ...]) -> None:
    assert needs(texts) == expected


def test_where_the_policy_asks_for_no_number_none_at_all_are_still_noticed() -> None:
    without = voted(terms__least_marks=())
    assert (needs("5", without), needs("", without)) == ((), (NO_MARKS,))


def test_of_a_course_whose_lessons_are_not_known_the_least_number_is_that_of_the_fewest() -> None:
    table = voted(terms__least_marks=(LeastMarks(Decimal(0), 1), LeastMarks(Decimal(2), 5)))
    assert (needs("5", table, None), needs("5", table, "2")) == ((), (TOO_FEW,))


def test_a_share_of_passes_that_is_too_low_fails() -> None:
    assert (needs("незач незач зач", PASS_FAIL), needs("зач", PASS_FAIL)) == ((FAILING,), ())


def test_where_no_marks_are_given_nothing_is_missed() -> None:
    assert needs("", voted(scales__marked=False)) == ()
