"""The load of homework and control works on a class, over all its courses and groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Final, NamedTuple

from kernel.phrases import Phrase, Sentence
from services.gradebook.explaining.explained import Explained, LeftOut, Used
from services.gradebook.policy.rules.policy import Place, Policy, Ruling

_ONE: Final = Decimal(1)
_OTHER_GROUP: Final = Phrase("нагрузка этой подгруппы не больше учтённой", "this group's load is no greater")
_NO_ESTIMATE: Final = Phrase("время выполнения не указано", "the time it takes is not given")
_GROUPS: Final = Phrase(
    "Наибольшая нагрузка — в подгруппах: {groups}.", "The load is greatest in the groups: {groups}."
)
_HOMEWORK: Final = Phrase(
    "Домашнее задание на {day}: {figure} мин., допустимо {limit} мин.",
    "Homework for {day}: {figure} min; admissible: {limit} min.",
)
_HOMEWORK_WITHOUT_LIMIT: Final = Phrase(
    "Домашнее задание на {day}: {figure} мин.; предела нет: параллель класса не указана.",
    "Homework for {day}: {figure} min; there is no limit, as the grade of the class is not known.",
)
_CONTROL_DAY: Final = Phrase(
    "Контрольных работ на {day}: {figure}, допустимо {limit}.",
    "Control works on {day}: {figure}; admissible: {limit}.",
)
_CONTROL_WEEK: Final = Phrase(
    "Контрольных работ за неделю с {monday} по {sunday}: {figure}, допустимо {limit}.",
    "Control works in the week from {monday} to {sunday}: {figure}; admissible: {limit}.",
)
_WARNING: Final = Phrase("{step} Превышение: {excess}. Основание: {source}.", "{step} Excess: {excess}. By {source}.")


class ClassGroup(NamedTuple):
    """A group of a class. A student is in at most one group of a split, as of English into `1` and `2`."""

    split: str
    name: str

    def __str__(self) -> str:
        return f"{self.split} {self.name}"


Groups = frozenset[ClassGroup]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Homework due on a day, or a control work held on it, in one of a class's courses."""

    #: Its name in sentences, such as the course's title.
    title: str
    day: date
    #: The group it is for; None: the whole class.
    group: ClassGroup | None = None
    #: Minutes that the homework takes, as the teacher estimates; None: not estimated.
    minutes: int | None = None
    #: The caller's reference.
    ref: str = ""

    def __str__(self) -> str:
        return self.title if self.minutes is None else f"{self.title} ({self.minutes})"


@dataclass(frozen=True, slots=True)
class Load:
    """The load of the most burdened students of a class, and the policy's limit.

    `explained.used` lists what counted; `explained.left_out` the work of other groups and work without an estimate.
    """

    figure: int
    #: None if the grade is unknown: homework is limited by grade.
    limit: int | None
    explained: Explained[Assignment]

    @property
    def excess(self) -> int:
        """How far the load exceeds the limit; 0 if it does not, or if there is no limit."""
        return 0 if self.limit is None else max(self.figure - self.limit, 0)

    @property
    def warning(self) -> Sentence | None:
        """The warning for a teacher whose work exceeds the limit; None within the limit. Nothing is refused."""
        if not self.excess:
            return None
        return _WARNING(step=self.explained.steps[-1], excess=self.excess, source=self.explained.sources[0].sentence)


def homework_load(
    day: date,
    homework: Iterable[Assignment],
    policy: Policy,
    place: Place,
    memberships: Collection[Groups] | None = None,
) -> Load:
    """The minutes of homework of a class for `day`, against `policy.load.homework_minutes`.

    `homework` is that of all courses of the class, for any days; `place` gives the grade. `memberships` are the sets
    of groups that the students are in: the load is that of the most burdened students. If it is None, a student may
    be in any combination of groups, and the most burdened group of each split counts.
    Limits by grade: SanPiN 1.2.3685-21, table 6.6. A class whose grade is unknown has no limit.
    """
    given = [(one, one.minutes) for one in homework if one.day == day]
    ruling = policy.load.homework_minutes.at(place)
    if place.grade is None:
        return _load(
            given, Ruling(None, ruling.source), memberships, _HOMEWORK_WITHOUT_LIMIT, {"day": day}, policy.version
        )
    return _load(given, ruling, memberships, _HOMEWORK, {"day": day}, policy.version)


def control_load_of_day(
    day: date,
    works: Iterable[Assignment],
    policy: Policy,
    place: Place,
    memberships: Collection[Groups] | None = None,
) -> Load:
    """The number of control works of a class on `day`, against `policy.load.control_works_a_day`.

    Groups count as in `homework_load`. One a day by default (letter of the ministry of 2021-08-06).
    """
    held = [(one, 1) for one in works if one.day == day]
    return _load(
        held, policy.load.control_works_a_day.at(place), memberships, _CONTROL_DAY, {"day": day}, policy.version
    )


def control_load_of_week(
    day: date,
    works: Iterable[Assignment],
    policy: Policy,
    place: Place,
    memberships: Collection[Groups] | None = None,
) -> Load:
    """The number of control works of a class in the calendar week of `day`, Monday to Sunday.

    The limit is `policy.load.control_works_a_week`. Groups count as in `homework_load`, over the whole week. No act
    limits a week: practice.
    """
    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    held = [(one, 1) for one in works if monday <= one.day <= sunday]
    ruling = policy.load.control_works_a_week.at(place)
    return _load(held, ruling, memberships, _CONTROL_WEEK, {"monday": monday, "sunday": sunday}, policy.version)


def _load(
    amounts: Sequence[tuple[Assignment, int | None]],
    ruling: Ruling[int] | Ruling[None],
    memberships: Collection[Groups] | None,
    phrase: Phrase,
    days: Mapping[str, date],
    version: int,
) -> Load:
    groups = _most_burdened(amounts, memberships)
    used: list[Used[Assignment]] = []
    left_out: list[LeftOut[Assignment]] = []
    for one, amount in amounts:
        if amount is None:
            left_out.append(LeftOut(one, "no-estimate", _NO_ESTIMATE()))
        elif one.group is None or one.group in groups:
            used.append(Used(one, Decimal(amount), _ONE))
        else:
            left_out.append(LeftOut(one, "other-group", _OTHER_GROUP()))
    figure = sum(int(each.number) for each in used)
    steps = [phrase(figure=figure, limit=ruling.value, **days)]
    if groups:
        steps.insert(0, _GROUPS(groups=tuple(sorted(str(group) for group in groups))))
    sources = () if ruling.value is None else (ruling.source,)
    explained = Explained(figure, Fraction(figure), tuple(used), tuple(left_out), tuple(steps), sources, version)
    return Load(figure, ruling.value, explained)


def _most_burdened(amounts: Sequence[tuple[Assignment, int | None]], memberships: Collection[Groups] | None) -> Groups:
    """The groups, among those with work, of the most burdened students; of equal ones the first by name."""
    totals: Counter[ClassGroup] = Counter()
    for one, amount in amounts:
        if one.group is not None and amount is not None:
            totals[one.group] += amount
    if memberships is None:
        splits = groupby(sorted(totals), key=lambda group: group.split)
        return frozenset(max(groups, key=totals.__getitem__) for _, groups in splits)
    burdened = sorted(sorted(totals.keys() & student) for student in memberships)
    return frozenset(max(burdened, key=lambda groups: sum(totals[group] for group in groups), default=[]))
