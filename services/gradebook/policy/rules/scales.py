"""The scales of marks, the numbers that marks count as, and conversion between scales.

The five-point scale is that of Russian schools (domain, §3); the other scales and the tables name their source.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final, NamedTuple

from contracts.cell_words import MARK_OF
from kernel.errors import Invalid
from kernel.look_alikes import by_look, letters
from kernel.phrases import Phrase
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.policy import Place, Policy, Scope

ZERO: Final = Decimal(0)
#: The code of a scale made by `scale_of_numbers`.
_NUMBERS: Final = re.compile(r"([0-9]{1,3})-([0-9]{1,3})")


class Refusal(NamedTuple):
    """The reason for refusing a text: a stable slug, and a sentence in both languages."""

    rule: str
    ru: str
    en: str

    @property
    def phrase(self) -> Phrase:
        """The sentence in both languages."""
        return Phrase(self.ru, self.en)

    def refused(self, field: str, **values: object) -> Invalid:
        """The error that refuses a field's value."""
        return Invalid.of(self.phrase(**values).text, rule=self.rule, field=field)


OFF_SCALE: Final = Refusal(
    "mark-off-scale",
    "Отметки «{piece}» нет на шкале {span}.",
    "There is no mark {piece} on the scale {span}.",
)
SIGN_REFUSED: Final = Refusal(
    "sign-refused",
    "После «{mark}» знак «{sign}» не ставится.",
    "The sign {sign} may not follow {mark}.",
)
NO_TABLE: Final = Refusal(
    "scales-without-table",
    "Нет таблицы, по которой отметки шкалы {span} переводятся в шкалу {other}.",
    "There is no table by which marks of the scale {span} become marks of the scale {other}.",
)


class ScaleMark(NamedTuple):
    """One mark: its text, its number (None: has none), whether it passes (None: undefined)."""

    text: str
    number: Decimal | None
    passes: bool | None


FAILED: Final = ScaleMark("незач", None, False)
PASSED: Final = ScaleMark("зач", None, True)
NOT_ATTESTED: Final = "н/а"
EXEMPT: Final = "осв"
#: Marks in words, which every scale has besides its own marks (domain, §3).
WORDS: Final = (FAILED, PASSED, ScaleMark(NOT_ATTESTED, None, False), ScaleMark(EXEMPT, None, None))


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """A scale of marks. Each code has one instance, so scales are compared by identity."""

    code: str
    name: Phrase
    #: From the worst to the best.
    marks: tuple[ScaleMark, ...]
    #: Whether + and − may follow a mark.
    signed: bool
    #: Whether a school may vote it. Other scales only serve to read marks of other systems.
    votable: bool = True

    @property
    def span(self) -> str:
        """The worst and the best mark: `1–5`; `5–1` if 1 is the best."""
        return f"{self.marks[0].text}–{self.marks[-1].text}"

    @property
    def is_latin(self) -> bool:
        """Whether its marks are Latin letters, which must then not be read as Cyrillic keys."""
        return any(mark.text.isascii() and mark.text.isalpha() for mark in self.marks)

    @property
    def has_long_numbers(self) -> bool:
        """Whether a mark is a number of several digits, so that digits side by side may be one mark."""
        return any(len(mark.text) > 1 and mark.text.isdecimal() for mark in (self.marks[0], self.marks[-1]))


def whole_numbers(worst: int, best: int, least_pass: int | None) -> tuple[ScaleMark, ...]:
    """The marks of a scale of whole numbers from `worst` to `best`; `best` may be the lower number (domain, §3).

    Without `least_pass` it is undefined which of them pass.
    """
    better = 1 if best > worst else -1
    return tuple(
        ScaleMark(str(number), Decimal(number), None if least_pass is None else (number - least_pass) * better >= 0)
        for number in range(worst, best + better, better)
    )


