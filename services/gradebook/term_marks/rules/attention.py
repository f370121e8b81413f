"""Which students' marks in a course need attention before the term ends (practice)."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from contracts.gradebook.term_marks import FAILING, NO_MARKS, TOO_FEW
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import NOT_ATTESTED, mark_on, scale_at
from services.gradebook.term_marks.rules.term_marks import TermMark, earned_number, least_number
from services.gradebook.term_marks.rules.thresholds import term_table


class Attention(NamedTuple):
    """Why marks need attention (nothing: they do not), how many there are, and how many a term mark needs."""

    needs: tuple[str, ...]
    marks: int
    least: int


def attention(computed: TermMark, policy: Policy, place: Place, lessons_a_week: Decimal | None) -> Attention:
    """What of a computed term mark needs attention, in a course with so many lessons a week, if that is known.

    It does where the mark would not pass, also with fewer marks than a term mark needs, and where there are no marks or
    fewer than that. Nothing does where the policy gives no marks (practice).
    """
    number = earned_number(computed.mean)
    least = least_number(policy.terms.least_marks.at(place).value, lessons_a_week or Decimal(0))
    if computed.text is None:
        return Attention((), number, least)
    needs = [FAILING] if _fails(computed, policy, place) else []
    if number == 0:
        needs.append(NO_MARKS)
    elif number < least:
        needs.append(TOO_FEW)
    return Attention(tuple(needs), number, least)


def _fails(computed: TermMark, policy: Policy, place: Place) -> bool:
    text = computed.text
    if text == NOT_ATTESTED:
        if computed.explained.exact is None:
            return False
        table = term_table(policy, place).value
        text = table.text(table.reached(computed.explained.exact))
    mark = mark_on(scale_at(policy, place), text or "")
    return mark is not None and mark.passes is False
