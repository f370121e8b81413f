"""Which data of an imported bundle the gradebook can keep: its scale, weights, marks and memberships.

OneRoster 1.1 (CSV) defines the form of a bundle; the regulation and the school's policy limit its content.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID, uuid5

from kernel.errors import Invalid
from kernel.texts import Text
from services.gradebook.marks.rules.cells import mark_text
from services.gradebook.policy.rules.first_grade import check_line_item_takes_marks
from services.gradebook.policy.rules.scales import EXEMPT, Scale, scale_of_numbers

#: OneRoster's `scoreStatus` of a result from which the student is exempt: the mark is then `осв`.
EXEMPT_STATUS = "exempt"
#: The reasons in a mark's history for a change made by an import, and for the one that undoes it.
IMPORTED = "import"
UNDONE = "undo"
#: Longest comment a mark keeps.
COMMENT = 500
LIMIT_OF_WEIGHT = 10_000


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row of a bundle that the gradebook cannot keep, and why. It never names a student."""

    file: str
    line: int | None
    field: str
    rule: str
    text: Text

    def to_wire(self) -> dict[str, Any]:
        """As `contracts.identity.bundles.LeftOut` has it."""
        return {
            "file": self.file,
            "line": self.line,
            "field": self.field,
            "rule": self.rule,
            "text": self.text.to_wire(),
        }


def bundle_scale(works: Iterable[Mapping[str, Any]], present: Scale) -> tuple[Scale, dict[UUID, LeftOut]]:
    """The school's scale by the line items of a bundle, and those that are of another, by id.

    A school gives its marks on one scale of whole numbers (domain, §3). It is the one that all line items name; where
    they name several, the `present` one if it is among them, else the one that most of them name. Line items that name
    none are of the school's. A `partial` bundle, a delta, does not change the scale.
    """
    named: dict[UUID, tuple[int, int]] = {}
    left_out: dict[UUID, LeftOut] = {}
    lines = {work["id"]: work for work in works if work["min"] is not None and work["max"] is not None}
    for work_id, work in lines.items():
        lowest, highest = Decimal(work["min"]), Decimal(work["max"])
        if lowest % 1 or highest % 1 or not 0 <= lowest < highest < 1000:
            text = Text(
                "Marks are whole numbers; the line items go from {lowest} to {highest}.",
                {"lowest": str(lowest), "highest": str(highest)},
            )
            left_out[work_id] = _of_item(work, "scale-not-whole", text)
        else:
            named[work_id] = (int(lowest), int(highest))
    partial = any(work.get("partial") for work in lines.values())
    chosen = _bounds(present) if partial else _chosen_scale(Counter(named.values()), present)
    for work_id, bounds in named.items():
        if bounds != chosen:
            text = Text(
                "It is marked from {lowest} to {highest}, the school from {of_school_lowest} to {of_school_highest}.",
                {
                    "lowest": bounds[0],
                    "highest": bounds[1],
                    "of_school_lowest": chosen[0],
                    "of_school_highest": chosen[1],
                },
            )
            left_out[work_id] = _of_item(lines[work_id], "other-scale", text)
    return (scale_of_numbers(*chosen) if named and chosen != _bounds(present) else present), left_out


def _chosen_scale(named: Counter[tuple[int, int]], present: Scale) -> tuple[int, int]:
    if not named or (len(named) > 1 and _bounds(present) in named):
        return _bounds(present)
    return max(named, key=lambda bounds: (named[bounds], bounds))


def _bounds(scale: Scale) -> tuple[int, int]:
    return int(scale.marks[0].text), int(scale.marks[-1].text)


def _of_item(work: Mapping[str, Any], rule: str, text: Text) -> LeftOut:
    return LeftOut("lineItems.csv", work.get("line"), "resultValueMax", rule, text)


