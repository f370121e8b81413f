"""A school's rules on marks as one document, each with its source. Defaults: `defaults.default_policy`."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

from services.gradebook.explaining.explained import Source

T = TypeVar("T")

#: The first day of a draft, which applies on no day yet.
NOT_YET: Final = date.max
#: Days that outlast every term.
WHOLE_YEAR: Final = 366


class Place(NamedTuple):
    """Where a rule is applied. None is unknown: special rules about that member do not apply."""

    grade: int | None = None
    subject: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a special rule applies: in these grades, subjects and kinds of work; an empty set means all."""

    grades: frozenset[int] = frozenset()
    subjects: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    def covers(self, place: Place) -> bool:
        """Whether the special rule applies in the place."""
        return (
            (not self.grades or place.grade in self.grades)
            and (not self.subjects or place.subject in self.subjects)
            and (not self.kinds or place.kind in self.kinds)
        )

    @property
    def narrowness(self) -> int:
        """How many of grades, subjects and kinds are restricted."""
        return sum(bool(named) for named in (self.grades, self.subjects, self.kinds))


class Ruling(NamedTuple, Generic[T]):
    """The value that applies in a place, and its source."""

    value: T
    source: Source


@dataclass(frozen=True, slots=True)
class Special(Generic[T]):
    """An exception from a rule."""

    scope: Scope
    value: T
    source: Source


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """A rule of the school: its general value and its exceptions."""

    value: T
    source: Source
    specials: tuple[Special[T], ...] = ()

    def at(self, place: Place) -> Ruling[T]:
        """The value in a place: that of the narrowest special rule for it (the last of equals), else the general."""
        ruling, narrowness = Ruling(self.value, self.source), 0
        for special in self.specials:
            if special.scope.covers(place) and special.scope.narrowness >= narrowness:
                ruling, narrowness = Ruling(special.value, special.source), special.scope.narrowness
        return ruling


class Handling(enum.Enum):
    """How a mean treats a work without a mark."""

    LEFT_OUT = "left_out"
    ZERO = "zero"


class Threshold(NamedTuple):
    """The minimum mean, or share of points, for a mark."""

    mark: int
    least: Decimal


class LeastMarks(NamedTuple):
    """The minimum number of marks for a term mark in a course with at least so many lessons a week."""

    lessons_a_week: Decimal
    marks: int


class Veto(NamedTuple):
    """Limits the term mark to `highest` while a counted mark of these kinds of work is `low` or worse.

    Signs are ignored: `2+` is a 2. Marks that are dropped or do not help have no effect.
    """

    highest: int
    kinds: frozenset[str]
    low: int


class Group(NamedTuple):
    """Kinds of work whose mean enters the course's mean as one part with its own weight."""

    code: str
    kinds: frozenset[str]
    weight: Decimal
    drop_lowest: int = 0
    drop_highest: int = 0


class Kind(NamedTuple):
    """A kind of work in the school's dictionary."""

    code: str
    name: str
    written: bool = False
    control: bool = False
    homework: bool = False


class Level(NamedTuple):
    """A level of completion of a control work: from the share `least` (of 1) up to the next level."""

    code: str
    least: Decimal


@dataclass(frozen=True, slots=True)
class ScaleRules:
    """Which marks are given."""

    #: Code of the scale (`scales.SCALES`).
    scale: Rule[str]
    #: The value of + and −; 0 means that the sign is shown but not counted.
    sign: Rule[Decimal]
    #: Whether marks are given at all.
    marked: Rule[bool]


@dataclass(frozen=True, slots=True)
class MeanRules:
    """How a mean is computed from marks."""

    #: False: every mark has weight 1, whatever its kind of work.
    weighted: Rule[bool]
    weight: Rule[Decimal]
    #: Without groups, the mean is that of all marks together.
    groups: Rule[tuple[Group, ...]]
    excused: Rule[Handling]
    ungraded: Rule[Handling]
    only_if_helps: Rule[bool]
    brought: Rule[bool]
    drop_lowest: Rule[int]
    drop_highest: Rule[int]
    #: The number of decimals shown; the exact value is kept.
    decimals: Rule[int]


@dataclass(frozen=True, slots=True)
class TermRules:
    """How a term mark is computed from a mean."""

    #: From the best mark to the worst; the last is given if no threshold is reached.
    thresholds: Rule[tuple[Threshold, ...]]
    least_marks: Rule[tuple[LeastMarks, ...]]
    vetoes: Rule[tuple[Veto, ...]]
    #: Within this distance below a threshold, the teacher may set the better mark without a reason.
    disputed: Rule[Decimal]
    #: By how many steps the set mark may differ from the computed one without a reason.
    free_difference: Rule[int]
    #: In courses marked `зач` and `незач`: the minimum share of `зач` for the term's `зач`.
    pass_share: Rule[Decimal]


