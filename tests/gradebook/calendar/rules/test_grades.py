"""For which grades something is."""

from __future__ import annotations

import pytest

from contracts.gradebook.calendar import grades_in_figures
from services.gradebook.calendar.rules import grades


@pytest.mark.parametrize(
    ("given", "figures", "words"),
    [
        ((), "", "all grades"),
        ((9,), "9", "grade 9"),
        ((1, 2), "1, 2", "grades 1, 2"),
        ((9, 1, 3, 2), "1–3, 9", "grades 1–3, 9"),
        ((1, 2, 3, 4, 9, 10, 11), "1–4, 9–11", "grades 1–4, 9–11"),
    ],
)
def test_d10_grades_are_said_as_people_write_them(given: tuple[int, ...], figures: str, words: str) -> None:
    assert grades_in_figures(given) == figures
    assert str(grades.in_words(given)) == words


def test_d10_a_thing_without_grades_is_for_all_and_one_of_no_grade_has_only_those() -> None:
    assert grades.applies((), 5)
    assert grades.applies((), None)
    assert grades.applies((5, 6), 5)
    assert not grades.applies((5, 6), 7)
    assert not grades.applies((5, 6), None)


def test_d10_things_share_a_grade() -> None:
    assert grades.in_common((), (7,))
    assert grades.in_common((7,), ())
    assert grades.in_common((5, 7), (7, 8))
    assert not grades.in_common((5,), (7, 8))


def test_d10_grades_are_kept_in_order_each_once_and_all_of_them_as_none() -> None:
    assert grades.normal([9, 1, 9]) == (1, 9)
    assert grades.normal(range(1, 12)) == ()
    assert grades.normal([]) == ()