#: The usual scale of Russian schools; its 1 is rare (domain, §3).
FIVE: Final = Scale("five", Phrase("пятибалльная", "five points"), whole_numbers(1, 5, 3), signed=True)
FIVE_WITHOUT_ONE: Final = Scale(
    "five_without_one", Phrase("пятибалльная без единицы", "five points without 1"), whole_numbers(2, 5, 3), signed=True
)
#: For import only: АСУ РСО's exports hold marks of 0 and count them (domain, §3).
FIVE_WITH_ZERO: Final = Scale(
    "five_with_zero",
    Phrase("пятибалльная с нулём", "five points with 0"),
    whole_numbers(0, 5, 3),
    signed=True,
    votable=False,
)
#: As in Czech schools: 1 is the best, and 4 still passes. For import only, as tables of thresholds assume rising marks.
FIVE_BEST_ONE: Final = Scale(
    "five_best_one",
    Phrase("пятибалльная, лучшая — единица", "five points, 1 is best"),
    whole_numbers(5, 1, 4),
    signed=True,
    votable=False,
)
#: As in Polish schools, where 2 passes.
SIX: Final = Scale("six", Phrase("шестибалльная", "six points"), whole_numbers(1, 6, 2), signed=True)
TEN: Final = Scale("ten", Phrase("десятибалльная", "ten points"), whole_numbers(1, 10, 4), signed=False)
TWELVE: Final = Scale("twelve", Phrase("двенадцатибалльная", "twelve points"), whole_numbers(1, 12, 4), signed=False)
HUNDRED: Final = Scale("hundred", Phrase("стобалльная", "hundred points"), whole_numbers(0, 100, 51), signed=False)
PASS_FAIL: Final = Scale("pass_fail", Phrase("зачёт и незачёт", "pass or fail"), (FAILED, PASSED), signed=False)
#: Letters with grade points, as in the United States: there is no E, and D passes.
LETTERS: Final = Scale(
    "letters",
    Phrase("буквенная", "letters"),
    tuple(ScaleMark(letter, Decimal(points), points > 0) for points, letter in enumerate("FDCBA")),
    signed=True,
)
#: Letters without numbers, as on European transcripts. For import only, as there is no mean without numbers.
ECTS: Final = Scale(
    "ects",
    Phrase("буквенная ECTS", "ECTS letters"),
    tuple(ScaleMark(letter, None, letter not in {"F", "FX"}) for letter in ("F", "FX", "E", "D", "C", "B", "A")),
    signed=False,
    votable=False,
)
SCALES: Final[Mapping[str, Scale]] = {
    scale.code: scale
    for scale in (
        FIVE,
        FIVE_WITHOUT_ONE,
        FIVE_WITH_ZERO,
        FIVE_BEST_ONE,
        SIX,
        TEN,
        TWELVE,
        HUNDRED,
        PASS_FAIL,
        LETTERS,
        ECTS,
    )
}


@cache
def scale_of_numbers(lowest: int, highest: int) -> Scale:
    """The scale of whole numbers from `lowest` to `highest`, the best: one of `SCALES` if it fits, else a new one.

    Line items of a bundle may name any such scale (OneRoster 1.1). A new scale has no signs, and it is undefined which
    of its marks pass.
    """
    span = f"{lowest}–{highest}"
    for scale in SCALES.values():
        if scale.span == span:
            return scale
    name = Phrase(f"от {lowest} до {highest}", f"from {lowest} to {highest}")
    return Scale(f"{lowest}-{highest}", name, whole_numbers(lowest, highest, None), signed=False, votable=False)


def scale_at(policy: Policy, place: Place) -> Scale:
    """The scale that applies in a place (domain, §3). Raises KeyError for an unknown code."""
    code = policy.scales.scale.at(place).value
    if code in SCALES:
        return SCALES[code]
    numbers = _NUMBERS.fullmatch(code)
    if numbers is None:
        raise KeyError(code)
    return scale_of_numbers(int(numbers[1]), int(numbers[2]))


def scales_of(policy: Policy) -> tuple[str, dict[Scope, str]]:
    """The codes of a policy's scales: the usual one, and those of places that have another (domain, §3).

    Who decided them makes no difference.
    """
    rule = policy.scales.scale
    return rule.value, {one.scope: one.value for one in rule.specials if one.value != rule.value}


_WORD_OF: Final = {spelling: word for spelling, text in MARK_OF.items() for word in WORDS if word.text == text}


@cache
def _marks_by_look(scale: Scale) -> Mapping[str, ScaleMark]:
    return {by_look(mark.text): mark for mark in (*WORDS, *scale.marks)}


def mark_on(scale: Scale, text: str) -> ScaleMark | None:
    """The mark or word of the scale that a text without a sign looks like; None if there is none.

    Words are read in all their spellings: `Зачёт`, `осв.`, `н.а.` (`contracts/cell_words.py`).

    Source: domain, §3.
    """
    return _marks_by_look(scale).get(by_look(text)) or _WORD_OF.get(letters(text))


def shown_number(text: str | None) -> int | None:
    """The whole number that a mark shows, on any scale; None for a word and for no mark.

    Statistics use it for period marks, which are whole numbers without signs (domain, §4).
    """
    return int(text) if text is not None and text.isdecimal() else None


def may_be_signed(scale: Scale, mark: ScaleMark) -> bool:
    """Whether + or − may follow the mark; never after a word (domain, §3)."""
    return scale.signed and mark in scale.marks


def number_of(scale: Scale, text: str, sign: str = "", step: Decimal = ZERO) -> Decimal | None:
    """The number that a mark counts as; None for a mark without a number.

    `sign` is `"+"`, `"-"` or `""`; `step`, 0 or more, moves the number towards the better end of the scale for + and
    towards the worse for −, but not beyond the end: `5+` is 5. Source: practice; no act counts signs. Raises `Invalid`
    if the scale has no such mark or the mark takes no sign.
    """
    mark = _mark_of(scale, text)
    if sign and not may_be_signed(scale, mark):
        raise SIGN_REFUSED.refused("value", mark=mark.text, sign=sign)
    return _moved(scale, mark.number, step if sign == "+" else -step if sign else ZERO)


