"""Previews what a policy would change in the present journal, before the school votes on it.

Source: practice; no act requires it. The school should see a decision's effects before it decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple, TypeVar

from kernel.phrases import Phrase, Sentence
from services.gradebook.calendar.rules.school_days import SchoolCalendar
from services.gradebook.explaining.given import GivenMark
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import EXEMPT, NOT_ATTESTED
from services.gradebook.term_marks.rules.term_marks import TermMark, needs_reason, term_mark
from services.gradebook.timeliness.rules.breaches import Breach, HeldLesson, SetWork, breaches

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

_NOTHING: Final = Phrase("Ничего не изменится.", "Nothing would change.")
_MEANS: Final = Phrase("Изменятся средние баллы: {count}.", "Means that change: {count}.")
_TERM_MARKS: Final = Phrase(
    "Изменятся отметки за период: {count} ({moves}).", "Term marks that change: {count} ({moves})."
)
_MOVE: Final = Phrase("«{before}» → «{after}»: {count}", "{before} → {after}: {count}")
_NO_MARK: Final = Phrase("без отметки", "no mark")
_ATTESTED: Final = Phrase(
    "Будут аттестованы: {more}; не будут аттестованы: {fewer}.", "Attested from now on: {more}; no longer: {fewer}."
)
_REASONS: Final = Phrase(
    "Выставленные отметки, которые надо будет объяснить: {more}; которые больше не надо: {fewer}.",
    "Set marks that would need a reason: {more}; that no longer need one: {fewer}.",
)
_BREACHES: Final = Phrase(
    "Появятся просроченные записи: {more}; перестанут быть просроченными: {fewer}.",
    "Entries that would be late: {more}; that would no longer be late: {fewer}.",
)


@dataclass(frozen=True, slots=True)
class CourseRecord:
    """One student's record in a course in a term. Student and course are the caller's references."""

    student: str
    course: str
    #: Grade and subject.
    place: Place
    lessons_a_week: Decimal
    marks: tuple[GivenMark, ...]
    #: The term mark that the teacher set; None: not yet.
    set_mark: str | None = None
    #: Whether the student is exempt from the course.
    exempt: bool = False


@dataclass(frozen=True, slots=True)
class Journal:
    """The state of the journal at `now` (aware). Each policy's own week replaces the weekdays of `calendar`."""

    #: Read only once, in order, so that a large school need not hold all of them in memory.
    records: Iterable[CourseRecord]
    lessons: tuple[HeldLesson, ...]
    works: tuple[SetWork, ...]
    now: datetime
    calendar: SchoolCalendar
    #: The calendars of grades that have holidays or weeks of their own; other grades go by `calendar`.
    calendars: Mapping[int | None, SchoolCalendar] = field(default_factory=dict)


class Shift(NamedTuple):
    """A student's mean and term mark in a course by each policy."""

    record: CourseRecord
    before: TermMark
    after: TermMark

    @property
    def of_mean(self) -> bool:
        """Whether the mean or its displayed figure differs."""
        was, becomes = self.before.mean, self.after.mean
        return (was.figure, was.exact) != (becomes.figure, becomes.exact)

    @property
    def of_mark(self) -> bool:
        """Whether the computed term mark differs."""
        return self.before.text != self.after.text

    @property
    def needs_reason(self) -> bool:
        """Whether the mark that the teacher set would newly need a reason."""
        return self._unlike(self.after) and not self._unlike(self.before)

    @property
    def spares_reason(self) -> bool:
        """Whether the mark that the teacher set would no longer need a reason."""
        return self._unlike(self.before) and not self._unlike(self.after)

    @property
    def of_anything(self) -> bool:
        """Whether anything differs."""
        return self.of_mean or self.of_mark or self.needs_reason or self.spares_reason

    def _unlike(self, computed: TermMark) -> bool:
        mark = self.record.set_mark
        return mark is not None and needs_reason(computed, mark)


