"""The scales on which marks are given, what a mark counts as, and which mark it is on another scale.

The scale of five is that of Russian schools (domain, §3); the others, and the tables, name who publishes them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final, NamedTuple

from kernel.errors import Invalid
from kernel.look_alikes import by_look
from kernel.phrases import Phrase
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.policy import Place, Policy

ZERO: Final = Decimal(0)
#: Code of a scale that `scale_of_numbers` made.
_NUMBERS: Final = re.compile(r"([0-9]{1,3})-([0-9]{1,3})")


class Refusal(NamedTuple):
    """Why a text is refused: a stable slug, and the sentence about it in both languages."""

    rule: str
    ru: str
    en: str

    @property
    def phrase(self) -> Phrase:
        """The sentence about it."""
        return Phrase(self.ru, self.en)

    def refused(self, field: str, **values: object) -> Invalid:
        """The refusal of a field's value."""
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
    """One mark: its text, what it counts as (None: not at all), whether it passes (None: says nothing of it)."""

    text: str
    number: Decimal | None
    passes: bool | None


FAILED: Final = ScaleMark("незач", None, False)
PASSED: Final = ScaleMark("зач", None, True)
NOT_ATTESTED: Final = "н/а"
EXEMPT: Final = "осв"
#: Marks in words, which stand beside the marks of every scale (domain, §3).
WORDS: Final = (FAILED, PASSED, ScaleMark(NOT_ATTESTED, None, False), ScaleMark(EXEMPT, None, None))


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """A scale of marks. There is one of each code, so that scales are equal where they are the same."""

    code: str
    name: Phrase
    #: From the worst to the best.
    marks: tuple[ScaleMark, ...]
    #: Whether + and − may follow a mark.
    signed: bool
    #: Whether a school may vote it. Others are there to read the marks of other systems.
    votable: bool = True

    @property
    def span(self) -> str:
        """The worst and the best mark: `1–5`; `5–1` where 1 is the best."""
        return f"{self.marks[0].text}–{self.marks[-1].text}"

    @property
    def is_latin(self) -> bool:
        """Whether its marks are Latin letters, so that one that was typed is meant."""
        return any(mark.text.isascii() and mark.text.isalpha() for mark in self.marks)

    @property
    def has_long_numbers(self) -> bool:
        """Whether a mark is a number of several digits, so that digits side by side may be one mark."""
        return any(len(mark.text) > 1 and mark.text.isdecimal() for mark in (self.marks[0], self.marks[-1]))


def whole_numbers(worst: int, best: int, least_pass: int | None) -> tuple[ScaleMark, ...]:
    """The marks of a scale of whole numbers, from `worst` to `best`, which may be the lower one (domain, §3).

    Without `least_pass` nobody says which of them pass.
    """
    better = 1 if best > worst else -1
    return tuple(
        ScaleMark(str(number), Decimal(number), None if least_pass is None else (number - least_pass) * better >= 0)
        for number in range(worst, best + better, better)
    )


#: The usual scale of Russian schools: 1 is on it, and rare (domain, §3).
FIVE: Final = Scale("five", Phrase("пятибалльная", "five points"), whole_numbers(1, 5, 3), signed=True)
FIVE_WITHOUT_ONE: Final = Scale(
    "five_without_one", Phrase("пятибалльная без единицы", "five points without 1"), whole_numbers(2, 5, 3), signed=True
)
#: For import alone: АСУ РСО's exports hold marks of 0, and count them (domain, §3).
FIVE_WITH_ZERO: Final = Scale(
    "five_with_zero",
    Phrase("пятибалльная с нулём", "five points with 0"),
    whole_numbers(0, 5, 3),
    signed=True,
    votable=False,
)
#: As in Czech schools: 1 is the best, and 4 still passes. For import alone: the tables of thresholds rise.
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
#: Letters with grade points, as in the United States: no E, and D passes.
LETTERS: Final = Scale(
    "letters",
    Phrase("буквенная", "letters"),
    tuple(ScaleMark(letter, Decimal(points), points > 0) for points, letter in enumerate("FDCBA")),
    signed=True,
)
#: Letters without number, as on European transcripts. For import alone: without numbers there is no mean.
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
    """The scale of the whole numbers from `lowest` to `highest`, the best one: one of `SCALES`, or one of its own.

    Line items of a bundle name any (OneRoster 1.1). One of its own has no signs, and nobody says which marks pass.
    """
    span = f"{lowest}–{highest}"
    for scale in SCALES.values():
        if scale.span == span:
            return scale
    name = Phrase(f"от {lowest} до {highest}", f"from {lowest} to {highest}")
    return Scale(f"{lowest}-{highest}", name, whole_numbers(lowest, highest, None), signed=False, votable=False)


