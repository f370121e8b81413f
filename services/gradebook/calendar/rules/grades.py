"""Grades that a thing of the year is for: a sorted list of them, empty where it is for all (clause 4.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from contracts.gradebook.calendar import GRADES, grades_in_figures
from kernel.texts import Text


def applies(grades: Collection[int], grade: int | None) -> bool:
    """Whether a thing for these grades is one for `grade` (practice).

    None is no one grade, as a group across classes may be: to it belongs only what is for all.
    """
    return not grades or grade in grades


def in_common(some: Collection[int], others: Collection[int]) -> bool:
    """Whether two things are for a grade that is the same (practice)."""
    return not some or not others or not set(some).isdisjoint(others)


def normal(grades: Iterable[int]) -> tuple[int, ...]:
    """The grades in order, each once; all of them are said by none (practice)."""
    chosen = sorted(set(grades))
    return () if chosen == list(GRADES) else tuple(chosen)


def in_words(grades: Collection[int]) -> Text:
    """What to tell a person: “all grades”, “grade 1”, “grades 1–4, 9” (practice)."""
    if not grades:
        return Text("all grades")
    figures = grades_in_figures(grades)
    return (
        Text("grade {grades}", {"grades": figures})
        if len(grades) == 1
        else Text("grades {grades}", {"grades": figures})
    )
