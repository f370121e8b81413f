"""The weighted mean of marks, with how it came about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from services.gradebook.rules.marks import mark_number


@dataclass(frozen=True, slots=True)
class Mean:
    """Σ(mark·weight) / Σ(weight), exact; `left_out` marks have no number or no weight."""

    numerator: Decimal
    denominator: Decimal
    counted: int
    left_out: int

    @property
    def value(self) -> Decimal | None:
        """The mean rounded half up to two decimals; None without marks that count."""
        if not self.denominator:
            return None
        hundredths = (self.numerator * 200 + self.denominator) // (self.denominator * 2)
        return hundredths.scaleb(-2).quantize(Decimal("0.01"))


def weighted_mean(marks: Iterable[tuple[str | None, Decimal]]) -> Mean:
    """The mean of (mark, weight of its kind of work). Marks without number do not count (domain, §3).

    A mark taken back (None) is no mark: it is neither counted nor left out.
    """
    numerator = denominator = Decimal(0)
    counted = left_out = 0
    for value, weight in marks:
        number = mark_number(value)
        if number is not None and weight:
            numerator += number * weight
            denominator += weight
            counted += 1
        elif value is not None:
            left_out += 1
    return Mean(numerator, denominator, counted, left_out)
