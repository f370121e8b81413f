"""Ranges of days, and absences announced beforehand, laid over a student's lessons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from kernel.errors import Invalid
from services.attendance.absences.rules.records import Change, LessonRecord, in_order
from services.attendance.codes.rules import Code, Dictionary, Reason

#: The longest range of days a list of absences covers: a school year and its summer.
LONGEST_DAYS = 366


def check_days(starts_on: date, ends_on: date) -> None:
    """Refuse a range of days that ends before it starts, or is longer than a year (regulation, clause 3.3)."""
    if ends_on < starts_on:
        raise Invalid("The range ends before it starts.", rule="range-reversed", field="ends_on")
    if (ends_on - starts_on).days > LONGEST_DAYS:
        raise Invalid(
            "The range is longer than {days} days: ask for less at once.",
            rule="range-too-long", field="ends_on", days=LONGEST_DAYS,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Days:
    """The lessons of some days, both ends included; of each day those of the numbers, of none: all.

    Raises `Invalid` for a range that ends before it starts or is longer than a year.
    """

    starts_on: date
    ends_on: date
    numbers: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        check_days(self.starts_on, self.ends_on)

    def covers(self, record: LessonRecord) -> bool:
        """Whether the lesson is one of them; one without number is in whole days alone."""
        in_days = self.starts_on <= record.day <= self.ends_on
        return in_days and (not self.numbers or record.number in self.numbers)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Some lessons, named one by one. Raises `Invalid` for none."""

    lesson_ids: frozenset[UUID]

    def __post_init__(self) -> None:
        if not self.lesson_ids:
            raise Invalid("Name at least one lesson.", rule="lessons-missing", field="lesson_ids")

    def covers(self, record: LessonRecord) -> bool:
        """Whether the lesson is one of them."""
        return record.lesson_id in self.lesson_ids


Range = Days | Chosen


@dataclass(frozen=True, slots=True)
class AnnouncedAbsence:
    """An absence said beforehand, with the code that the homeroom teacher gives it (regulation, clause 3.3).

    Raises `Invalid` for a code of one who is in the lesson, such as lateness.
    """

    range: Range
    code: Code

    def __post_init__(self) -> None:
        if self.code.reason is None:
            raise Invalid(
                "{code} is no absence: it cannot be announced for a range of lessons.",
                rule="announced-code-no-absence", field="code", code=self.code.code,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A lesson of which something else is known than the announcement says; what is known stays.

    `found` None: the lesson was checked and the student was there.
    """

    lesson_id: UUID
    found: Code | None
    announced: Code


@dataclass(frozen=True, slots=True)
class Laid:
    """What an announcement does to the lessons it covers: each is in one of the three.

    `changes` are of `LessonRecord.announced`. `agreed` lessons say it already; `conflicts` say otherwise and are
    left for a person to decide.
    """

    changes: tuple[Change, ...]
    agreed: tuple[UUID, ...]
    conflicts: tuple[Disagreement, ...]


def by_family(announced_range: Range, dictionary: Dictionary) -> AnnouncedAbsence:
    """An absence that the family announces: it is of unknown reason until the school accepts an excuse.

    Whether the family's reason excuses is the homeroom teacher's to decide (domain, §6).
    """
    return AnnouncedAbsence(announced_range, dictionary.unexcused)


def laid(absence: AnnouncedAbsence, records: Iterable[LessonRecord]) -> Laid:
    """The announcement over one student's lessons, by date (domain, §6). Nothing that was checked is overwritten.

    An unchecked lesson takes the code, unless another reason was announced for it. An absence known with its reason
    agrees with an announcement that gives none. Raises ValueError for a lesson that stands twice.
    """
    changes, agreed, conflicts = [], [], []
    for record in filter(absence.range.covers, in_order(records)):
        found = record.code if record.checked else record.announced
        if _agree(found, absence.code):
            agreed.append(record.lesson_id)
        elif record.checked or _gives_reason(found):
            conflicts.append(Disagreement(record.lesson_id, found, absence.code))
        else:
            changes.append(Change(record.lesson_id, found, absence.code))
    return Laid(tuple(changes), tuple(agreed), tuple(conflicts))


def announced(records: Iterable[LessonRecord], outcome: Laid) -> tuple[LessonRecord, ...]:
    """The records with what was laid over them, in the order they came in."""
    codes = {change.lesson_id: change.after for change in outcome.changes}
    return tuple(replace(record, announced=codes.get(record.lesson_id, record.announced)) for record in records)


def _agree(found: Code | None, code: Code) -> bool:
    """Whether what is known says what is announced, or more."""
    return found == code or (_gives_reason(found) and not _gives_reason(code))


def _gives_reason(code: Code | None) -> bool:
    return code is not None and code.reason not in (None, Reason.UNEXCUSED)
