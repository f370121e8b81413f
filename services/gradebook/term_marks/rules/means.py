"""The mean of marks by the school's policy, with its explanation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Context, Decimal, Inexact, localcontext
from fractions import Fraction
from math import gcd, lcm
from types import MappingProxyType
from typing import Final

from kernel.phrases import Phrase, Sentence
from services.gradebook.explaining.explained import Explained
from services.gradebook.explaining.formulas import quotient
from services.gradebook.explaining.given import GivenMark
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.term_marks.rules.choosing import total
from services.gradebook.term_marks.rules.counting import UsedMark, counted
from services.gradebook.term_marks.rules.parts import Part, parts

#: Exact decimal arithmetic; results of more than 200 digits raise `decimal.Inexact`.
EXACT: Final = Context(prec=200, traps=[Inexact])
NO_NUMBERS: Final[Mapping[str, Decimal]] = MappingProxyType({})

_TOGETHER: Final = Phrase("Все группы вместе", "All groups together")
_ROUNDED: Final = Phrase(
    "Округлённо (половина вверх): {figure}.",
    "Rounded (a half goes up): {figure}.",
)


def rounded_half_up(exact: Fraction, decimals: int) -> Decimal:
    """The number rounded to so many decimals; halves round up: 2.995 gives 3.00 (practice)."""
    scale = 10**decimals
    return Decimal((2 * exact.numerator * scale + exact.denominator) // (2 * exact.denominator)).scaleb(-decimals)


def mean(
    marks: Iterable[GivenMark],
    policy: Policy,
    place: Place,
    as_of: date | None = None,
    numbers: Mapping[str, Decimal] = NO_NUMBERS,
) -> Explained[GivenMark]:
    """The mean of a student's marks in a course, by the school's policy (domain, §3).

    Without groups it is Σ(number·weight) / Σ(maximum·weight), where `maximum` is 1 for marks and the maximum score for
    works scored in points. With groups of kinds it is Σ(group's mean · group's weight) / Σ(group's weight) over the
    groups that have marks. Marks are left out in this order: those that do not count at all; the dropped lowest and
    highest; those that count only if they help, if they would lower the mean.

    `figure` is a Decimal, rounded half up to the policy's decimals, or None if nothing counts. Every mark is in either
    `used` or `left_out`; Σ(number·weight) / Σ(maximum·weight) over `used` equals `exact`. With groups, the weights in
    `used` are therefore the smallest whole numbers in proportion to the marks' shares. `numbers` gives the numbers of
    marks without one. Raises `decimal.Inexact` beyond 200 digits.
    """
    rules = policy.means
    with localcontext(EXACT):
        found = counted(marks, rules, place, as_of, numbers)
        made = parts(found, rules, place)
        if not made:
            return Explained(None, None, (), tuple(found.left_out), (), tuple(found.sources), policy.version)
        used, exact, steps = _result(made)
    decimals = rules.decimals.at(place)
    figure = rounded_half_up(exact, decimals.value)
    if figure != exact:
        steps = (*steps, _ROUNDED(figure=figure))
        found.sources[decimals.source] = None
    return Explained(figure, exact, used, tuple(found.left_out), steps, tuple(found.sources), policy.version)


def _result(made: Sequence[Part]) -> tuple[tuple[UsedMark, ...], Fraction, tuple[Sentence, ...]]:
    if len(made) == 1:
        [only] = made
        used, exact = tuple(only.used), only.sum.mean
        return used, exact, (quotient(used, only.sum.size, exact, only.group.code),)
    whole = total(part.share for part in made)
    steps = [quotient(tuple(part.used), part.sum.size, part.sum.mean, part.group.code) for part in made]
    shares = tuple((part.group, part.sum.mean, part.group.weight) for part in made)
    return _shared_out(made), whole.mean, (*steps, quotient(shares, whole.size, whole.mean, _TOGETHER))


def _shared_out(made: Sequence[Part]) -> tuple[UsedMark, ...]:
    """The marks of all groups, with weights by which a single quotient gives the mean of the groups."""
    pairs = [
        (one, Fraction(one.weight) * Fraction(part.group.weight) / part.sum.size) for part in made for one in part.used
    ]
    divisor = lcm(*(weight.denominator for _, weight in pairs))
    whole = [(one, int(weight * divisor)) for one, weight in pairs]
    common = gcd(*(weight for _, weight in whole))
    return tuple(one._replace(weight=Decimal(weight // common)) for one, weight in whole)
