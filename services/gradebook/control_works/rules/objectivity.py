"""Signs of biased marking: marks that differ from period marks, and a heap just above a threshold (domain, §5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import comb
from typing import Final

from kernel.phrases import Phrase, Sentence
from services.gradebook.control_works.rules.works import ControlWork
from services.gradebook.explaining.explained import Source
from services.gradebook.explaining.given import ONE
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import shown_number
from services.gradebook.statistics.rules.shares import Share, share_of
from services.gradebook.statistics.rules.statistics import EVERYWHERE

#: The smallest probability shown as a number.
_LEAST_SHOWN: Final = Fraction(1, 10_000)

_LESS: Final = Phrase("меньше {least}", "less than {least}")
_COUNTS: Final = Phrase(
    "Порог — {threshold}. Работ с суммой от него и меньше чем на {width} выше: {above}; "
    "ниже него не больше чем на {width}: {below}.",
    "The threshold is {threshold}. Papers from it to less than {width} above: {above}; "
    "below it by no more than {width}: {below}.",
)
_CHANCE: Final = Phrase(
    "Если бы по обе стороны порога работы попадали с равной вероятностью, такой или больший перевес верхней "
    "стороны встречался бы с вероятностью {chance} (точный односторонний биномиальный критерий).",
    "If papers fell on either side with equal probability, this many or more above would come about with "
    "probability {chance} (exact one-sided binomial test).",
)
_FOUND: Final = Phrase(
    "Это реже, чем {least}: скопление работ сразу от порога.",
    "That is less often than {least}: papers heap up just above the threshold.",
)
_NOT_FOUND: Final = Phrase(
    "Это не реже, чем {least}: скопления не видно.", "That is no less often than {least}: no heap is seen."
)
CAVEAT: Final = Phrase(
    "Это повод пересмотреть работы у порога, а не доказательство: при небольшом числе работ, при нескольких "
    "порогах и там, где высокие баллы вообще чаще, перевес возможен и сам по себе.",
    "This is a reason to look at the papers near the threshold again, no proof: with few papers, with several "
    "thresholds, or where high scores are more frequent anyway, more papers above can come about by itself.",
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The marks of a work compared with period marks; students are given by reference.

    `raised` have a better mark in the work than in the period, `lowered` a worse one. `not_compared` lack one
    of the two, or have a mark without a number (`н/а`, `зач`).
    """

    confirmed: tuple[str, ...]
    raised: tuple[str, ...]
    lowered: tuple[str, ...]
    not_compared: tuple[str, ...]

    def share(self, students: tuple[str, ...]) -> Share:
        """The share of these students among all compared: `comparison.share(comparison.raised)`."""
        return share_of(len(students), len(self.confirmed) + len(self.raised) + len(self.lowered))


@dataclass(frozen=True, slots=True)
class Heap:
    """Papers just above a threshold compared with those just below it.

    `above` counts totals in [threshold, threshold + width), `below` totals in [threshold − width, threshold).
    `chance` is the probability of at least so many above if both sides are equally likely. The heap is `reported`
    if `chance` is under `least`.
    """

    threshold: Decimal
    width: Decimal
    above: int
    below: int
    chance: Fraction
    least: Decimal
    source: Source
    #: The version of the policy that gives `threshold` and `least`; None if the caller chose them.
    version: int | None = None

    @property
    def reported(self) -> bool:
        """Whether the heap is less probable than the policy's limit for reports."""
        return self.chance < Fraction(self.least)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The counts, the test, its result, and what the result does not prove."""
        tiny = self.chance < _LEAST_SHOWN
        chance: object = _LESS(least=_LEAST_SHOWN) if tiny else self.chance
        return (
            _COUNTS(threshold=self.threshold, width=self.width, above=self.above, below=self.below),
            _CHANCE(chance=chance),
            (_FOUND if self.reported else _NOT_FOUND)(least=self.least),
            CAVEAT(),
        )


def compared(in_work: Mapping[str, str], in_period: Mapping[str, str]) -> Comparison:
    """Compare the marks of a work, by student, with the period marks.

    The published form of all-Russian checks: confirmed, raised or lowered against the mark in the journal.
    Students are in the order of `in_work`, which lacks students who did not take the work.
    """
    found: dict[str, list[str]] = {"confirmed": [], "raised": [], "lowered": [], "not_compared": []}
    for student, mark in in_work.items():
        found[_how(shown_number(mark), shown_number(in_period.get(student)))].append(student)
    return Comparison(**{how: tuple(students) for how, students in found.items()})


def heap(totals: Iterable[Decimal], threshold: Decimal, width: Decimal, least: Decimal, source: Source) -> Heap:
    """The papers within `width` points on each side of a threshold, and the probability of the imbalance (domain, §5).

    The exact one-sided binomial test: P(X ≥ above) for X ~ Bin(n = above + below, 1/2), that is Σ C(n, k) / 2ⁿ
    over k from above to n. Without papers near the threshold it is 1.
    """
    distances = [total - threshold for total in totals]
    above = sum(0 <= distance < width for distance in distances)
    below = sum(-width <= distance < 0 for distance in distances)
    return Heap(threshold, width, above, below, chance_of_so_many(above, above + below), least, source)


def heaps(work: ControlWork, policy: Policy, place: Place = EVERYWHERE, width: Decimal = ONE) -> tuple[Heap, ...]:
    """The heap at each threshold of the policy's conversion table, in points of the work, the best mark first.

    The totals are those of all papers. A threshold of 0 is skipped, as nothing is below it. `width` is the step in
    which points are given, or a few steps.
    Source: domain, §5.
    """
    table = policy.figures.conversion.at(place).value
    least, source = policy.figures.heap_chance.at(place)
    totals = [paper.total for paper in work.papers]
    found = (heap(totals, one.least * work.maximum, width, least, source) for one in table if one.least)
    return tuple(replace(one, version=policy.version) for one in found)


def chance_of_so_many(many: int, of: int) -> Fraction:
    """The probability of `many` or more heads in `of` throws of a fair coin (exact sign test; domain, §5)."""
    return Fraction(sum(comb(of, heads) for heads in range(many, of + 1)), 2**of)


def _how(work: int | None, period: int | None) -> str:
    if work is None or period is None:
        return "not_compared"
    if work == period:
        return "confirmed"
    return "raised" if work > period else "lowered"
