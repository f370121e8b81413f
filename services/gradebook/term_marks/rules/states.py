"""The states of a class's term marks in a course: open, set, checked, locked (clauses 3.3, 4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from contracts.gradebook.term_marks import CHECKED, LOCKED, OPEN, SET
from kernel.errors import Conflict

#: So many courses are named in a refusal.
_NAMED: Final = 5


class CourseState(NamedTuple):
    """How far a course is, for refusals."""

    title: str
    state: str
    #: Students without a mark.
    missing: int


def after_marks(state: str, missing: int) -> str:
    """The state after marks were changed (practice).

    Handed-in marks have to be checked again; they are open again if one was taken back. Locked ones stay locked: they
    change only while the methodologist keeps them open, and the history says so.
    """
    if state in (OPEN, LOCKED):
        return state
    return OPEN if missing else SET


def check_complete(missing: int) -> None:
    """Refuse to hand in marks while students have none (practice): `н/а` and `осв` are marks too."""
    if missing:
        raise Conflict(
            "Students without a term mark: {count}. Set one for each, “н/а” or “осв” where there is none to give.",
            rule="term-marks-missing",
            field="course_id",
            count=missing,
        )


def check_checkable(courses: Sequence[CourseState]) -> None:
    """Refuse to check a class's marks while a course has not handed them in (clause 3.3)."""
    waiting = [one for one in courses if one.state == OPEN]
    if waiting:
        raise Conflict(
            "Not handed in yet: {courses}. Their teachers have to do that first.",
            rule="term-marks-open",
            field="class_id",
            courses=_named(waiting),
        )


def check_lockable(courses: Sequence[CourseState]) -> None:
    """Refuse to lock a class's marks before they were checked (clause 4.2)."""
    waiting = [one for one in courses if one.state not in (CHECKED, LOCKED)]
    if waiting:
        raise Conflict(
            "Not checked yet: {courses}. The homeroom teacher has to do that first.",
            rule="term-marks-unchecked",
            field="class_id",
            courses=_named(waiting),
        )


def _named(courses: Sequence[CourseState]) -> str:
    """The titles of the first of these courses."""
    return ", ".join([*(one.title for one in courses[:_NAMED]), *(["…"] if len(courses) > _NAMED else [])])


def check_any(courses: Sequence[CourseState]) -> None:
    """Refuse where a class has no course with term marks: there is nothing to check or to lock (practice)."""
    if not courses:
        raise Conflict("The class has no courses with marks in this term.", rule="no-term-marks", field="class_id")
