"""Which kinds of marks a course has at the end of a term: the term's, the year's, an exam's (domain, §3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from contracts.gradebook.term_marks import CERTIFICATE, EXAM, KINDS, TERM, YEAR
from kernel.errors import Invalid

#: Its certificate is made of the year's mark and the exam's (the ministry's order No. 546 of 2020). The certificate of
#: grade 11 is made of two years.
CERTIFICATE_GRADE: Final = 9


def kinds_at(grade: int | None, *, last_term: bool) -> tuple[str, ...]:
    """The kinds, in the order in which they are set (domain, §3): beside the term's at the last term alone."""
    if not last_term:
        return (TERM,)
    return (TERM, YEAR, EXAM, CERTIFICATE) if grade == CERTIFICATE_GRADE else (TERM, YEAR)


def kinds_of_grades(grades: Iterable[int | None], *, last_term: bool) -> tuple[str, ...]:
    """The kinds of a course whose students are of these grades: those that any of them has (practice)."""
    every = {kind for grade in grades for kind in kinds_at(grade, last_term=last_term)}
    return tuple(kind for kind in KINDS if kind in every)


def check_kind(kind: str, kinds: Sequence[str], term: str, field: str = "kind") -> None:
    """Refuse a kind of marks that is not there at a term, by its title; the refusal names `field` (practice)."""
    if kind not in kinds:
        raise Invalid(
            "“{term}” has no marks of this kind: those of the year stand at its last term, those of the exam and the "
            "certificate in grade 9 alone.",
            rule="no-such-kind-of-mark",
            field=field,
            term=term,
        )
