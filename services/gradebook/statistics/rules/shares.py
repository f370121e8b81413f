"""Shares that keep part and whole, and the rounding of figures for display (practice)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from kernel.phrases import Phrase, Sentence
from services.gradebook.term_marks.rules.means import rounded_half_up

HUNDRED: Final = 100
#: The number of decimals that a figure shows (domain, §3).
_DECIMALS: Final = 2

_OF: Final = Phrase("{part} из {whole}, то есть {percent} %", "{part} of {whole}, that is {percent} %")
_OF_NOTHING: Final = Phrase("{part} из {whole}: доли нет", "{part} of {whole}: there is no share")


def half_up(exact: Fraction) -> Decimal:
    """The number rounded to two decimals; halves round up, also below zero: −0.125 gives −0.12 (practice)."""
    return rounded_half_up(exact, _DECIMALS)


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`: points of the maximum, students of a class, lessons held of lessons planned."""

    part: Decimal
    whole: Decimal

    @property
    def exact(self) -> Fraction | None:
        """The exact share of 1; None if `whole` is 0."""
        return Fraction(self.part) / Fraction(self.whole) if self.whole else None

    @property
    def percent(self) -> Decimal | None:
        """The share in percent, rounded half up to two decimals; None if `whole` is 0."""
        return None if self.exact is None else half_up(self.exact * HUNDRED)

    @property
    def sentence(self) -> Sentence:
        """Both numbers and the percentage in words."""
        if self.percent is None:
            return _OF_NOTHING(part=self.part, whole=self.whole)
        return _OF(part=self.part, whole=self.whole, percent=self.percent)

    def __str__(self) -> str:
        return f"{self.part}/{self.whole}"


def share_of(part: int, whole: int) -> Share:
    """The share of one count in another (practice)."""
    return Share(Decimal(part), Decimal(whole))
