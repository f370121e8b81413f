"""Decides which marks count in a mean, as what number and with what weight (domain, §3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from kernel.phrases import Phrase, Sentence
from services.gradebook.explaining.explained import LeftOut, Source, Used
from services.gradebook.explaining.given import ONE, GivenMark, State
from services.gradebook.policy.rules.policy import Handling, MeanRules, Place, Ruling

#: A mark, the number it counts as (the points of a work scored in points), and its weight.
UsedMark = Used[GivenMark]

ZERO: Final = Decimal(0)
_GIVEN: Final = State.GIVEN
_EXCUSED: Final = State.EXCUSED


class Reason(NamedTuple):
    """The reason why a mark does not count: a stable slug, a sentence, and the rule's source."""

    rule: str
    sentence: Sentence
    source: Source | None = None


class KindRules(NamedTuple):
    """The rules for marks of one kind of work."""

    weight: Ruling[Decimal]
    #: Whether a mark's own weight counts.
    own_weight: bool
    excused: Ruling[Handling]
    ungraded: Ruling[Handling]
    only_if_helps: Ruling[bool]
    brought: Ruling[bool]


@dataclass(slots=True)
class Counted:
    """Marks sorted into those that count, those that may help, and those left out.

    `always` count in any case, `helping` only if they raise the mean. The keys of `sources` are the sources of the
    applied rules, in order and without repetition.
    """

    always: list[UsedMark] = field(default_factory=list)
    helping: list[UsedMark] = field(default_factory=list)
    left_out: list[LeftOut[GivenMark]] = field(default_factory=list)
    sources: dict[Source, None] = field(default_factory=dict)

    def leave_out(self, mark: GivenMark, reason: Reason) -> None:
        """Add a mark that does not count."""
        self.left_out.append(LeftOut(mark, reason.rule, reason.sentence))
        if reason.source:
            self.sources[reason.source] = None


_LATER: Final = Reason(
    "later", Phrase("внесена позже даты расчёта", "it was entered after the date of the calculation")()
)
_NO_NUMBER: Final = Reason("no-number", Phrase("это не числовая отметка", "it is not a number")())
_BROUGHT: Final = Phrase(
    "получена в другой школе, а такие отметки не учитываются",
    "it was set at another school, and such marks do not count",
)()
_NOT_HELD: Final = Phrase(
    "ученик освобождён от работы или пропустил её по уважительной причине",
    "the student was exempt from the work, or missed it for a good reason",
)()
_NO_MARK_YET: Final = Phrase("работа ещё не оценена", "the work has no mark yet")()
_NO_WEIGHT: Final = Phrase("у работы нулевой вес", "the work has no weight")()


def counted(
    marks: Iterable[GivenMark], rules: MeanRules, place: Place, as_of: date | None, numbers: Mapping[str, Decimal]
) -> Counted:
    """Sort marks: those that count, with number and weight, and the others with the reason.

    A mark's weight is its own, else that of its kind of work; if the school does not use weights, it is 1 (domain, §3).
    `numbers` maps texts of marks without a number to the numbers they count as; other such marks do not count, nor do
    marks entered after `as_of`.
    """
    found = Counted()
    by_kind: dict[str, KindRules] = {}
    for mark in marks:
        kind = by_kind.get(mark.kind)
        if kind is None:
            kind = by_kind[mark.kind] = _kind_rules(rules, place._replace(kind=mark.kind))
        number = _LATER if as_of and not known(mark, as_of) else _number(mark, kind, numbers)
        if isinstance(number, Reason):
            found.leave_out(mark, number)
            continue
        weight = mark.weight if kind.own_weight and mark.weight is not None else kind.weight.value
        found.sources[kind.weight.source] = None
        if not (weight and mark.maximum):
            found.leave_out(mark, Reason("no-weight", _NO_WEIGHT))
        elif mark.only_if_helps or kind.only_if_helps.value:
            found.helping.append(Used(mark, number, weight))
        else:
            found.always.append(Used(mark, number, weight))
    return found


def known(mark: GivenMark, day: date) -> bool:
    """Whether the mark was entered by the end of that day (domain, §3). True for a mark without a date."""
    entered = mark.entered_on or mark.day
    return entered is None or entered <= day


def _kind_rules(rules: MeanRules, place: Place) -> KindRules:
    weighted = rules.weighted.at(place)
    return KindRules(
        rules.weight.at(place) if weighted.value else Ruling(ONE, weighted.source),
        weighted.value,
        rules.excused.at(place),
        rules.ungraded.at(place),
        rules.only_if_helps.at(place),
        rules.brought.at(place),
    )


def _number(mark: GivenMark, kind: KindRules, numbers: Mapping[str, Decimal]) -> Decimal | Reason:
    """The number that the mark counts as, or the reason why it does not count."""
    if mark.brought and not kind.brought.value:
        return Reason("brought", _BROUGHT, kind.brought.source)
    if mark.state is _GIVEN:
        number = mark.number if mark.number is not None else numbers.get(mark.text)
        return _NO_NUMBER if number is None else number
    if mark.state is _EXCUSED:
        handling, rule, sentence = kind.excused, "excused", _NOT_HELD
    else:
        handling, rule, sentence = kind.ungraded, "ungraded", _NO_MARK_YET
    return ZERO if handling.value is Handling.ZERO else Reason(rule, sentence, handling.source)