class OfGrade(NamedTuple):
    """How much changes in a grade: means and term marks of students of courses, and late entries, in numbers."""

    grade: int | None
    #: Students of courses that were computed.
    records: int = 0
    means: int = 0
    term_marks: int = 0
    breaches_appearing: int = 0
    breaches_disappearing: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """The differences. Each list is in the order of the journal; a shift may be in several lists."""

    means: tuple[Shift, ...]
    term_marks: tuple[Shift, ...]
    #: Set marks that need a reason only by the new policy, or only by the old one.
    reasons_needed: tuple[Shift, ...]
    reasons_spared: tuple[Shift, ...]
    #: Breaches only by the new policy, or only by the old one.
    breaches_appearing: tuple[Breach, ...]
    breaches_disappearing: tuple[Breach, ...]
    #: The same in numbers for each grade of the journal, the lowest first.
    by_grade: tuple[OfGrade, ...] = field(default=(), compare=False)

    @property
    def attested(self) -> tuple[Shift, ...]:
        """Students who would get a term mark instead of `н/а`."""
        return tuple(one for one in self.term_marks if one.before.text == NOT_ATTESTED and _is_mark(one.after))

    @property
    def not_attested(self) -> tuple[Shift, ...]:
        """Students who would get `н/а` instead of a term mark."""
        return tuple(one for one in self.term_marks if one.after.text == NOT_ATTESTED and _is_mark(one.before))

    @property
    def moves(self) -> tuple[tuple[str | None, str | None, int], ...]:
        """(old mark, new mark, number) of changed term marks, the most frequent first; None is no mark."""
        counts = Counter((one.before.text, one.after.text) for one in self.term_marks)
        return tuple((before, after, count) for (before, after), count in counts.most_common())

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The figures in words."""
        return tuple(self._sentences()) or (_NOTHING(),)

    def _sentences(self) -> Iterator[Sentence]:
        if self.means:
            yield _MEANS(count=len(self.means))
        if self.term_marks:
            moves = tuple(
                _MOVE(before=before or _NO_MARK, after=after or _NO_MARK, count=count)
                for before, after, count in self.moves
            )
            yield _TERM_MARKS(count=len(self.term_marks), moves=moves)
        for phrase, more, fewer in (
            (_ATTESTED, self.attested, self.not_attested),
            (_REASONS, self.reasons_needed, self.reasons_spared),
            (_BREACHES, self.breaches_appearing, self.breaches_disappearing),
        ):
            if more or fewer:
                yield phrase(more=len(more), fewer=len(fewer))


def preview(journal: Journal, before: Policy, after: Policy) -> Preview:
    """What would change if the policy `after` applied instead of `before` (practice).

    Equal policies give no changes, and swapped policies give the reverse changes. Deadlines count the school days of
    each policy's own week. Raises `NoSchoolDay`.
    """
    counts: Counter[int | None] = Counter()
    alike = _compute_alike(before, after)
    shifts = [
        shift
        for one in _counted(journal.records, counts)
        if not alike and (shift := Shift(one, _term_mark(one, before), _term_mark(one, after))).of_anything
    ]
    late, late_then = _breaches(journal, before), _breaches(journal, after)
    found = Preview(
        means=tuple(one for one in shifts if one.of_mean),
        term_marks=tuple(one for one in shifts if one.of_mark),
        reasons_needed=tuple(one for one in shifts if one.needs_reason),
        reasons_spared=tuple(one for one in shifts if one.spares_reason),
        breaches_appearing=_only_in(late_then, late),
        breaches_disappearing=_only_in(late, late_then),
    )
    return replace(found, by_grade=tuple(_by_grade(journal, found, counts)))


def _compute_alike(before: Policy, after: Policy) -> bool:
    """Whether both policies compute every mean and term mark by the same rules, so that none can differ."""
    return all(getattr(before, part) == getattr(after, part) for part in ("kinds", "scales", "means", "terms"))


def _counted(records: Iterable[CourseRecord], counts: Counter[int | None]) -> Iterator[CourseRecord]:
    """The records, which are counted by grade on the way."""
    for one in records:
        counts[one.place.grade] += 1
        yield one


def _by_grade(journal: Journal, found: Preview, records: Counter[int | None]) -> Iterator[OfGrade]:
    grade_of = {one.lesson: one.place.grade for one in journal.works}
    grade_of |= {one.ref: one.place.grade for one in journal.lessons}
    figures = (
        records,
        *(Counter(one.record.place.grade for one in shifts) for shifts in (found.means, found.term_marks)),
        *(
            Counter(grade_of[one.lesson] for one in late)
            for late in (found.breaches_appearing, found.breaches_disappearing)
        ),
    )
    for grade in sorted({*records, *grade_of.values()}, key=lambda one: one or 0):
        yield OfGrade(grade, *(counts[grade] for counts in figures))


def _term_mark(record: CourseRecord, policy: Policy) -> TermMark:
    return term_mark(record.marks, policy, record.place, record.lessons_a_week, exempt=record.exempt)


def _is_mark(computed: TermMark) -> bool:
    return computed.text not in (None, NOT_ATTESTED, EXEMPT)


def _breaches(journal: Journal, policy: Policy) -> list[Breach]:
    """The breaches by the policy; a grade with its own week or holidays is counted by these."""

    def days(of: HeldLesson | SetWork) -> tuple[int | None, frozenset[int]]:
        return (of.place.grade if of.place.grade in journal.calendars else None), policy.keeping.week.at(of.place).value

    lessons, works = _grouped(journal.lessons, days), _grouped(journal.works, days)
    found: list[Breach] = []
    for key in {*lessons, *works}:
        grade, week = key
        calendar = replace(journal.calendars.get(grade, journal.calendar), week=week)
        found += breaches(lessons.get(key, ()), works.get(key, ()), policy, journal.now, calendar)
    return sorted(found, key=lambda one: (one.due, *_identity(one)))


def _grouped(some: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    found: dict[K, list[T]] = {}
    for one in some:
        found.setdefault(key(one), []).append(one)
    return found


def _only_in(some: Iterable[Breach], others: Iterable[Breach]) -> tuple[Breach, ...]:
    known = {_identity(one) for one in others}
    return tuple(one for one in some if _identity(one) not in known)


def _identity(breach: Breach) -> tuple[str, ...]:
    return breach.lesson, breach.work, breach.rule.value, breach.student
