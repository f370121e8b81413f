"""Excuses of families, and how accepting or rejecting one changes the absences it covers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kernel.errors import Invalid
from services.attendance.absences.rules.ranges import Range
from services.attendance.absences.rules.records import Change, LessonRecord, in_order
from services.attendance.codes.rules import Code, Dictionary, Reason

#: Fewest characters of an excuse's text.
SHORTEST_TEXT = 3


@dataclass(frozen=True, slots=True)
class Excuse:
    """A family's explanation of absences; `ill` if it reports an illness.

    Raises `Invalid` for an excuse without text: the homeroom teacher could not decide on it.
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
    """Apply the accepted excuses to one student's records; the order stays.

    `entered` are the records of the checks. Only an unexcused absence changes: `Н` to `У`, or to `Б` if an excuse
    reports illness (domain, §6). Presence, lateness and absences that are already excused stay.
    """
    excuses = tuple(accepted)
    return tuple(replace(record, code=_code(record, excuses, dictionary)) for record in entered)


def effect(
    entered: Iterable[LessonRecord], before: Iterable[Excuse], after: Iterable[Excuse], dictionary: Dictionary
) -> tuple[Change, ...]:
    """The changes of codes, by date, when the accepted excuses change from `before` to `after` (domain, §6).

    Accepting adds an excuse; rejecting an accepted one removes it: each absence gets back the entered code, unless
    another accepted excuse covers it.
    """
    records, was, now = in_order(entered), tuple(before), tuple(after)
    return tuple(
        Change(old.lesson_id, old.code, new.code)
        for old, new in zip(excused(records, was, dictionary), excused(records, now, dictionary))
        if old.code != new.code
    )


def _code(record: LessonRecord, excuses: tuple[Excuse, ...], dictionary: Dictionary) -> Code | None:
    """The code of a record under the excuses."""
    if record.reason is not Reason.UNEXCUSED:
        return record.code
    covering = [excuse for excuse in excuses if excuse.range.covers(record)]
    return dictionary.excused(ill=any(excuse.ill for excuse in covering)) if covering else record.code
