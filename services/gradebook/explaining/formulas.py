"""Calculations written out for parents: `(5 × 2 + 4) / 3 = 4,6667`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from kernel.phrases import Language, Phrase, Sentence, shown

_MEAN: Final = Phrase("{above} / {below} = {result}.", "{above} / {below} = {result}.")
_MEAN_OF: Final = Phrase("{name}: {above} / {below} = {result}.", "{name}: {above} / {below} = {result}.")
_ONE: Final = 1

#: An input (not shown), the number it counts as, and its weight. A `Used` is a term.
Term = tuple[object, Decimal | Fraction, Decimal]


@dataclass(frozen=True, slots=True)
class Formula(Sentence):
    """Σ(number × weight) / divisor; the text is built only when it is read."""

    terms: tuple[Term, ...] = ()
    divisor: Fraction = Fraction(1)
    result: Fraction = Fraction()

    def said(self, language: Language) -> str:
        """The calculation as text; a weight of 1 is not shown."""
        parts = [_term(number, weight, language) for _, number, weight in self.terms]
        above = parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"
        values = (*self.values, ("above", above), ("below", self.divisor), ("result", self.result))
        return Sentence(self.phrase, values).said(language)


def quotient(terms: tuple[Term, ...], divisor: Fraction, result: Fraction, name: object = "") -> Formula:
    """The calculation of a mean; `name` is the name of the part if there are several."""
    if name:
        return Formula(_MEAN_OF, (("name", name),), terms, divisor, result)
    return Formula(_MEAN, (), terms, divisor, result)


def _term(number: Decimal | Fraction, weight: Decimal, language: Language) -> str:
    text = shown(number, language)
    return text if weight == _ONE else f"{text} × {shown(weight, language)}"
