"""A student's absences of a term, as the family reads them beside the marks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from contracts.attendance.absences import Absences
from contracts.attendance.codes import Codes
from gateway.door.asking import SHORT_TIMEOUT, ask
from kernel.errors import Fault, Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class OfTerm:
    """The lessons of a term that a student missed, or came late to, the last day first."""

    missed: int
    late: int
    #: Day → the absences of its lessons, as attendance answers them.
    days: dict[str, list[dict[str, Any]]]
    #: Code → its name; without the names where attendance went away meanwhile.
    names: dict[str, str]
    #: False while attendance is away.
    is_known: bool = True


def of_term(student_id: UUID, term: dict[str, Any]) -> OfTerm | None:
    """The student's absences; None for those who may not read them."""
    span = {"starts_on": term["starts_on"], "ends_on": term["ends_on"]}
    try:
        found = ask(Absences.absences_of, timeout=SHORT_TIMEOUT, student_id=student_id, **span)["absences"]
    except Fault:
        return OfTerm(0, 0, {}, {}, is_known=False)
    except (NotFound, Forbidden):  # the gradebook let the visitor in: the marks are shown without them
        return None
    by_day = groupby(sorted(found, key=itemgetter("date"), reverse=True), key=itemgetter("date"))
    return OfTerm(
        missed=sum(one["counts_as_absent"] for one in found),
        late=sum(one["late"] for one in found),
        days={day: list(of_day) for day, of_day in by_day},
        names=code_names() if found else {},
    )


def code_names() -> dict[str, str]:
    """Code → its name; empty if attendance is away, as a page is readable so."""
    try:
        return {code["code"]: code["name"] for code in ask(Codes.codes)["codes"]}
    except Fault:
        return {}
