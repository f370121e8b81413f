"""Which data of an imported bundle the gradebook can keep: its scale, weights, marks and memberships.

OneRoster 1.1 (CSV) defines the form of a bundle; the regulation and the school's policy limit its content.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID, uuid5

from kernel.errors import Invalid
from services.gradebook.marks.rules.cells import mark_text
from services.gradebook.policy.rules.first_grade import check_line_item_takes_marks
from services.gradebook.policy.rules.scales import EXEMPT, Scale, scale_of_numbers

#: OneRoster's `scoreStatus` of a result from which the student is exempt: the mark is then `осв`.
EXEMPT_STATUS = "exempt"
#: Longest comment a mark keeps.
COMMENT = 500
LIMIT_OF_WEIGHT = 10_000


def bundle_scale(works: Iterable[Mapping[str, Any]], present: Scale) -> Scale:
    """The scale that all line items name.

    Line items without a scale are ignored; if none names one, it is `present`. Raises `Invalid` for several scales
    or a scale that is not of whole numbers: a school gives its marks on one scale (domain, §3).
    """
    scales = {(work["min"], work["max"]) for work in works if work["min"] is not None and work["max"] is not None}
    if not scales:
        return present
    bounds = {(Decimal(lowest), Decimal(highest)) for lowest, highest in scales}
    if len(bounds) > 1:
        named = ", ".join(sorted(f"{lowest:f}–{highest:f}" for lowest, highest in bounds))
        raise Invalid(
            "The line items use several scales ({scales}); a school gives its marks on one.",
            rule="several-scales",
            scales=named,
        )
    ((lowest, highest),) = bounds
    if lowest % 1 or highest % 1 or not 0 <= lowest < highest < 1000:
        raise Invalid(
            "Marks are whole numbers; the line items go from {lowest} to {highest}.",
            rule="scale-not-whole",
            lowest=str(lowest),
            highest=str(highest),
        )
    return scale_of_numbers(int(lowest), int(highest))


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
            item=source_id,
            limit=COMMENT,
        )
    try:
        return mark_text(given, scale), mark["comment"]
    except Invalid as refused:
        raise Invalid(
            "Line item {item}: {fault}", rule=refused.rule, field="value", item=source_id, fault=refused.text
        ) from None


def membership_id(course_id: UUID, student_id: UUID, ordinal: int) -> UUID:
    """The id of a student's `ordinal`-th membership of a course (from 0), the same in every import (OneRoster 1.1)."""
    return uuid5(course_id, f"{student_id}:{ordinal}")
