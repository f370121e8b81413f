"""When a school may go over to another scale of marks: with a new term (practice).

A term's mean is one figure of all its marks, and marks of two scales have none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import NamedTuple

from kernel.errors import Invalid
from services.gradebook.policy.rules.policy import Policy
from services.gradebook.policy.rules.scales import scales_of


class Span(NamedTuple):
    """A term with its first and last day."""

    title: str
    starts_on: date
    ends_on: date

    def goes_on_at(self, day: date) -> bool:
        """Whether a day is one of the term, but not its first."""
        return self.starts_on < day <= self.ends_on


def check_scale_change(
    earlier: Iterable[Policy], new: Policy, terms: Collection[Span], last_marked: date | None
) -> None:
    """Refuse a version that gives marks another scale while a term goes on (practice).

    `earlier` are the version before and those before it, `last_marked` is the last day with a mark: where none stands
    in a term yet, the version may begin with that term, though it goes on already.
    """
    before = max((one for one in earlier if one.valid_from < new.valid_from), key=lambda one: one.valid_from)
    if scales_of(before) == scales_of(new):
        return
    going_on = [one for one in terms if one.goes_on_at(new.valid_from)]
    if going_on:
        raise Invalid(
            "The scale of marks changes with a new term: on {date} “{term}” is under way, and marks of two scales have "
            "no common mean. The version may begin on {other}.",
            rule="scale-in-term",
            field="valid_from",
            date=new.valid_from,
            term=max(going_on, key=lambda one: one.ends_on).title,
            other=_other_beginning(going_on, terms, last_marked),
        )


def _other_beginning(going_on: Iterable[Span], terms: Collection[Span], last_marked: date | None) -> date:
    """The first day on which a version may begin that no term goes on at: with one that goes on, or after one."""
    with_term = {one.starts_on for one in going_on if last_marked is None or one.starts_on > last_marked}
    after = {one.ends_on + timedelta(1) for one in terms}
    return min(day for day in with_term | after if not any(term.goes_on_at(day) for term in terms))
