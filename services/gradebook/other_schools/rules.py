"""What may be entered from a document of another school (domain, §9: a student who comes brings the marks)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from kernel.errors import Conflict, Invalid


def check_anything(marks: Collection[object], term_marks: Collection[object]) -> None:
    """Refuse a document that says nothing of the subject (practice)."""
    if not marks and not term_marks:
        raise Invalid("Enter a mark of the document at least.", rule="no-marks", field="marks")


def check_before_joining(day: date, since: date, term: tuple[date, date], field: str) -> None:
    """Refuse a day on which the student was here already, and one outside the term (practice).

    `since` is the student's first day in the course, `term` the first and last day of the term.
    """
    if day >= since:
        raise Invalid(
            "The student was in this course from {since} on: a mark of {day} belongs into a cell of the journal.",
            rule="student-was-here",
            field=field,
            since=since,
            day=day,
        )
    if not term[0] <= day <= term[1]:
        raise Invalid(
            "{day} does not lie in this term. Of an earlier term its mark counts: enter that.",
            rule="day-outside-term",
            field=field,
            day=day,
        )


class SomeTerm(Protocol):
    """A term."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def starts_on(self) -> date:
        """Its first day."""

    @property
    def ends_on(self) -> date:
        """Its last day."""


def counts_in(day: date | None, terms: Sequence[SomeTerm]) -> UUID:
    """The term that decides whether a mark may be withdrawn (practice; clause 4.2).

    It is that of its day; a term mark counts in the mark of the year, which is set in the last one.
    """
    of_day = (one.id for one in terms if day is not None and one.starts_on <= day <= one.ends_on)
    return next(of_day, terms[-1].id)


def check_earlier(term_id: UUID, earlier: Iterable[UUID], field: str) -> None:
    """Refuse the mark of a term that was not over when the student came (practice)."""
    if term_id not in earlier:
        raise Invalid(
            "The student was here before this term was over: its mark is set here.",
            rule="term-of-this-school",
            field=field,
        )


def check_first(term_id: UUID, standing: Collection[UUID], title: str, field: str) -> None:
    """Refuse a second mark of another school for one term (practice). `standing` are the terms that have one."""
    if term_id in standing:
        raise Conflict(
            "Of “{term}” a mark of another school stands here already: withdraw that one first.",
            rule="term-mark-brought",
            field=field,
            term=title,
        )