@dataclass(frozen=True, slots=True)
class YearRules:
    """How a year mark is computed from term marks, and a certificate mark from year and exam marks."""

    thresholds: Rule[tuple[Threshold, ...]]
    #: The most terms without a number that still allow a year mark.
    most_missing_terms: Rule[int]
    #: The weight of the exam in the certificate mark, where the year mark weighs 1; 0: the exam does not count.
    exam_weight: Rule[Decimal]


@dataclass(frozen=True, slots=True)
class KeepingRules:
    """Deadlines of records. Days are school days after the lesson's day; 0 is the lesson's day itself."""

    #: ISO weekdays with lessons.
    week: Rule[frozenset[int]]
    topic_days: Rule[int]
    homework_days: Rule[int]
    mark_days: Rule[int]
    attendance_days: Rule[int]
    #: Calendar days until a record closes, from the lesson or the due date of written work; `WHOLE_YEAR` and more:
    #: it is open as long as its term.
    edit_days: Rule[int]
    #: Whether who enters something after its deadline says why.
    late_reason: Rule[bool]
    #: Calendar days that a term stays open after its end.
    term_open_days: Rule[int]
    #: Whether the lesson's teacher enters absences too, beside the homeroom teacher.
    teachers_enter_absences: Rule[bool]


@dataclass(frozen=True, slots=True)
class LoadRules:
    """Limits of a class's load."""

    #: Minutes of homework a day for all courses together; 0: no homework is given.
    homework_minutes: Rule[int]
    control_works_a_day: Rule[int]
    control_works_a_week: Rule[int]
    #: Whether control works may be held in the first half of the year.
    control_works_in_first_half: Rule[bool]


@dataclass(frozen=True, slots=True)
class FigureRules:
    """Parameters of statistics and of the analysis of control works."""

    #: (mark's text, coefficient) pairs for the degree of learning (domain, §4).
    degree: Rule[tuple[tuple[str, Decimal], ...]]
    #: From the best level to the worst.
    levels: Rule[tuple[Level, ...]]
    #: The share of points for each mark, from the best to the worst.
    conversion: Rule[tuple[Threshold, ...]]
    #: The share of papers in each of the two groups that discrimination compares.
    tail: Rule[Decimal]
    #: A heap above a threshold is reported if its probability is lower than this.
    heap_chance: Rule[Decimal]


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the school's rules. It applies from `valid_from` until a later version does."""

    version: int
    #: `NOT_YET` while it is a draft.
    valid_from: date
    #: The citation of the decision by which the school adopted it.
    adopted_by: str
    time_zone: str
    kinds: tuple[Kind, ...]
    scales: ScaleRules
    means: MeanRules
    terms: TermRules
    years: YearRules
    keeping: KeepingRules
    load: LoadRules
    figures: FigureRules


def rules_of(policy: Policy) -> Iterator[tuple[str, Rule[Any]]]:
    """Yield every rule of the policy with its path, such as `terms.thresholds`, in the order of the sections."""
    for part in fields(policy):
        section = getattr(policy, part.name)
        if is_dataclass(section):
            for field in fields(section):
                yield f"{part.name}.{field.name}", getattr(section, field.name)


def place_of(policy: Policy, grade: int | None, subject: str, kind: str | None) -> Place:
    """The place of a mark; `kind` is the name of its kind of work, which the policy may not know (practice)."""
    return Place(grade, subject, next((one.code for one in policy.kinds if one.name == kind), None))


def weight_in(policy: Policy, place: Place) -> Decimal:
    """What a mark weighs in a place: 1, where the school counts no weights (domain, §3)."""
    return policy.means.weight.at(place).value if policy.means.weighted.at(place).value else Decimal(1)


class NoPolicy(LookupError):
    """No version of the policy applies on the date."""


class Begun(Protocol):
    """A version of a policy: it applies from a day on."""

    @property
    def version(self) -> int:
        """Its number."""

    @property
    def valid_from(self) -> date:
        """The first day on which it applies."""


Version = TypeVar("Version", bound=Begun)


def policy_at(versions: Iterable[Version], day: date) -> Version:
    """The version that applies on `day`: the latest to begin, of equal dates the highest version (practice).

    Raises `NoPolicy` if `day` is before the first one.
    """
    begun = [one for one in versions if one.valid_from <= day]
    if not begun:
        raise NoPolicy(day.isoformat())
    return max(begun, key=lambda one: (one.valid_from, one.version))


def replaced(versions: Iterable[Version]) -> dict[int, int]:
    """Versions that decide no day, by number, with that which begins on the same day instead of each (practice)."""
    by_day: dict[date, list[int]] = {}
    for one in versions:
        by_day.setdefault(one.valid_from, []).append(one.version)
    return {number: max(same) for same in by_day.values() for number in same if number != max(same)}
