"""Terms of a year beside the days on which the school goes over to another scale of marks.

A scale begins with a term or between terms, as marks of two scales have no common mean (practice). The day of an
adopted version stays, so the terms keep to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from uuid import UUID

from kernel.errors import FieldFault, Invalid
from kernel.texts import Text
from services.gradebook.calendar.rules.year_calendar import Term, YearCalendar
from services.gradebook.policy.rules.policy import Policy
from services.gradebook.policy.rules.scales import SCALES, scales_of


def check_scales_begin_between_terms(
    before: YearCalendar, after: YearCalendar, policies: Iterable[Policy], places: Mapping[UUID | int, str]
) -> None:
    """Refuse terms that would be under way on a day on which another scale of marks begins (practice).

    A term that was under way on that day before the change is no fault of it. `policies`: those that decide or will,
    the one of before the first version too. `places`: term → its path in what was sent. Raises `Invalid` with every
    fault.
    """
    faults = [
        FieldFault.of(
            f"{places[term.id]}.starts_on" if term.id in places else "terms", "scale-in-term", _text(term, *new)
        )
        for new in _beginnings(policies)
        for term in after.terms
        if _goes_on_at(term, new[0]) and not any(_goes_on_at(one, new[0]) for one in before.terms if one.id == term.id)
    ]
    if faults:
        raise Invalid.of(faults[0].text, rule="scale-in-term", field=faults[0].field, faults=tuple(faults))


def _beginnings(policies: Iterable[Policy]) -> Iterator[tuple[date, str]]:
    """The days on which another scale begins, with its code: the last version of a day replaces others of it."""
    last = {one.valid_from: one for one in sorted(policies, key=lambda one: (one.valid_from, one.version))}
    for earlier, later in pairwise(last.values()):
        (usual, special), (new, new_special) = scales_of(earlier), scales_of(later)
        if (usual, special) != (new, new_special):
            others = [code for scope, code in new_special.items() if special.get(scope) != code]
            yield later.valid_from, new if new != usual else next(iter(others), new)


def _goes_on_at(term: Term, day: date) -> bool:
    return term.starts_on < day <= term.ends_on


def _text(term: Term, day: date, code: str) -> Text:
    return Text(
        "“{term}” would be under way on {date}, when the scale of marks “{scale}” begins, and marks of two scales have "
        "no common mean. Let a term begin on that day, or end before it.",
        {"term": term.title, "date": day, "scale": SCALES[code].name().text if code in SCALES else code},
    )
