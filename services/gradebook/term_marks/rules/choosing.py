"""Which of the marks that count are dropped, and which only help.

A mean here is Σ points / Σ points to be had, each times its weight; for plain marks the points to be had are 1.

No act speaks of dropped marks; teachers do it (practice; domain, §3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from services.gradebook.term_marks.rules.counting import UsedMark


class Weighed(NamedTuple):
    """What a mark, or several, add to a mean: the points above the line, and those to be had below it."""

    points: Fraction
    size: Fraction

    @property
    def mean(self) -> Fraction:
        """The mean of these alone. Raises `ZeroDivisionError` where nothing is to be had."""
        return self.points / self.size


NOTHING: Final = Weighed(Fraction(), Fraction())


def weighed(one: UsedMark) -> Weighed:
    """What one mark adds to a mean (practice)."""
    weight = Fraction(one.weight)
    return Weighed(weight * Fraction(one.number), weight * Fraction(one.item.maximum))


def total(parts: Iterable[Weighed]) -> Weighed:
    """What several add together (practice)."""
    points, size = NOTHING
    for part in parts:
        points += part.points
        size += part.size
    return Weighed(points, size)


def dropped(parts: Sequence[Weighed], lowest: int, highest: int) -> tuple[frozenset[int], frozenset[int]]:
    """The places of the marks to drop: of the `lowest` ones, and of the `highest`.

    The lowest are those without which the mean of the rest is greatest, the highest those of the rest without
    which it is least: of equal weights and points to be had, simply the lowest and highest marks. The lowest
    go first, and one mark is always kept. Marks that serve equally go lightest first, then in order.
    """
    every = range(len(parts))
    low = _without(parts, every, min(lowest, len(parts) - 1), sign=1)
    rest = [place for place in every if place not in low]
    return low, _without(parts, rest, min(highest, len(rest) - 1), sign=-1)


def _without(parts: Sequence[Weighed], places: Sequence[int], number: int, sign: int) -> frozenset[int]:
    """The `number` places without which the mean of the others, times `sign`, is greatest.

    By Dinkelbach's method: over a supposed mean every mark has a surplus; without those of the least surplus
    the mean is greater, until it stays the same. Every step is exact, so that is the very optimum.
    """
    if number <= 0:
        return frozenset()
    mean = total(parts[place] for place in places).mean
    while True:
        surplus = {place: sign * (parts[place].points - mean * parts[place].size) for place in places}
        order = sorted(places, key=lambda place: (surplus[place], parts[place].size))
        better = total(parts[place] for place in order[number:]).mean
        if better == mean:
            return frozenset(order[:number])
        mean = better


def helpful(base: Weighed, parts: Sequence[Weighed]) -> tuple[frozenset[int], Weighed]:
    """The places of the parts that do not lower the mean of `base`, and what all that counts adds up to.

    The mean with them is the greatest that can be had, so the order in which they are given does not matter:
    parts at or above that mean count, parts below it do not. Without a base the best part begins.
    """
    taken = set()
    for place in sorted(range(len(parts)), key=lambda place: parts[place].mean, reverse=True):
        if base.size and parts[place].mean < base.mean:
            break
        base = total((base, parts[place]))
        taken.add(place)
    return frozenset(taken), base
