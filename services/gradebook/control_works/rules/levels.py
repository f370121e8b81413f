"""Levels of completion, marks by share of points, and groups for work on errors (domain, §5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from kernel.phrases import Phrase
from services.gradebook.control_works.rules.figures import element_shares, student_shares
from services.gradebook.control_works.rules.works import ControlWork
from services.gradebook.explaining.explained import Explained, Used
from services.gradebook.explaining.given import ONE
from services.gradebook.policy.rules.policy import Level, Place, Policy
from services.gradebook.policy.rules.words import LEVEL_NAMES
from services.gradebook.statistics.rules.shares import HUNDRED, Share
from services.gradebook.statistics.rules.statistics import EVERYWHERE

_SHARE: Final = Phrase("Выполнено {share}.", "Completed: {share}.")
_REACHED: Final = Phrase(
    "Это не меньше {least} %: отметка «{mark}».", "That is no less than {least} %: the mark is {mark}."
)
_LAST: Final = Phrase("Это ниже всех порогов: отметка «{mark}».", "That is below every threshold: the mark is {mark}.")
_NO_SHARE: Final = Phrase("Баллов в работе нет: отметки нет.", "There are no points to be had, and no mark.")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Students who did not master an element of content, the weakest first, and the tasks that test it."""

    element: str
    tasks: tuple[str, ...]
    students: tuple[str, ...]


def level_of(share: Share, levels: Sequence[Level]) -> Level | None:
    """The level of completion: the first of `levels` (best first) whose minimum share is reached, else the last.

    The exact share decides, not the rounded one: with levels at 80 % and 60 %, 79.99 % is admissible, 80 %
    optimal, 60 % admissible. None if no points are possible.
    Source: domain, §5.
    """
    exact = share.exact
    if exact is None:
        return None
    return next((level for level in levels if exact >= Fraction(level.least)), levels[-1])


def level_name(level: Level) -> Phrase | str:
    """The name of the level, as a value for sentences (domain, §5)."""
    return LEVEL_NAMES.get(level.code, level.code)


def mark_of_share(share: Share, policy: Policy, place: Place = EVERYWHERE) -> Explained[Share]:
    """The mark that the policy's conversion table gives a share of points; the figure is its text (domain, §5).

    It is the mark of the first threshold, from the best, that the exact share reaches, else the table's last
    mark; None if no points are possible.
    """
    table, source = policy.figures.conversion.at(place)
    exact = share.exact
    if exact is None:
        return Explained(None, None, steps=(_NO_SHARE(),), sources=(source,), version=policy.version)
    mark, least = next((one for one in table if exact >= Fraction(one.least)), table[-1])
    reached = _REACHED(least=least * HUNDRED, mark=mark) if exact >= Fraction(least) else _LAST(mark=mark)
    return Explained(
        figure=str(mark),
        exact=exact,
        used=(Used(share, share.part, ONE),),
        steps=(_SHARE(share=share.sentence), reached),
        sources=(source,),
        version=policy.version,
    )


def marks_of_work(work: ControlWork, policy: Policy, place: Place = EVERYWHERE) -> dict[str, Explained[Share]]:
    """The mark of each student who took the work, by the conversion table (domain, §5)."""
    return {student: mark_of_share(share, policy, place) for student, share in student_shares(work).items()}


def follow_up(work: ControlWork, policy: Policy, place: Place = EVERYWHERE) -> tuple[FollowUp, ...]:
    """Groups for work on errors: for each element, the students whose completion of it is at the worst level.

    Groups are ordered by size, the largest first, then by element in the work; students by completion, the
    weakest first, then by the order of the list. Elements that everybody mastered have no group. Absent students
    are in no group: they have yet to take the work. The worst level is the policy's last (published form: under 60 %).
    """
    levels = policy.figures.levels.at(place).value
    failed: dict[str, list[tuple[Fraction, str]]] = {}
    for paper in work.papers:
        for element, share in element_shares(work, (paper,)).items():
            if share.exact is not None and level_of(share, levels) is levels[-1]:
                failed.setdefault(element, []).append((share.exact, paper.student))
    groups = (_group(work, element, failed[element]) for element in element_shares(work) if element in failed)
    return tuple(sorted(groups, key=lambda group: -len(group.students)))


def _group(work: ControlWork, element: str, failed: list[tuple[Fraction, str]]) -> FollowUp:
    weakest_first = sorted(failed, key=lambda one: one[0])
    tasks = tuple(task.name for task in work.tasks if task.element == element)
    return FollowUp(element, tasks, tuple(student for _, student in weakest_first))
