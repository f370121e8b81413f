"""A control work: its tasks, each student's scores, and the validity of the record (domain, §5)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Task:
    """A task: its maximum score, and the element of content that it tests ("" if not named)."""

    name: str
    maximum: Decimal
    element: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One student's scores, in the order of the tasks.

    None is a task left blank, 0 a task tried and failed: both give no points, but they are counted separately. An
    absent student has no scores but a reason, "" if unknown; a student who handed in a blank sheet was present.
    """

    student: str
    scores: tuple[Decimal | None, ...] = ()
    variant: str = ""
    absent: str | None = None

    @property
    def total(self) -> Decimal:
        """The sum of the scores."""
        return sum((score for score in self.scores if score is not None), Decimal(0))


@dataclass(frozen=True, slots=True)
class ControlWork:
    """The tasks of a work and the results of all students on the list."""

    tasks: tuple[Task, ...]
    results: tuple[Result, ...]

    @property
    def papers(self) -> tuple[Result, ...]:
        """The results of the students who took the work."""
        return tuple(result for result in self.results if result.absent is None)

    @property
    def maximum(self) -> Decimal:
        """The maximum score of all tasks together."""
        return sum((task.maximum for task in self.tasks), Decimal(0))


def check_control_work(work: ControlWork) -> None:
    """Refuse a work that cannot be analysed; every figure can be computed for an accepted one (domain, §5).

    Raises `Invalid` for a work without tasks, tasks with the same name or without points, a student named twice,
    an absent student with scores, and scores that are not one for each task or not between 0 and its maximum.
    """
    if not work.tasks:
        raise Invalid("A control work has at least one task.", rule="no-tasks", field="tasks")
    _check_tasks(work.tasks)
    seen: set[str] = set()
    for position, result in enumerate(work.results):
        if result.student in seen:
            raise Invalid("This student is named twice.", rule="student-twice", field=f"results.{position}.student")
        seen.add(result.student)
        _check_result(result, work.tasks, f"results.{position}")


def _check_tasks(tasks: tuple[Task, ...]) -> None:
    names: set[str] = set()
    for position, task in enumerate(tasks):
        if task.name in names:
            raise Invalid(
                "There are two tasks {name}.", rule="task-twice", field=f"tasks.{position}.name", name=task.name
            )
        names.add(task.name)
        if not task.maximum.is_finite() or task.maximum <= 0:
            raise Invalid(
                "The task {name} gives more than 0 points.",
                rule="task-without-points",
                field=f"tasks.{position}.maximum",
                name=task.name,
            )


def _check_result(result: Result, tasks: tuple[Task, ...], field: str) -> None:
    if result.absent is not None:
        if result.scores:
            raise Invalid("Someone absent has no scores.", rule="absent-with-scores", field=f"{field}.scores")
        return
    if len(result.scores) != len(tasks):
        raise Invalid(
            "There are {tasks} tasks, and {scores} scores.",
            rule="scores-for-other-tasks",
            field=f"{field}.scores",
            tasks=len(tasks),
            scores=len(result.scores),
        )
    for position, (score, task) in enumerate(zip(result.scores, tasks)):
        if score is not None and not (score.is_finite() and 0 <= score <= task.maximum):
            raise Invalid(
                "The task {name} gives 0 to {maximum} points, not {score}.",
                rule="score-out-of-range",
                field=f"{field}.scores.{position}",
                name=task.name,
                maximum=str(task.maximum),
                score=str(score),
            )
