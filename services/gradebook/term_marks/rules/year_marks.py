"""Computes the year mark from term marks, and the marks of the certificates of grades 9 and 11."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from kernel.look_alikes import by_look
from kernel.phrases import Phrase
from services.gradebook.explaining.explained import Explained, LeftOut, Source, Used
from services.gradebook.explaining.formulas import quotient
from services.gradebook.explaining.given import ONE
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import (
    EXEMPT,
    NOT_ATTESTED,
    PASS_FAIL,
    Scale,
    mark_on,
    scale_at,
    shown_number,
)
from services.gradebook.term_marks.rules.means import rounded_half_up
from services.gradebook.term_marks.rules.thresholds import PASSES, year_table

#: The order that regulates certificates.
CERTIFICATES: Final = Source("приказ Минпросвещения России от 05.10.2020 № 546")
#: The text shown for a term without a mark.
NO_MARK: Final = "—"

_EXEMPT_THEN: Final = Phrase("ученик был освобождён от предмета", "the student was exempt from the course")()
_MISSING: Final = Phrase("числовой отметки за период нет", "there is no mark with a number for the term")()
_OFF_SCALE: Final = Phrase("отметки нет на шкале {span}", "the mark is not on the scale {span}")
_UNMARKED: Final = Phrase("Отметки здесь не ставятся.", "No marks are given here.")()
_NOT_TAKEN: Final = Phrase("отметки здесь не ставятся", "no marks are given here")()
_EXEMPT_ALL_YEAR: Final = Phrase(
    "Ученик освобождён от предмета весь год: «осв».", "The student was exempt from the course all year: осв."
)()
_TOO_MANY_MISSING: Final = Phrase(
    "Периодов без отметки: {missing}, допускается не больше {most}: «н/а».",
    "Terms without a mark: {missing}; at most {most} may be missing: н/а.",
)
_NO_TERMS: Final = Phrase("Отметок за периоды нет: «н/а».", "There are no term marks: н/а.")()
_NO_EXAM: Final = Phrase(
    "Экзамена нет или он не учитывается: итоговая отметка — годовая, «{mark}».",
    "There is no exam, or it does not count: the mark is that of the year, {mark}.",
)
_EXAM_UNREAD: Final = Phrase(
    "«{exam}» за экзамен — не число этой шкалы: итоговая отметка — годовая, «{mark}».",
    "The exam's {exam} is no number of the scale: the mark is that of the year, {mark}.",
)
_NO_YEAR_BEFORE: Final = Phrase("Отметок за 10 класс здесь нет.", "The marks of grade 10 are missing here.")()
_NO_NUMBERS: Final = Phrase(
    "Числовых отметок нет: итоговая отметка — годовая, «{mark}».",
    "There are no marks with a number: the mark is that of the year, {mark}.",
)
_NO_YEAR: Final = Phrase("Числовой годовой отметки нет: «{mark}».", "There is no year mark with a number: {mark}.")
_WITHOUT_YEAR: Final = Phrase("числовой годовой отметки нет", "there is no year mark with a number")()
_NOT_COUNTED: Final = Phrase("экзамен не учитывается", "the exam does not count")()
_ROUNDED: Final = Phrase(
    "Округлённо до целого (половина вверх): «{mark}».", "Rounded to a whole number (a half goes up): {mark}."
)


def year_mark(terms: Iterable[str | None], policy: Policy, place: Place) -> Explained[str]:
    """The year mark from the term marks as the journal shows them; None is a term without a mark (domain, §3).

    If the policy gives no marks, as in grade 1, the figure is None.

    The unrounded mean of the marks with a number is compared with the policy's thresholds of the year. A term with
    `осв` (exempt) neither counts nor is missing; if all terms are `осв`, so is the year. If more terms than the policy
    allows have neither a number nor `осв`, the year mark is `н/а`. On the scale `pass_fail` it is `зач` if the share
    of terms with `зач` is at least the policy's for a term.
    """
    texts = [text or NO_MARK for text in terms]
    marked = policy.scales.marked.at(place)
    if not marked.value:
        left_out = tuple(LeftOut(text, "unmarked", _NOT_TAKEN) for text in texts)
        return Explained(None, None, (), left_out, (_UNMARKED,), (marked.source,), policy.version)
    scale = scale_at(policy, place)
    used = tuple(Used(text, number, ONE) for text in texts if (number := _number(text, scale)) is not None)
    left_out = tuple(_left_out(text, scale) for text in texts if _number(text, scale) is None)
    most = policy.years.most_missing_terms.at(place)
    missing = sum(one.rule != "exempt" for one in left_out)
    if texts and all(map(_is_exempt, texts)):
        return Explained(EXEMPT, None, (), left_out, (_EXEMPT_ALL_YEAR,), (), policy.version)
    if missing > most.value:
        step = _TOO_MANY_MISSING(missing=missing, most=most.value)
        return Explained(NOT_ATTESTED, None, used, left_out, (step,), (most.source,), policy.version)
    if not used:
        return Explained(NOT_ATTESTED, None, (), left_out, (_NO_TERMS,), (), policy.version)
    return _from_terms(used, left_out, policy, place)


def _from_terms(
    used: tuple[Used[str], ...], left_out: tuple[LeftOut[str], ...], policy: Policy, place: Place
) -> Explained[str]:
    table, source = year_table(policy, place)
    exact = Fraction(sum(one.number for one in used)) / len(used)
    index = table.reached(exact)
    steps = (quotient(used, Fraction(len(used)), exact), table.sentence(exact, index))
    return Explained(table.text(index), exact, used, left_out, steps, (source,), policy.version)


def _number(text: str, scale: Scale) -> Decimal | None:
    """The number of a term mark in the year; None for a word and for a mark that is not on the scale."""
    if scale is PASS_FAIL:
        return PASSES.get(text)
    mark = mark_on(scale, text)
    return mark.number if mark else None


def _is_exempt(text: str) -> bool:
    return by_look(text) == by_look(EXEMPT)


def _left_out(text: str, scale: Scale) -> LeftOut[str]:
    if _is_exempt(text):
        return LeftOut(text, "exempt", _EXEMPT_THEN)
    if shown_number(text) is not None:
        return LeftOut(text, "off-scale", _OFF_SCALE(span=scale.span))
    return LeftOut(text, "no-number", _MISSING)


def certificate_mark(year: str, exam: str | None, policy: Policy, place: Place) -> Explained[str]:
    """The mark in the certificate of grade 9 from the year mark and the exam's, None if not taken (domain, §3).

    (year + exam · weight of the exam) / (1 + weight), rounded half up to a whole number, as the ministry's order on
    certificates requires (No. 115 of 2014, clause 5.3; since 2021 No. 546), whatever the policy's thresholds. Without
    an exam, or if the policy gives it weight 0, it is the year mark. A year mark without a number stays if it is `осв`,
    `зач` or `незач`; otherwise the mark is `н/а`.
    """
    weight = policy.years.exam_weight.at(place)
    scale = scale_at(policy, place)
    number, exam_number = _counted(year, scale), _counted(exam, scale)
    inputs = [text for text in (year, exam) if text]
    if number is None:
        figure = year if year in {EXEMPT, *PASSES} else NOT_ATTESTED
        left_out = tuple(LeftOut(text, "no-year-mark", _WITHOUT_YEAR) for text in inputs)
        return Explained(figure, None, (), left_out, (_NO_YEAR(mark=figure),), (), policy.version)
    first = Used(year, number, ONE)
    if exam and exam_number is None and weight.value:
        left_out = (_left_out(exam, scale),)
        step = _EXAM_UNREAD(exam=exam, mark=year)
        return Explained(year, Fraction(number), (first,), left_out, (step,), (weight.source,), policy.version)
    if exam_number is None or not weight.value:
        left_out = tuple(LeftOut(text, "exam-not-counted", _NOT_COUNTED) for text in inputs[1:])
        step = _NO_EXAM(mark=year)
        return Explained(year, Fraction(number), (first,), left_out, (step,), (weight.source,), policy.version)
    used = (first, Used(inputs[1], exam_number, weight.value))
    return _whole(used, (), (weight.source, CERTIFICATES), policy, scale)


def _counted(text: str | None, scale: Scale) -> Decimal | None:
    """The number of a mark in a certificate; `зач` and `незач` have none there."""
    return None if text is None or scale is PASS_FAIL else _number(text, scale)


def secondary_certificate_mark(
    before: Sequence[str | None], terms: Iterable[str | None], year: str, policy: Policy, place: Place
) -> Explained[str]:
    """The mark in the certificate of grade 11 from the half-year and year marks of grades 10 and 11.

    `before` are those of grade 10, `terms` and `year` those of grade 11; None is a missing mark. It is their mean,
    rounded half up to a whole number; exams do not count (the same order as in `certificate_mark`). Marks without a
    number are left out. Without any number it is the year mark if that is `осв`, `зач` or `незач`; otherwise `н/а`
    (practice). Where there are no marks of grade 10, the steps say so.
    """
    texts = [text or NO_MARK for text in (*before, *terms, year)]
    scale = scale_at(policy, place)
    used = tuple(Used(text, number, ONE) for text in texts if (number := _counted(text, scale)) is not None)
    left_out = tuple(_left_out(text, scale) for text in texts if _counted(text, scale) is None)
    if used:
        found = _whole(used, left_out, (CERTIFICATES,), policy, scale)
    elif year in {EXEMPT, *PASSES}:
        found = Explained(year, None, (), left_out, (_NO_NUMBERS(mark=year),), (CERTIFICATES,), policy.version)
    else:
        found = Explained(NOT_ATTESTED, None, (), left_out, (_NO_TERMS,), (CERTIFICATES,), policy.version)
    return found if before else replace(found, steps=(_NO_YEAR_BEFORE, *found.steps))


def _whole(
    used: tuple[Used[str], ...],
    left_out: tuple[LeftOut[str], ...],
    sources: tuple[Source, ...],
    policy: Policy,
    scale: Scale,
) -> Explained[str]:
    """The weighted mean, rounded half up to a whole number, as a mark of the scale."""
    size = Fraction(sum(one.weight for one in used))
    exact = sum(Fraction(one.number) * Fraction(one.weight) for one in used) / size
    whole = rounded_half_up(exact, 0)
    figure = next(mark.text for mark in scale.marks if mark.number == whole)  # the mean is within the scale
    steps = (quotient(used, size, exact), _ROUNDED(mark=figure))
    return Explained(figure, exact, used, left_out, steps, sources, policy.version)
