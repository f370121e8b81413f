"""The interim attestation report of a subject teacher (regulation, clause 1.4; domain, §4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import NOT_ATTESTED
from services.gradebook.statistics.rules.shares import Share, share_of
from services.gradebook.statistics.rules.standings import FAILING_MARKS, NearMiss, Standing, standings
from services.gradebook.statistics.rules.statistics import PeriodMark, Statistics, has_left, statistics


class Taught(NamedTuple):
    """The subject of a row of the report: a class, a school subject and a period."""

    period: str
    class_name: str
    subject: str


class Lessons(NamedTuple):
    """The numbers of lessons planned and held in a course in the period."""

    planned: int
    held: int

    @property
    def fulfilled(self) -> Share:
        """Lessons held of those planned; above 100 % if more were held."""
        return share_of(self.held, self.planned)


@dataclass(frozen=True, slots=True)
class AttestationRow:
    """One class in one subject and period.

    `listed` counts the teacher's students in the class, including exempt ones. `one_three` and `one_four` are students
    on that list whom a single 3 or 4, in any subject, keeps from being good or excellent. `failing` have a 2, a 1 or a
    «незач» in this subject, `not_attested` a «н/а». Students are given by reference.
    """

    taught: Taught
    listed: int
    statistics: Statistics
    one_three: tuple[NearMiss, ...]
    one_four: tuple[NearMiss, ...]
    failing: tuple[str, ...]
    not_attested: tuple[str, ...]
    lessons: Lessons | None

    @property
    def exempt(self) -> int:
        """How many listed students are exempt from the subject."""
        return len(self.statistics.left_out_for("exempt"))

    @property
    def without_mark(self) -> int:
        """How many listed students have no mark in the subject."""
        return len(self.statistics.left_out_for("no-mark"))


@dataclass(frozen=True, slots=True)
class AttestationReport:
    """A teacher's report: the rows, the figures of all their marks, and the sum of their lessons."""

    teacher: str
    as_of: date
    rows: tuple[AttestationRow, ...]
    total: Statistics
    lessons: Lessons


def attestation_report(
    marks: Iterable[PeriodMark],
    teacher: str,
    lessons: Mapping[Taught, Lessons],
    policy: Policy,
    as_of: date,
) -> AttestationReport:
    """The teacher's report: a row for each class, subject and period, in order of first appearance (domain, §4).

    `marks` must be those of all subjects and teachers of the teacher's classes, since «one 3» depends on all marks of
    a student's period. A row that `lessons` lacks has no lessons. The policy's special rules for grade and subject
    apply to the rows; only general rules apply to the total.
    """
    by_class: dict[tuple[str, str], list[PeriodMark]] = {}
    own: dict[Taught, list[PeriodMark]] = {}
    for mark in marks:
        by_class.setdefault((mark.period, mark.class_name), []).append(mark)
        if mark.teacher == teacher:
            own.setdefault(Taught(mark.period, mark.class_name, mark.subject), []).append(mark)
    rows = tuple(
        _row(taught, taught_marks, by_class[taught.period, taught.class_name], lessons.get(taught), policy, as_of)
        for taught, taught_marks in own.items()
    )
    known = [row.lessons for row in rows if row.lessons is not None]
    return AttestationReport(
        teacher=teacher,
        as_of=as_of,
        rows=rows,
        total=statistics((mark for rows_of in own.values() for mark in rows_of), policy, as_of),
        lessons=Lessons(sum(one.planned for one in known), sum(one.held for one in known)),
    )


def _row(
    taught: Taught,
    own: list[PeriodMark],
    of_class: list[PeriodMark],
    lessons: Lessons | None,
    policy: Policy,
    as_of: date,
) -> AttestationRow:
    """The row of the marks `own`; `of_class` are the class's marks in all subjects in the period."""
    on_list = [mark for mark in own if not has_left(mark, as_of)]
    students = {mark.student for mark in on_list}
    near = standings((mark for mark in of_class if mark.student in students), as_of).near_misses
    return AttestationRow(
        taught=taught,
        listed=len(students),
        statistics=statistics(own, policy, as_of, Place(grade=own[0].grade, subject=taught.subject)),
        one_three=tuple(miss for miss in near if miss.would_be is Standing.GOOD),
        one_four=tuple(miss for miss in near if miss.would_be is Standing.EXCELLENT),
        failing=tuple(mark.student for mark in on_list if mark.text in FAILING_MARKS),
        not_attested=tuple(mark.student for mark in on_list if mark.text == NOT_ATTESTED),
        lessons=lessons,
    )
