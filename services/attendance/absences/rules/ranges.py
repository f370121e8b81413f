"""Ranges of lessons, and how an absence announced beforehand applies to a student's lessons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from kernel.errors import Invalid
from services.attendance.absences.rules.records import Change, LessonRecord, in_order
from services.attendance.codes.rules import Code, Dictionary, Reason

#: Longest range of a list of absences, in days: a school year with its summer.
LONGEST_DAYS = 366


def check_days(starts_on: date, ends_on: date) -> None:
    """Raises `Invalid` for a range that ends before it starts or is longer than a year (regulation, clause 3.3)."""
    if ends_on < starts_on:
        raise Invalid("The range ends before it starts.", rule="range-reversed", field="ends_on")
    if (ends_on - starts_on).days > LONGEST_DAYS:
        raise Invalid(
            "The range is longer than {days} days: ask for less at once.",
            rule="range-too-long",
            field="ends_on",
            days=LONGEST_DAYS,
        )


@dataclass(frozen=True, slots=True)
class Days:
    """The lessons of a range of days, both ends included: those with `numbers`, or all if it is empty.

    Raises `Invalid` for a range that ends before it starts or is longer than a year.
    """

    starts_on: date
    ends_on: date
    numbers: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        check_days(self.starts_on, self.ends_on)

    def covers(self, record: LessonRecord) -> bool:
        """Whether the lesson is in the range. A lesson without number is only in ranges of whole days."""
        in_days = self.starts_on <= record.day <= self.ends_on
        return in_days and (not self.numbers or record.number in self.numbers)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Lessons listed one by one. Raises `Invalid` for an empty list."""

    lesson_ids: frozenset[UUID]

    def __post_init__(self) -> None:
        if not self.lesson_ids:
            raise Invalid("Name at least one lesson.", rule="lessons-missing", field="lesson_ids")

    def covers(self, record: LessonRecord) -> bool:
        """Whether the lesson is in the list."""
        return record.lesson_id in self.lesson_ids


Range = Days | Chosen


@dataclass(frozen=True, slots=True)
class AnnouncedAbsence:
    """An absence announced beforehand, with the homeroom teacher's code (regulation, clause 3.3).

    Raises `Invalid` for a code of a student who is in the lesson, such as lateness.
    """

    range: Range
    code: Code

    def __post_init__(self) -> None:
        if self.code.reason is None:
            raise Invalid(
                "{code} is no absence: it cannot be announced for a range of lessons.",
                rule="announced-code-no-absence",
                field="code",
                code=self.code.code,
            )


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A lesson whose known code contradicts the announcement. The known code stays.

    `found` is None if the lesson was checked and the student was there.
    """

    lesson_id: UUID
    found: Code | None
    announced: Code


@dataclass(frozen=True, slots=True)
class Laid:
    """The effect of an announcement; each lesson it covers is in exactly one of the three.

    `changes` change `LessonRecord.announced`. `agreed` lessons already have the code; `conflicts` have another one,
    and a person has to decide.
    """

    changes: tuple[Change, ...]
    agreed: tuple[UUID, ...]
    conflicts: tuple[Disagreement, ...]


def by_family(announced_range: Range, dictionary: Dictionary) -> AnnouncedAbsence:
    """An absence announced by the family: its reason is unknown until the school accepts an excuse.

    The homeroom teacher decides whether the family's reason excuses (domain, §6).
    """
    return AnnouncedAbsence(announced_range, dictionary.unexcused)


def laid(absence: AnnouncedAbsence, records: Iterable[LessonRecord]) -> Laid:
    """Apply the announcement to one student's lessons, by date (domain, §6). Checked lessons are not changed.

    An unchecked lesson takes the code, unless another reason was announced for it. A known absence with a reason
    agrees with an announcement without one. Raises ValueError for a duplicate lesson.
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
    """The records with the announced codes of `outcome`; the order stays."""
    codes = {change.lesson_id: change.after for change in outcome.changes}
    return tuple(replace(record, announced=codes.get(record.lesson_id, record.announced)) for record in records)


def _agree(found: Code | None, code: Code) -> bool:
    """Whether the known code equals the announced one, or adds a reason to it."""
    return found == code or (_gives_reason(found) and not _gives_reason(code))


def _gives_reason(code: Code | None) -> bool:
    return code is not None and code.reason not in (None, Reason.UNEXCUSED)
