"""The school's voted rules as one document, with the clause that each comes from. Defaults: `policy_defaults`."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar

from services.gradebook.explaining.explained import Source

T = TypeVar("T")


class Place(NamedTuple):
    """Where a rule is asked for. What is None is not known, and no special rule about it applies."""

    grade: int | None = None
    subject: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a special rule holds: in all the grades, subjects and kinds of work named; empty is every one."""

    grades: frozenset[int] = frozenset()
    subjects: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    def covers(self, place: Place) -> bool:
        """Whether the special rule holds there."""
        return (
            (not self.grades or place.grade in self.grades)
            and (not self.subjects or place.subject in self.subjects)
            and (not self.kinds or place.kind in self.kinds)
        )

    @property
    def narrowness(self) -> int:
        """How many of grade, subject and kind are named."""
        return sum(bool(named) for named in (self.grades, self.subjects, self.kinds))


class Ruling(NamedTuple, Generic[T]):
    """What holds in one place, and by which act."""

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
    """A rule of the school: what holds everywhere, and where something else does."""

    value: T
    source: Source
    specials: tuple[Special[T], ...] = ()

    def at(self, place: Place) -> Ruling[T]:
        """What holds there: of the special rules that cover the place the narrowest, of equal ones the last."""
        ruling, narrowness = Ruling(self.value, self.source), 0
        for special in self.specials:
            if special.scope.covers(place) and special.scope.narrowness >= narrowness:
                ruling, narrowness = Ruling(special.value, special.source), special.scope.narrowness
        return ruling


class Handling(enum.Enum):
    """What becomes of a work without mark in a mean."""

    LEFT_OUT = "left_out"
    ZERO = "zero"


class Threshold(NamedTuple):
    """The least mean, or share of points, that gives a mark."""

    mark: int
    least: Decimal


class LeastMarks(NamedTuple):
    """How many marks a term mark needs where the course has at least so many lessons a week."""

    lessons_a_week: Decimal
    marks: int


class Veto(NamedTuple):
    """No term mark above `highest` while a mark of these kinds of work is `low` or worse, and counts.

    A mark with a sign is the mark without it: `2+` is a 2. Marks that are dropped or do not help bar nothing.
    """

    highest: int
    kinds: frozenset[str]
    low: int


class Group(NamedTuple):
    """Kinds of work whose mean enters the course's mean as one part with a weight of its own."""

    code: str
    kinds: frozenset[str]
    weight: Decimal
    drop_lowest: int = 0
    drop_highest: int = 0


class Kind(NamedTuple):
    """A kind of work of the school's dictionary."""

    code: str
    name: str
    written: bool = False
    control: bool = False
    homework: bool = False


class Level(NamedTuple):
    """A level of completion of a control work: from `least` (a share of 1) up to the next level."""

    code: str
    least: Decimal


@dataclass(frozen=True, slots=True)
class ScaleRules:
    """Which marks are given."""

    #: Code of the scale (`scales.SCALES`).
    scale: Rule[str]
    #: What + adds and − takes; 0 keeps the sign on show and counts the plain mark.
    sign: Rule[Decimal]
    #: Whether marks are given at all.
    marked: Rule[bool]


@dataclass(frozen=True, slots=True)
class MeanRules:
    """How marks become a mean."""

    #: False: every mark counts once, whatever its kind of work.
    weighted: Rule[bool]
    weight: Rule[Decimal]
    #: Without groups the mean is taken over all marks together.
    groups: Rule[tuple[Group, ...]]
    excused: Rule[Handling]
    ungraded: Rule[Handling]
    only_if_helps: Rule[bool]
    brought: Rule[bool]
    drop_lowest: Rule[int]
    drop_highest: Rule[int]
    #: Places after the point that are shown; the exact value is kept.
    decimals: Rule[int]


@dataclass(frozen=True, slots=True)
class TermRules:
    """How a mean becomes a term mark."""

    #: From the best mark to the worst; the last one is given whatever the mean.
    thresholds: Rule[tuple[Threshold, ...]]
    least_marks: Rule[tuple[LeastMarks, ...]]
    vetoes: Rule[tuple[Veto, ...]]
    #: Within this distance below a threshold the teacher may give the better mark without a reason.
    disputed: Rule[Decimal]
    #: By how many steps the set mark may differ from the computed one without a reason.
    free_difference: Rule[int]
    #: In courses marked `зач` and `незач`: the least share of `зач` that gives the term's `зач`.
    pass_share: Rule[Decimal]


@dataclass(frozen=True, slots=True)
class YearRules:
    """How term marks become a year mark, and year and exam a certificate mark."""

    thresholds: Rule[tuple[Threshold, ...]]
    #: How many of the year's terms may be without number before there is no year mark.
    most_missing_terms: Rule[int]
    #: What the exam weighs in the certificate mark beside the year mark's 1; 0: the exam does not count.
    exam_weight: Rule[Decimal]


@dataclass(frozen=True, slots=True)
class KeepingRules:
    """What is due when. Days are school days after the lesson's day; 0 is the lesson's day itself."""

    #: ISO weekdays on which lessons are held.
    week: Rule[frozenset[int]]
    topic_days: Rule[int]
    homework_days: Rule[int]
    mark_days: Rule[int]
    attendance_days: Rule[int]
    #: Calendar days after which a cell is closed; counted from the lesson, or the due date of written work.
    edit_days: Rule[int]
    #: Calendar days after the end of a term for which the term is still open.
    term_open_days: Rule[int]


@dataclass(frozen=True, slots=True)
class LoadRules:
    """What a class may be burdened with."""

    #: Minutes of homework of one day for all courses together; 0: none is given.
    homework_minutes: Rule[int]
    control_works_a_day: Rule[int]
    control_works_a_week: Rule[int]
    #: Whether control works are held in the first half of the year.
    control_works_in_first_half: Rule[bool]


@dataclass(frozen=True, slots=True)
class FigureRules:
    """Parameters of statistics and of control-work analysis."""

    #: What each mark adds to the degree of learning, by the mark's text (domain, §4).
    degree: Rule[tuple[tuple[str, Decimal], ...]]
    #: From the best level to the worst.
    levels: Rule[tuple[Level, ...]]
    #: Share of points that gives a mark, from the best to the worst.
    conversion: Rule[tuple[Threshold, ...]]
    #: The part of the class at either end that discrimination compares.
    tail: Rule[Decimal]
    #: A heap above a threshold is reported where it would come about by chance less often than this.
    heap_chance: Rule[Decimal]


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the school's rules. It holds from `valid_from` on, until a later version does."""

    version: int
    valid_from: date
    #: The decision by which the school adopted it, as it is cited.
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
    """Every rule of the policy by its path, such as `terms.thresholds`, in the order of the sections."""
    for part in fields(policy):
        section = getattr(policy, part.name)
        if is_dataclass(section):
            for field in fields(section):
                yield f"{part.name}.{field.name}", getattr(section, field.name)


class NoPolicy(LookupError):
    """No version of the policy holds on the date."""


def policy_at(versions: Iterable[Policy], day: date) -> Policy:
    """The version that holds on `day`: the last to begin, of those beginning together the highest version (practice).

    Raises `NoPolicy` where `day` lies before the first one.
    """
    begun = [one for one in versions if one.valid_from <= day]
    if not begun:
        raise NoPolicy(day.isoformat())
    return max(begun, key=lambda one: (one.valid_from, one.version))
