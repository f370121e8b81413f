"""Reliability of a control work: discrimination of its tasks, and Cronbach's α."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Final

from kernel.phrases import Phrase, Sentence
from services.gradebook.control_works.rules.works import ControlWork, Result
from services.gradebook.explaining.explained import Explained, Source, Used
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.statistics.rules.shares import HUNDRED, half_up
from services.gradebook.statistics.rules.statistics import EVERYWHERE

THEORY: Final = Source("theory")
#: With fewer papers in each group, a single paper changes discrimination by more than 20 points.
FEW_IN_TAIL: Final = 5

_FEW_PAPERS: Final = Phrase(
    "Работ меньше двух: сравнивать некого, показатель не вычисляется.",
    "Fewer than two papers: there is nobody to compare, and no figure.",
)
_FEW_TASKS: Final = Phrase(
    "Задание одно: надёжность вычисляется, когда их хотя бы два.",
    "There is one task: reliability needs at least two.",
)
_NO_SPREAD: Final = Phrase(
    "У всех одинаковая сумма баллов: разброса нет, надёжность не вычисляется.",
    "All have the same total: without spread there is no reliability.",
)
_ALPHA: Final = Phrase(
    "α = {k} / {less} × (1 − {items} / {total}) = {exact}, с округлением {figure}; "
    "{items} — сумма дисперсий заданий, {total} — дисперсия суммы баллов.",
    "α = {k} / {less} × (1 − {items} / {total}) = {exact}, rounded {figure}; "
    "{items} is the sum of the tasks' variances, {total} the variance of the totals.",
)
_TAILS: Final = Phrase(
    "В каждой из крайних групп ({percent} % от {papers}, с округлением) учеников: {size}.",
    "Students in either tail ({percent} % of {papers}, rounded): {size}.",
)
_DIFFERENCE: Final = Phrase(
    "Сильная группа выполнила задание на {top} %, слабая — на {bottom} %; разность долей {figure}.",
    "The best completed the task by {top} %, the weakest by {bottom} %; the difference of the shares is {figure}.",
)
_FEW: Final = Phrase(
    "Группы меньше {least} учеников: показатель неустойчив.", "With fewer than {least} students it is unsteady."
)


def cronbach_alpha(work: ControlWork) -> Explained[Decimal]:
    """Cronbach's α: k/(k−1) · (1 − Σ s²(task) / s²(total)), with sample variances (n−1) over the papers.

    k is the number of tasks; a blank task counts as 0 points. 1 means that the tasks agree perfectly, a value
    below 0 that they contradict each other. No figure with one task, fewer than two papers, or equal totals.
    `used` lists the distinct totals with their frequencies. Source: Cronbach 1951.
    """
    totals = [paper.total for paper in work.papers]
    columns = [_points(work.papers, position) for position in range(len(work.tasks))]
    if len(totals) < 2:
        return _none(totals, _FEW_PAPERS)
    if len(columns) < 2:
        return _none(totals, _FEW_TASKS)
    spread = _variance(totals)
    if not spread:
        return _none(totals, _NO_SPREAD)
    k, items = len(columns), sum((_variance(column) for column in columns), Fraction())
    exact = Fraction(k, k - 1) * (1 - items / spread)
    step = _ALPHA(k=k, less=k - 1, items=items, total=spread, exact=exact, figure=half_up(exact))
    return Explained(half_up(exact), exact, _frequencies(totals), steps=(step,), sources=(THEORY,))


def discrimination(work: ControlWork, policy: Policy, place: Place = EVERYWHERE) -> tuple[Explained[Decimal], ...]:
    """The discrimination of each task: its completion by the best papers minus that by the weakest, from −1 to 1.

    Each group is the policy's share (27 %) of the papers by total score, rounded half up, at least one paper and
    at most half of them. Papers that tie at the edge of a group all enter it with the same fraction, so the figure
    does not depend on their order. No figure with fewer than two papers. With fewer than `FEW_IN_TAIL` papers in a
    group, a sentence says that the figure is unstable. Source: Kelley 1939.
    """
    tail, source = policy.figures.tail.at(place)
    totals = [paper.total for paper in work.papers]
    if len(totals) < 2:
        return tuple(_none(totals, _FEW_PAPERS, (source,), policy.version) for _ in work.tasks)
    size = tail_size(len(totals), tail)
    best = _parts_in_top(totals, size)
    weakest = _parts_in_top([-total for total in totals], size)
    head = _TAILS(percent=tail * HUNDRED, papers=len(totals), size=size)
    found = []
    for position, task in enumerate(work.tasks):
        points, possible = _points(work.papers, position), size * Fraction(task.maximum)
        top, bottom = _weighted(points, best) / possible, _weighted(points, weakest) / possible
        steps = (head, *_difference(top, bottom, size))
        figure = half_up(top - bottom)
        groups = _frequencies(totals)
        found.append(Explained(figure, top - bottom, groups, (), steps, (source,), policy.version))
    return tuple(found)


def tail_size(papers: int, tail: Decimal) -> int:
    """The number of papers in each group: the share `tail` (Kelley 1939), half up, at least 1, at most half."""
    return min(max(floor(Fraction(tail) * papers + Fraction(1, 2)), 1), papers // 2)


def _parts_in_top(totals: Sequence[Decimal], size: int) -> list[Fraction]:
    """The fraction with which each total is among the `size` highest: ties at the edge share the remaining places."""
    edge = sorted(totals, reverse=True)[size - 1]
    above = sum(total > edge for total in totals)
    part = Fraction(size - above, totals.count(edge))
    return [Fraction(1) if total > edge else part if total == edge else Fraction(0) for total in totals]


def _weighted(points: Sequence[Decimal], parts: Sequence[Fraction]) -> Fraction:
    return sum((Fraction(score) * part for score, part in zip(points, parts)), Fraction())


def _difference(top: Fraction, bottom: Fraction, size: int) -> tuple[Sentence, ...]:
    percents = {"top": half_up(top * HUNDRED), "bottom": half_up(bottom * HUNDRED)}
    step = _DIFFERENCE(**percents, figure=half_up(top - bottom))
    return (step,) if size >= FEW_IN_TAIL else (step, _FEW(least=FEW_IN_TAIL))


def _points(papers: tuple[Result, ...], position: int) -> list[Decimal]:
    """The scores of a task; a blank counts as 0."""
    return [paper.scores[position] or Decimal(0) for paper in papers]


def _variance(numbers: Sequence[Decimal]) -> Fraction:
    """The sample variance: Σ(x − mean)² / (n − 1)."""
    exact = [Fraction(number) for number in numbers]
    mean = sum(exact, Fraction()) / len(exact)
    return sum(((number - mean) ** 2 for number in exact), Fraction()) / (len(exact) - 1)


def _frequencies(totals: Sequence[Decimal]) -> tuple[Used[Decimal], ...]:
    """The distinct totals, the highest first, each weighted by the number of its papers."""
    return tuple(Used(total, total, Decimal(often)) for total, often in sorted(Counter(totals).items(), reverse=True))


def _none(
    totals: Sequence[Decimal], why: Phrase, sources: tuple[Source, ...] = (THEORY,), version: int | None = None
) -> Explained[Decimal]:
    return Explained(None, None, _frequencies(totals), (), (why(),), sources, version)
