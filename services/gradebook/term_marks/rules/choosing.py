"""Chooses the marks to drop, and the marks that help, among those that count.

A mean here is Σ weighted points / Σ weighted maximum points; the maximum of a plain mark is 1.

No act mentions dropped marks; teachers drop them (practice; domain, §3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from services.gradebook.term_marks.rules.counting import UsedMark


class Weighed(NamedTuple):
    """What one or several marks add to a mean: to the numerator `points`, and to the denominator `size`."""

    points: Fraction
    size: Fraction

    @property
    def mean(self) -> Fraction:
        """The mean of these alone. Raises `ZeroDivisionError` if `size` is 0."""
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
    """The indexes of the marks to drop: of `lowest` low ones and of `highest` high ones (practice).

    The lowest are the marks without which the mean of the rest is greatest; the highest are those, of the rest, without
    which it is least. With equal weights and maxima these are simply the lowest and highest marks. The lowest are
    dropped first, and one mark is always kept. Among equal marks the lightest are dropped first, then in order.
    """
    every = range(len(parts))
    low = _without(parts, every, min(lowest, len(parts) - 1), sign=1)
    rest = [place for place in every if place not in low]
    return low, _without(parts, rest, min(highest, len(rest) - 1), sign=-1)


def _without(parts: Sequence[Weighed], places: Sequence[int], number: int, sign: int) -> frozenset[int]:
    """The `number` indexes without which the mean of the others, times `sign`, is greatest.

    Dinkelbach's method: compute each mark's surplus over an assumed mean, drop those of the least surplus, and repeat
    with the new mean until it stays the same. The arithmetic is exact, so the result is optimal.
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
    """The indexes of the parts that help the mean of `base`, and the total with them (practice).

    The mean with them is the greatest that any choice of parts gives, so the order of the parts does not matter: parts
    at or above that mean count, parts below it do not. Without a base, the best part is the first to count.

    To take them by their means, the best first, until one is below the mean so far, is exact. Let m be the greatest
    mean. To add a part moves a mean towards the part's own: it raises one below it, and lowers one above it. So a
    choice that gives m leaves out no part above m and has none below it, or to add or to drop it would give more;
    parts of m itself change nothing. Taken in this order, each part that is above m raises the mean so far, which is
    at most m; once these are in the mean is m, those of m follow, and the next part is below it.
    """
    taken = set()
    for place in sorted(range(len(parts)), key=lambda place: parts[place].mean, reverse=True):
        if base.size and parts[place].mean < base.mean:
            break
        base = total((base, parts[place]))
        taken.add(place)
    return frozenset(taken), base