def scale_at(policy: Policy, place: Place) -> Scale:
    """The scale on which marks are given there (domain, §3). Raises KeyError for a code that is none."""
    code = policy.scales.scale.at(place).value
    if code in SCALES:
        return SCALES[code]
    numbers = _NUMBERS.fullmatch(code)
    if numbers is None:
        raise KeyError(code)
    return scale_of_numbers(int(numbers[1]), int(numbers[2]))


@cache
def _marks_by_look(scale: Scale) -> Mapping[str, ScaleMark]:
    return {by_look(mark.text): mark for mark in (*WORDS, *scale.marks)}


def mark_on(scale: Scale, text: str) -> ScaleMark | None:
    """The mark of the scale, or the word beside it, that a text without sign looks like; None where there is none.

    Source: domain, §3.
    """
    return _marks_by_look(scale).get(by_look(text))


def shown_number(text: str | None) -> int | None:
    """The whole number that a mark shows, on whatever scale it was given; None for a word and for no mark.

    The statistics take period marks so: they are whole numbers without sign (domain, §4).
    """
    return int(text) if text is not None and text.isdecimal() else None


def may_be_signed(scale: Scale, mark: ScaleMark) -> bool:
    """Whether + or − may follow the mark: no word takes one (domain, §3)."""
    return scale.signed and mark in scale.marks


def number_of(scale: Scale, text: str, sign: str = "", step: Decimal = ZERO) -> Decimal | None:
    """What a mark counts as; None for a mark without number.

    `sign` is `"+"`, `"-"` or `""`; `step`, 0 or more, is what + adds towards the better end of the scale and − takes
    towards the worse. Beyond an end the end counts: `5+` is 5. Practice; no act counts signs. Raises `Invalid` where
    the scale has no such mark or the mark takes no sign.
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
    """Which mark of one scale is which of another, by their texts, and who converts so."""

    table: Mapping[str, str]
    source: Source


_PRACTICE: Final = Source("practice")
#: The table by which HSE University reads its ten points as five, and what it gives for five points brought along.
_HSE: Final = Source("hse")
#: The table of its preparatory faculty.
_HSE_PREPARATORY: Final = Source("hse-preparatory")


def _pairs(marks: str, others: str) -> Mapping[str, str]:
    return dict(zip(marks.split(), others.split(), strict=True))


def _bands(bands: Mapping[str, range]) -> Mapping[str, str]:
    return {str(points): mark for mark, band in bands.items() for points in band}


def by_passing(scale: Scale) -> Conversion:
    """`зач` or `незач` for each mark of any scale: whether it passes there (domain, §3)."""
    return Conversion({mark.text: PASSED.text if mark.passes else FAILED.text for mark in scale.marks}, _PRACTICE)


#: By the codes of both scales. Where nobody publishes a direction there is none: a 5 does not say which of 100 points.
CONVERSIONS: Final[Mapping[tuple[str, str], Conversion]] = {
    ("five_without_one", "five"): Conversion(_pairs("2 3 4 5", "2 3 4 5"), _PRACTICE),
    ("five", "five_without_one"): Conversion(_pairs("1 2 3 4 5", "2 2 3 4 5"), _PRACTICE),
    ("five_best_one", "five"): Conversion(_pairs("5 4 3 2 1", "2 3 3 4 5"), _PRACTICE),
    ("five", "five_best_one"): Conversion(_pairs("1 2 3 4 5", "5 5 3 2 1"), _PRACTICE),
    # What passes there passes here: the Polish 2 is a 3.
    ("six", "five"): Conversion(_pairs("1 2 3 4 5 6", "2 3 3 4 5 5"), _PRACTICE),
    ("five", "six"): Conversion(_pairs("1 2 3 4 5", "1 1 3 4 5"), _PRACTICE),
    ("ten", "five"): Conversion(_pairs("1 2 3 4 5 6 7 8 9 10", "2 2 2 3 3 4 4 5 5 5"), _HSE),
    ("five", "ten"): Conversion(_pairs("1 2 3 4 5", "1 1 4 6 8"), _HSE),
    # Four levels of three points each; 12, 11 and 10 were understood as 5+, 5 and 5−.
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
    """The mark of the scale `target` for a mark, written without sign, of the scale `source`; both by their codes.

    Each table names its source (`Conversion.source`).

    A word stays as it is: `н/а` is `н/а` everywhere. So does a mark that is not to leave its scale. Raises `Invalid`
    where no table leads from the one scale to the other or the scale has no such mark, KeyError for a code that is
    none.
    Source: domain, §3.
    """
    scale, other = SCALES[source], SCALES[target]
    conversion = CONVERSIONS.get((source, target))
    if conversion is None and scale is not other:
        raise NO_TABLE.refused("value", span=scale.span, other=other.span)
    mark = _mark_of(scale, text)
    return conversion.table.get(mark.text, mark.text) if conversion else mark.text
