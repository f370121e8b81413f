"""Makes inputs of the rules from stored marks.

What a mark weighs is the policy's where a school has voted one, else that of its kind of work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from services.gradebook.brought.queries import BroughtMark
from services.gradebook.explaining.given import GivenMark
from services.gradebook.marks.queries import Kind
from services.gradebook.marks.rules.cells import stored_marks
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import scale_at
from services.gradebook.term_marks.rules import term_marks
from services.gradebook.term_marks.rules.term_marks import TermMark

EVERYWHERE: Final = Place()
#: Kinds of work by their ids.
Kinds = Mapping[UUID, Kind]


class Weight(NamedTuple):
    """What a mark weighs (None: what the policy says of its kind of work), and the policy's code of its kind."""

    own: Decimal | None
    kind: str
    #: Whether another school set it.
    brought: bool = False
    #: Whether it counts only where it raises the mean, as its column says.
    only_if_helps: bool = False


#: Texts of marks with their weights and kinds, in order: all that a mean depends on beside the policy and the place.
Series = tuple[tuple[str, Weight], ...]


class Ruled:
    """A policy in a place as a key: it equals itself alone, since to hash one takes half as long as to compute a mean.

    The default knows no rules of means for grades, subjects or kinds: marks of all courses share its means.
    """

    __slots__ = ("place", "policy")

    def __init__(self, policy: Policy, place: Place) -> None:
        self.policy = policy
        self.place = place if policy.version else EVERYWHERE

    def __hash__(self) -> int:
        return hash((id(self.policy), self.place))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ruled) and other.policy is self.policy and other.place == self.place


class StoredMark(Protocol):
    """What of a stored mark a mean depends on."""

    @property
    def value(self) -> str | None:
        """As it stands in the cell; None if it was taken back."""

    @property
    def kind_id(self) -> UUID:
        """Its kind of work."""

    @property
    def only_if_helps(self) -> bool:
        """Whether it counts only where it raises the mean, as its column says."""


class DatedMark(StoredMark, Protocol):
    """A stored mark that an explanation names."""

    @property
    def id(self) -> UUID:
        """The mark."""

    @property
    def date(self) -> date:
        """The day of its lesson."""


def weights(kinds: Kinds, policy: Policy) -> dict[UUID, Weight]:
    """What marks of each kind weigh: a voted policy decides it for the kinds that it names, the default for none."""
    codes = {kind.name: kind.code for kind in policy.kinds} if policy.version else {}
    return {
        kind.id: Weight(None, codes[kind.name]) if kind.name in codes else Weight(kind.weight, "")
        for kind in kinds.values()
    }


def series(rows: Iterable[StoredMark], weights: Mapping[UUID, Weight]) -> Series:
    """The texts and weights of marks. Withdrawn ones are skipped: they are neither used nor listed as left out."""
    return tuple(
        [(row.value, in_column(weights[row.kind_id], row.only_if_helps)) for row in rows if row.value is not None]
    )


def in_column(weight: Weight, only_if_helps: bool) -> Weight:  # of a row of a SELECT, which has it by its place
    """What a mark weighs in a column that says whether its marks count only where they raise the mean."""
    return weight._replace(only_if_helps=True) if only_if_helps else weight


def brought_series(rows: Iterable[BroughtMark], weights: Mapping[UUID, Weight]) -> Series:
    """The texts and weights of marks that were brought along."""
    return tuple(
        [
            (row.value, weights[row.kind_id]._replace(brought=row.elsewhere, only_if_helps=row.only_if_helps))
            for row in rows
        ]
    )


def given_marks(series: Series, policy: Policy, place: Place) -> list[GivenMark]:
    """The marks of a series as input of the rules."""
    scale, step = scale_at(policy, place), policy.scales.sign.at(place).value
    return [
        _marked(mark, weight)
        for text, weight in series
        for mark in stored_marks(text, scale, step, weight.own, weight.kind)
    ]


def _marked(mark: GivenMark, weight: Weight) -> GivenMark:
    if not (weight.brought or weight.only_if_helps):
        return mark
    return replace(mark, brought=weight.brought, only_if_helps=weight.only_if_helps)


def term_mark(series: Series, policy: Policy, place: Place, lessons_a_week: Decimal | None) -> TermMark:
    """The computed term mark of a student in a course with so many lessons a week, if that is known."""
    return term_marks.term_mark(given_marks(series, policy, place), policy, place, lessons_a_week or Decimal(0))


def traced_term_mark(
    rows: Iterable[DatedMark],
    brought: Iterable[BroughtMark],
    weights: Mapping[UUID, Weight],
    policy: Policy,
    place: Place,
    lessons_a_week: Decimal | None,
) -> TermMark:
    """The same, with the day of each input, and the id of its mark in `ref`."""
    of_rows: list[tuple[DatedMark, Series]] = [
        *((row, brought_series([row], weights)) for row in brought),
        *((row, series([row], weights)) for row in rows),
    ]
    given = [
        replace(one, day=row.date, ref=str(row.id))
        for row, of_row in of_rows
        for one in given_marks(of_row, policy, place)
    ]
    return term_marks.term_mark(given, policy, place, lessons_a_week or Decimal(0))
