"""Completion of a control work by task, element of content, student and variant (domain, §5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from services.gradebook.control_works.rules.works import ControlWork, Result, Task
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.statistics.rules.shares import Share, share_of
from services.gradebook.statistics.rules.statistics import EVERYWHERE, PeriodMark, Statistics, statistics


@dataclass(frozen=True, slots=True)
class ControlHeader:
    """The head of the analysis. `absent` lists the absent students by reason."""

    listed: int
    wrote: int
    absent: dict[str, tuple[str, ...]]
    statistics: Statistics


@dataclass(frozen=True, slots=True)
class TaskFigures:
    """How many papers solved a task fully, in part, wrongly, or left it blank."""

    task: Task
    whole: int
    part: int
    wrong: int
    blank: int
    #: Σ score / (papers · maximum score).
    completion: Share

    @property
    def done(self) -> Share:
        """The share of papers that solved it fully."""
        return share_of(self.whole, self.whole + self.part + self.wrong + self.blank)

    @property
    def difficulty(self) -> Fraction | None:
        """1 − completion: 0 if everybody solved the task, 1 if nobody did; None without papers."""
        return None if self.completion.exact is None else 1 - self.completion.exact


def control_header(
    work: ControlWork, marks: Mapping[str, str], policy: Policy, as_of: date, place: Place = EVERYWHERE
) -> ControlHeader:
    """Who took the work, and the statistics of its marks (domain, §5).

    `marks` holds the mark of each student who has one; only students who took the work are in N.
    """
    absent: dict[str, tuple[str, ...]] = {}
    for result in work.results:
        if result.absent is not None:
            absent[result.absent] = (*absent.get(result.absent, ()), result.student)
    papers = work.papers
    rows = (PeriodMark(result.student, marks.get(result.student)) for result in papers)
    return ControlHeader(len(work.results), len(papers), absent, statistics(rows, policy, as_of, place))


def task_figures(work: ControlWork) -> tuple[TaskFigures, ...]:
    """The figures of each task over all papers; absent students do not count (domain, §5)."""
    return tuple(
        _task_figures(task, [paper.scores[position] for paper in work.papers])
        for position, task in enumerate(work.tasks)
    )


def _task_figures(task: Task, scores: list[Decimal | None]) -> TaskFigures:
    given = [score for score in scores if score is not None]
    whole, wrong = given.count(task.maximum), given.count(Decimal(0))
    return TaskFigures(
        task=task,
        whole=whole,
        part=len(given) - whole - wrong,
        wrong=wrong,
        blank=len(scores) - len(given),
        completion=Share(sum(given, Decimal(0)), len(scores) * task.maximum),
    )


def work_share(work: ControlWork) -> Share:
    """The completion of the whole work: points scored of all points possible (domain, §5)."""
    return _completion(work, work.papers)


def student_shares(work: ControlWork) -> dict[str, Share]:
    """The completion of each student who took it: Σ score / Σ maximum score (domain, §5)."""
    return {paper.student: Share(paper.total, work.maximum) for paper in work.papers}


def element_shares(work: ControlWork, papers: Collection[Result] | None = None) -> dict[str, Share]:
    """The completion of each element of content over all its tasks, in the tasks' order (domain, §5).

    `papers` are the papers counted, by default all of the work's. Tasks that name no element are left out.
    """
    counted = work.papers if papers is None else papers
    elements = dict.fromkeys(task.element for task in work.tasks if task.element)
    return {element: _of_element(element, work.tasks, counted) for element in elements}


def variant_shares(work: ControlWork) -> dict[str, Share]:
    """The completion of each variant, in order of appearance; unequal shares suggest unequal variants (domain, §5)."""
    by_variant: dict[str, list[Result]] = {}
    for paper in work.papers:
        by_variant.setdefault(paper.variant, []).append(paper)
    return {variant: _completion(work, papers) for variant, papers in by_variant.items()}


def weakest(shares: Mapping[str, Share], most: int) -> tuple[str, ...]:
    """The tasks or elements with the lowest completion, where errors are typical.

    Lowest first: at most `most`, and all that tie with the last one; equal ones keep their order. Tasks that
    everybody solved fully are left out.
    """
    unfinished = {name: share.exact for name, share in shares.items() if share.exact is not None and share.exact < 1}
    ranked = sorted(unfinished, key=lambda name: unfinished[name])
    if len(ranked) > most:
        edge = unfinished[ranked[most - 1]]
        ranked = [name for name in ranked if unfinished[name] <= edge]
    return tuple(ranked)


def _completion(work: ControlWork, papers: Collection[Result]) -> Share:
    return Share(sum((paper.total for paper in papers), Decimal(0)), len(papers) * work.maximum)


def _of_element(element: str, tasks: tuple[Task, ...], papers: Collection[Result]) -> Share:
    positions = [position for position, task in enumerate(tasks) if task.element == element]
    scored = sum((paper.scores[position] or Decimal(0) for paper in papers for position in positions), Decimal(0))
    return Share(scored, len(papers) * sum((tasks[position].maximum for position in positions), Decimal(0)))
