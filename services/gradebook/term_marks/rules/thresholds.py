"""Tables of thresholds, which give a mean its mark, also for marks without numbers (domain, §3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final, NamedTuple

from kernel.phrases import Phrase, Sentence
from services.gradebook.policy.rules.policy import Place, Policy, Rule, Ruling, Threshold
from services.gradebook.policy.rules.scales import FAILED, PASS_FAIL, PASSED, scale_at

#: The numbers of marks in a course marked `зач` and `незач`: their mean is the share of `зач`.
PASSES: Final[Mapping[str, Decimal]] = {PASSED.text: Decimal(1), FAILED.text: Decimal(0)}

_REACHED: Final = Phrase(
    "{mean} не меньше порога {least}: «{mark}».", "{mean} is not below the threshold {least}: {mark}."
)
_BELOW: Final = Phrase("{mean} меньше порога {least}: «{mark}».", "{mean} is below the threshold {least}: {mark}.")


class Table(NamedTuple):
    """Thresholds from the best mark to the worst."""

    thresholds: Sequence[Threshold]
    #: Number of a mark → the mark as the journal shows it, if that is not the number.
    texts: Mapping[int, str] = MappingProxyType({})

    def text(self, index: int) -> str:
        """The mark of a line of the table, as the journal shows it."""
        mark = self.thresholds[index].mark
        return self.texts.get(mark, str(mark))

    def reached(self, mean: Fraction) -> int:
        """The first line whose threshold the mean reaches; the last line if it reaches none."""
        for index, threshold in enumerate(self.thresholds):
            if mean >= threshold.least:
                return index
        return len(self.thresholds) - 1

    def line_of(self, mark: int) -> int:
        """The line of the mark, or of the next lower mark in the table; else the last line."""
        lines = (index for index, one in enumerate(self.thresholds) if one.mark <= mark)
        return next(lines, len(self.thresholds) - 1)

    def sentence(self, mean: Fraction, index: int) -> Sentence:
        """Why the mean gives the line's mark: the threshold reached or, for the last line, the one missed."""
        if 0 < index == len(self.thresholds) - 1:
            return _BELOW(mean=mean, least=self.thresholds[index - 1].least, mark=self.text(index))
        return _REACHED(mean=mean, least=self.thresholds[index].least, mark=self.text(index))


def pass_table(least_share: Decimal) -> Table:
    """The table of a course marked `зач` and `незач`: the policy's share passes (no act sets one: practice)."""
    texts = {int(number): text for text, number in PASSES.items()}
    return Table((Threshold(1, least_share), Threshold(0, Decimal(0))), texts)


def is_pass_fail(policy: Policy, place: Place) -> bool:
    """Whether the marks in the place are `зач` and `незач` (domain, §3)."""
    return policy.scales.scale.at(place).value == PASS_FAIL.code


def term_table(policy: Policy, place: Place) -> Ruling[Table]:
    """The possible term marks by the policy, each with its minimum mean (domain, §3)."""
    return _table(policy.terms.thresholds, policy, place)


def year_table(policy: Policy, place: Place) -> Ruling[Table]:
    """The possible year marks (domain, §3). The share of `зач` that passes a year is the same as for a term."""
    return _table(policy.years.thresholds, policy, place)


def _table(rule: Rule[tuple[Threshold, ...]], policy: Policy, place: Place) -> Ruling[Table]:
    if is_pass_fail(policy, place):
        share = policy.terms.pass_share.at(place)
        return Ruling(pass_table(share.value), share.source)
    scale = scale_at(policy, place)
    texts = {int(mark.number): mark.text for mark in scale.marks if mark.number is not None}
    thresholds = rule.at(place)
    return Ruling(Table(thresholds.value, texts), thresholds.source)