def of_result(mark: Mapping[str, Any], refused: Invalid) -> LeftOut:
    """A result that the gradebook cannot keep: by the school's scale, or in grade 1 (domain, §3; clause 2.5)."""
    return LeftOut("results.csv", mark.get("line"), refused.field or "score", refused.rule, refused.text)


def gone_terms(known: Iterable[tuple[Any, ...]], terms: Iterable[Mapping[str, Any]]) -> list[UUID]:
    """The terms that go: the bundle lacks them (OneRoster 1.1).

    Of `known`, each with id, year, division and whether a person entered it, those that one entered stay unless the
    bundle has terms of their division in that year.
    """
    given = list(terms)
    ids, divisions = {one["id"] for one in given}, {(one["year_id"], one["division"]) for one in given}
    return [
        term_id
        for term_id, year_id, division, by_hand in known
        if term_id not in ids and not (by_hand and (year_id, division) not in divisions)
    ]


def idle_years(
    years: Iterable[Mapping[str, Any]], taught: Collection[UUID], known: Mapping[UUID, tuple[date, date]]
) -> set[UUID]:
    """The years of a bundle that are left out: the school keeps one for their days, and no course goes by them.

    A bundle that brings people alone has to name a year all the same (OneRoster 1.1). `taught` are the years of the
    bundle's courses, `known` those that the school has, with first and last day.
    """
    return {
        one["id"]
        for one in years
        if one["id"] not in known
        and one["id"] not in taught
        and any(first <= one["ends_on"] and one["starts_on"] <= last for first, last in known.values())
    }


def bundle_weight(given: str | None, present: Decimal) -> Decimal:
    """The weight of a kind of work, to three decimals; `present` if the bundle names none (OneRoster 1.1).

    Raises `Invalid` for a weight below 0 or too large to store.
    """
    if given is None:
        return present
    weight = Decimal(given)
    if not 0 <= weight < LIMIT_OF_WEIGHT:
        raise Invalid(
            "The weight of a kind of work lies between 0 and {limit}, not {weight}.",
            rule="weight-out-of-range",
            limit=LIMIT_OF_WEIGHT,
            weight=given,
        )
    return weight.quantize(Decimal("0.001"), ROUND_HALF_UP)


def fault_of_weight(kind: Mapping[str, Any]) -> LeftOut | None:
    """What is wrong with the weight of a kind of work (OneRoster 1.1); it keeps its present one then."""
    try:
        bundle_weight(kind["weight"], Decimal(1))
    except Invalid as refused:
        return LeftOut("categories.csv", kind.get("line"), "weight", refused.rule, refused.text)
    return None


def bundle_mark(mark: Mapping[str, Any], source_id: str, grade: int | None, scale: Scale) -> tuple[str, str] | None:
    """Value and comment of an imported result; None if it has no value and is not exempt.

    An exempt result is `осв`. Raises `Invalid`, which names the line item (`source_id`) and never the student,
    for a value that is not on the scale and for a mark in grade 1 (regulation, clause 2.5).
    """
    given = mark["value"]
    if given is None:
        given = EXEMPT if mark["status"] == EXEMPT_STATUS else None
    if given is None:
        return None
    check_line_item_takes_marks(grade, source_id)
    if len(mark["comment"]) > COMMENT:
        raise Invalid(
            "Line item {item}: a comment has more than {limit} letters.",
            rule="comment-too-long",
            field="comment",
            item=source_id,
            limit=COMMENT,
        )
    try:
        return mark_text(given, scale), mark["comment"]
    except Invalid as refused:
        raise Invalid(
            "Line item {item}: {fault}", rule=refused.rule, field="score", item=source_id, fault=refused.text
        ) from None


def membership_id(course_id: UUID, student_id: UUID, ordinal: int) -> UUID:
    """The id of a student's `ordinal`-th membership of a course (from 0), the same in every import (OneRoster 1.1)."""
    return uuid5(course_id, f"{student_id}:{ordinal}")
