"""Which kinds of marks a course has at the end of a term: the term's, the year's, an exam's (domain, §3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from contracts.gradebook.term_marks import CERTIFICATE, EXAM, KINDS, TERM, YEAR
from kernel.errors import Invalid

#: Its certificate is made of the year's mark and the exam's (the ministry's order No. 546 of 2020).
BASIC_GRADE: Final = 9
#: Its certificate is made of the marks of two years, without exams (the same order).
SECONDARY_GRADE: Final = 11


def kinds_at(grade: int | None, *, last_term: bool) -> tuple[str, ...]:
    """The kinds, in the order in which they are set (domain, §3): beside the term's at the last term alone."""
    if not last_term:
        return (TERM,)
    if grade == BASIC_GRADE:
        return TERM, YEAR, EXAM, CERTIFICATE
    return (TERM, YEAR, CERTIFICATE) if grade == SECONDARY_GRADE else (TERM, YEAR)


def is_of_two_years(kind: str, grade: int | None) -> bool:
    """Whether marks of a kind are made of those of this year and of the year before (order No. 546 of 2020)."""
    return (kind, grade) == (CERTIFICATE, SECONDARY_GRADE)


def kinds_of_grades(grades: Iterable[int | None], *, last_term: bool) -> tuple[str, ...]:
    """The kinds of a course whose students are of these grades: those that any of them has (practice)."""
    every = {kind for grade in grades for kind in kinds_at(grade, last_term=last_term)}
    return tuple(kind for kind in KINDS if kind in every)


def check_kind(kind: str, kinds: Sequence[str], term: str, field: str = "kind") -> None:
    """Refuse a kind of marks that is not there at a term, by its title; the refusal names `field` (practice)."""
    if kind not in kinds:
        raise Invalid(
            "“{term}” has no marks of this kind: those of the year stand at its last term, those of the exam in grade "
            "9, those of the certificate in grades 9 and 11 alone.",
            rule="no-such-kind-of-mark",
            field=field,
            term=term,
        )