def _moved(scale: Scale, number: Decimal | None, better_by: Decimal) -> Decimal | None:
    if number is None:
        return None
    numbers = [mark.number for mark in scale.marks if mark.number is not None]
    moved = number + better_by if numbers[-1] > numbers[0] else number - better_by
    return min(max(moved, min(numbers)), max(numbers))


def _mark_of(scale: Scale, text: str) -> ScaleMark:
    mark = mark_on(scale, text)
    if mark is None:
        raise OFF_SCALE.refused("value", piece=text, span=scale.span)
    return mark


class Conversion(NamedTuple):
    """A table from marks of one scale to marks of another, by their texts, and its source."""

    table: Mapping[str, str]
    source: Source


_PRACTICE: Final = Source("practice")
#: HSE University's tables between its ten-point scale and the five-point scale.
_HSE: Final = Source("hse")
#: The table of HSE's preparatory faculty.
_HSE_PREPARATORY: Final = Source("hse-preparatory")


def _pairs(marks: str, others: str) -> Mapping[str, str]:
    return dict(zip(marks.split(), others.split(), strict=True))


def _bands(bands: Mapping[str, range]) -> Mapping[str, str]:
    return {str(points): mark for mark, band in bands.items() for points in band}


def by_passing(scale: Scale) -> Conversion:
    """The conversion of a scale's marks to `зач` or `незач`, by whether they pass (domain, §3)."""
    return Conversion({mark.text: PASSED.text if mark.passes else FAILED.text for mark in scale.marks}, _PRACTICE)


#: By the codes of both scales. Unpublished directions are missing: a 5 does not determine a number of 100 points.
CONVERSIONS: Final[Mapping[tuple[str, str], Conversion]] = {
    ("five_without_one", "five"): Conversion(_pairs("2 3 4 5", "2 3 4 5"), _PRACTICE),
    ("five", "five_without_one"): Conversion(_pairs("1 2 3 4 5", "2 2 3 4 5"), _PRACTICE),
    ("five_best_one", "five"): Conversion(_pairs("5 4 3 2 1", "2 3 3 4 5"), _PRACTICE),
    ("five", "five_best_one"): Conversion(_pairs("1 2 3 4 5", "5 5 3 2 1"), _PRACTICE),
    # Passing marks stay passing: the Polish 2 is a 3.
    ("six", "five"): Conversion(_pairs("1 2 3 4 5 6", "2 3 3 4 5 5"), _PRACTICE),
    ("five", "six"): Conversion(_pairs("1 2 3 4 5", "1 1 3 4 5"), _PRACTICE),
    ("ten", "five"): Conversion(_pairs("1 2 3 4 5 6 7 8 9 10", "2 2 2 3 3 4 4 5 5 5"), _HSE),
    ("five", "ten"): Conversion(_pairs("1 2 3 4 5", "1 1 4 6 8"), _HSE),
    # Four levels of three points each; 12, 11 and 10 correspond to 5+, 5 and 5−.
    ("twelve", "five"): Conversion(_pairs("1 2 3 4 5 6 7 8 9 10 11 12", "2 2 2 3 3 3 4 4 4 5 5 5"), _PRACTICE),
    ("five", "twelve"): Conversion(_pairs("1 2 3 4 5", "1 2 5 8 11"), _PRACTICE),
    ("hundred", "five"): Conversion(
        _bands({"2": range(51), "3": range(51, 71), "4": range(71, 85), "5": range(85, 101)}), _HSE_PREPARATORY
    ),
    ("letters", "five"): Conversion(_pairs("F D C B A", "2 3 3 4 5"), _PRACTICE),
    ("five", "letters"): Conversion(_pairs("1 2 3 4 5", "F F C B A"), _PRACTICE),
    ("ects", "five"): Conversion(_pairs("F FX E D C B A", "2 2 3 3 4 4 5"), _PRACTICE),
} | {(scale.code, "pass_fail"): by_passing(scale) for scale in SCALES.values() if scale is not PASS_FAIL}


def converted(text: str, source: str, target: str) -> str:
    """Convert a mark, written without a sign, from the scale `source` to the scale `target`, both given by code.

    Each table names its source (`Conversion.source`).

    Words stay: `н/а` is `н/а` on every scale. A mark also stays if both scales are the same. Raises `Invalid` if there
    is no table for the two scales or `source` has no such mark, KeyError for an unknown code.
    Source: domain, §3.
    """
    scale, other = SCALES[source], SCALES[target]
    conversion = CONVERSIONS.get((source, target))
    if conversion is None and scale is not other:
        raise NO_TABLE.refused("value", span=scale.span, other=other.span)
    mark = _mark_of(scale, text)
    return conversion.table.get(mark.text, mark.text) if conversion else mark.text
