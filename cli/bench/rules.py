"""The cost of the rules: means and term marks of a large school's year, compared with bare arithmetic."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from services.gradebook.explaining.given import GivenMark
from services.gradebook.policy.rules.defaults import KINDS, default_policy
from services.gradebook.policy.rules.policy import Place
from services.gradebook.term_marks.rules.term_marks import term_mark

STUDENTS: Final = 900
COURSES: Final = 16
TERMS: Final = 4
#: 900 · 16 · 4 · 21 are 1,209,600 marks.
MARKS_OF_A_TERM: Final = 21
#: Seconds of CPU on one core.
MOST: Final = 6.0
#: Megabytes by which memory may grow.
MOST_GROWTH: Final = 30.0

Term = list[GivenMark]
_SEED: Final = 2026
_POLICY: Final = default_policy()
_PLACE: Final = Place(7, "algebra")
_LESSONS_A_WEEK: Final = Decimal(3)
_WEIGHT: Final = Decimal(1)
_THRESHOLDS: Final = ((5, Decimal("4.5")), (4, Decimal("3.5")), (3, Decimal("2.5")), (2, Decimal(0)))


def of_a_school() -> bool:
    """Compute means and term marks with explanations for all students. Returns whether both targets are met."""
    _measured(_explained, students=20)  # warms up, and lets the memory reach its size
    before = _memory()
    ours, grown = _measured(_explained), _memory() - before
    bare = _measured(_bare)
    marks = STUDENTS * COURSES * TERMS * MARKS_OF_A_TERM
    print(f"  {marks} marks, {STUDENTS * COURSES * TERMS} means and term marks, with what explains them")
    print(f"  rules            {ours:5.2f} s of CPU   memory {grown:+.0f} MB")
    print(f"  bare arithmetic  {bare:5.2f} s of CPU")
    print(f"  CPU: {ours / bare:.1f} times the bare one (targets: {MOST:g} s at most, {MOST_GROWTH:g} MB at most)")
    return ours <= MOST and grown <= MOST_GROWTH


def _measured(work: Callable[[Term], object], students: int = STUDENTS) -> float:
    """CPU seconds of `work` for every term of every student, without generating the marks."""
    spent = 0.0
    for terms in _students(students):
        began = time.process_time()
        for term in terms:
            work(term)
        spent += time.process_time() - began
    return spent


def _explained(term: Term) -> object:
    return term_mark(term, _POLICY, _PLACE, _LESSONS_A_WEEK)


def _bare(term: Term) -> object:
    """Compare Σ(mark·weight) / Σ(weight) with thresholds, without exceptions, policy lookups or explanations."""
    points = weights = Decimal(0)
    for mark in term:
        if mark.number is not None:
            points += mark.number * _WEIGHT
            weights += _WEIGHT
    mean = points / weights
    return next(number for number, least in _THRESHOLDS if mean >= least)


def _students(count: int) -> Iterator[list[Term]]:
    chance = random.Random(_SEED)  # noqa: S311  # the same marks each time
    kinds = [kind.code for kind in KINDS]
    for _ in range(count):
        yield [[_mark(chance, kinds) for _ in range(MARKS_OF_A_TERM)] for _ in range(COURSES * TERMS)]


def _mark(chance: random.Random, kinds: list[str]) -> GivenMark:
    number = chance.choice((2, 3, 3, 4, 4, 4, 5, 5))
    return GivenMark(str(number), Decimal(number), chance.choice(kinds))


def _memory() -> float:
    """The process's peak memory so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
