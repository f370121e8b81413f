"""Excuses of families, and what accepting or rejecting one does to the absences it covers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kernel.errors import Invalid
from services.attendance.absences.rules.ranges import Range
from services.attendance.absences.rules.records import Change, LessonRecord, in_order
from services.attendance.codes.rules import Code, Dictionary, Reason

#: The fewest letters that explain anything.
SHORTEST_TEXT = 3


@dataclass(frozen=True, slots=True)
class Excuse:
    """A family's explanation of absences. `ill`: it tells of an illness.

    Raises `Invalid` for one without text: the homeroom teacher would have nothing to decide on.
    """

    range: Range
    text: str
    ill: bool = False

    def __post_init__(self) -> None:
        if len(self.text.strip()) < SHORTEST_TEXT:
            raise Invalid("Say why the student was absent.", rule="excuse-text-required", field="text")


def excused(
    entered: Iterable[LessonRecord], accepted: Iterable[Excuse], dictionary: Dictionary
) -> tuple[LessonRecord, ...]:
    """One student's records as they count under the accepted excuses, in the order they came in.

    `entered` are the records as the checks have them. Only an unexcused absence changes, `Н` to `У`, or to `Б` where
    an excuse tells of illness (domain, §6); presence, lateness and absences that are excused already stay.
    """
    excuses = tuple(accepted)
    return tuple(replace(record, code=_code(record, excuses, dictionary)) for record in entered)


def effect(
    entered: Iterable[LessonRecord], before: Iterable[Excuse], after: Iterable[Excuse], dictionary: Dictionary
) -> tuple[Change, ...]:
    """What changes, by date, when the accepted excuses were `before` and are `after` (domain, §6).

    Accepting adds an excuse, rejecting a filed one adds none, rejecting an accepted one takes it away: each absence
    gets back what was entered, unless another accepted excuse covers it.
    """
    records, was, now = in_order(entered), tuple(before), tuple(after)
    return tuple(
        Change(was_one.lesson_id, was_one.code, now_one.code)
        for was_one, now_one in zip(excused(records, was, dictionary), excused(records, now, dictionary))
        if was_one.code != now_one.code
    )


def _code(record: LessonRecord, excuses: tuple[Excuse, ...], dictionary: Dictionary) -> Code | None:
    """The code of a record under the excuses."""
    if record.reason is not Reason.UNEXCUSED:
        return record.code
    covering = [excuse for excuse in excuses if excuse.range.covers(record)]
    return dictionary.excused(ill=any(excuse.ill for excuse in covering)) if covering else record.code
