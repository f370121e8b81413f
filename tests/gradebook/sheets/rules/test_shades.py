"""Cells that are not the student's."""

from __future__ import annotations

from datetime import date

import pytest

from services.gradebook.sheets.rules.shades import Shade, Span, shades

DAYS = [date(2026, 9, day) for day in (1, 2, 3, 4, 5)]


def span(since: int, until: int | None = None) -> Span:
    return Span(date(2026, 9, since), until and date(2026, 9, until))


@pytest.mark.parametrize(
    ("spans", "shaded"),
    [
        ([span(1)], []),
        ([span(1, 5)], []),
        ([span(1, 30)], []),
        ([span(3)], [Shade(0, 1, "not-yet")]),
        ([span(1, 2)], [Shade(2, 4, "left")]),
        ([span(2, 3)], [Shade(0, 0, "not-yet"), Shade(3, 4, "left")]),
        ([span(1, 1), span(4)], [Shade(1, 2, "left")]),
        ([span(9)], [Shade(0, 4, "not-yet")]),
        ([], [Shade(0, 4, "not-yet")]),
    ],
)
def test_days_outside_of_the_time_in_the_course_are_shaded(spans: list[Span], shaded: list[Shade]) -> None:
    assert shades(DAYS, spans) == shaded


def test_a_term_without_lessons_has_nothing_to_shade() -> None:
    assert shades([], [span(1)]) == []
