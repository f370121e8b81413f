"""A student's standing over all subjects of a period, and the single mark that keeps it from being better."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from kernel.phrases import Phrase
from services.gradebook.policy.rules.scales import FAILED, NOT_ATTESTED
from services.gradebook.statistics.rules.shares import Share, share_of
from services.gradebook.statistics.rules.statistics import PeriodMark, has_left


class Standing(enum.Enum):
    """What schools call a student by the period marks of all subjects: the last member that applies."""

    #: Every mark is a 5.
    EXCELLENT = "excellent"
    #: No mark is under 4.
    GOOD = "good"
    #: There is a 3.
    SATISFACTORY = "satisfactory"
    #: There is a «н/а».
    NOT_ATTESTED = "not_attested"
    #: There is a 2, a 1 or a «незач».
    FAILING = "failing"


STANDING_NAMES: Final = {
    Standing.EXCELLENT: Phrase("отличник", "excellent student"),
    Standing.GOOD: Phrase("хорошист", "good student"),
    Standing.SATISFACTORY: Phrase("успевающий с отметками «3»", "student with marks of 3"),
    Standing.NOT_ATTESTED: Phrase("не аттестован", "not attested"),
    Standing.FAILING: Phrase("неуспевающий", "failing student"),
}
FAILING_MARKS: Final = frozenset({"2", "1", FAILED.text})
#: The best standing that each mark allows. Other marks (`осв`, `зач`) do not matter.
_AT_BEST: Final = {
    "5": Standing.EXCELLENT,
    "4": Standing.GOOD,
    "3": Standing.SATISFACTORY,
    NOT_ATTESTED: Standing.NOT_ATTESTED,
    **dict.fromkeys(FAILING_MARKS, Standing.FAILING),
}
_FROM_BEST: Final = tuple(Standing)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A student whom a single mark keeps from the standing `would_be`."""

    student: str
    mark: PeriodMark
    would_be: Standing


@dataclass(frozen=True, slots=True)
class Standings:
    """The standings of a class's students, given by reference, and those who miss a better standing by one mark."""

    students: dict[Standing, tuple[str, ...]]
    near_misses: tuple[NearMiss, ...]

    @property
    def pass_rate(self) -> Share:
        """The share of students with marks who are neither failing nor unattested in any subject."""
        return self._share(Standing.EXCELLENT, Standing.GOOD, Standing.SATISFACTORY)

    @property
    def quality(self) -> Share:
        """The share of students with marks who have no mark under 4."""
        return self._share(Standing.EXCELLENT, Standing.GOOD)

    def _share(self, *standings: Standing) -> Share:
        part = sum(len(self.students[one]) for one in standings)
        return share_of(part, sum(map(len, self.students.values())))


def standing(marks: Iterable[PeriodMark]) -> Standing | None:
    """The standing of one student by the marks of all subjects (domain, §4); None if no mark matters.

    Subjects that are exempt, without a mark or on another scale do not matter.
    """
    found = [_AT_BEST[mark.text] for mark in marks if mark.text in _AT_BEST]
    return max(found, key=_FROM_BEST.index, default=None)


def near_miss(marks: Iterable[PeriodMark]) -> NearMiss | None:
    """The single mark that keeps this student from a better standing (domain, §4: "one «3» or one «4» more").

    One 4 and otherwise only 5s: nearly excellent. One 3 and otherwise only 4s and 5s: nearly good. There must be at
    least one other mark. Failing and unattested students never nearly reach a standing.
    """
    counted = [mark for mark in marks if mark.text in _AT_BEST]
    present = standing(counted)
    if present not in (Standing.GOOD, Standing.SATISFACTORY) or len(counted) == 1:
        return None
    lowest = [mark for mark in counted if mark.text is not None and _AT_BEST[mark.text] is present]
    if len(lowest) > 1:
        return None
    return NearMiss(lowest[0].student, lowest[0], _FROM_BEST[_FROM_BEST.index(present) - 1])


def standings(marks: Iterable[PeriodMark], as_of: date) -> Standings:
    """The standings of a class in one period; `marks` are those of all students in all subjects (domain, §4).

    Students who left before `as_of` are omitted. Students are in order of first appearance.
    """
    by_student: dict[str, list[PeriodMark]] = {}
    for mark in marks:
        if not has_left(mark, as_of):
            by_student.setdefault(mark.student, []).append(mark)
    found = {student: standing(rows) for student, rows in by_student.items()}
    return Standings(
        students={one: tuple(student for student, has in found.items() if has is one) for one in Standing},
        near_misses=tuple(miss for rows in by_student.values() if (miss := near_miss(rows)) is not None),
    )
