"""Who works on a thematic plan, and what the state of the plan allows (clause 4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from contracts.gradebook.plans import ATTACHED, DRAFT, SUBMITTED
from contracts.roles import METHODOLOGISTS
from kernel.auth import Actor
from kernel.errors import Conflict, Forbidden, Refused

CHANGE, SUBMIT, RETURN, ATTACH, DELETE = "change", "submit", "return", "attach", "delete"
#: What may be done with a plan in each state, and whether only a methodologist may.
_IN_STATE: Final = {
    DRAFT: {CHANGE: False, SUBMIT: False, DELETE: False},
    SUBMITTED: {CHANGE: True, RETURN: False, ATTACH: True},
    ATTACHED: {CHANGE: True, ATTACH: True},
}


@dataclass(frozen=True, slots=True)
class PlanTies:
    """How the actor is tied to a plan: whether the actor heads the association of its subject."""

    heads: bool


def works_on_subject(actor: Actor, ties: PlanTies) -> bool:
    """Methodologists, and the head of the association of the subject (clause 4.2)."""
    return actor.holds(METHODOLOGISTS) or (actor.has("plan_head") and ties.heads)


def check_works_on_subject(actor: Actor, ties: PlanTies) -> None:
    """Refuse heads of other associations; every head may read the plan, so the reason is told."""
    if not works_on_subject(actor, ties):
        raise Forbidden(
            "The plans of this subject are another association's. The methodologist says who heads which.",
            rule="not-your-subject",
        )


def may(actor: Actor, ties: PlanTies, state: str) -> list[str]:
    """What the actor may do with a plan in this state. One that was submitted may be taken back."""
    if not works_on_subject(actor, ties):
        return []
    all_of_it = actor.holds(METHODOLOGISTS)
    return [deed for deed, keepers_only in _IN_STATE[state].items() if all_of_it or not keepers_only]


def check_may(actor: Actor, ties: PlanTies, state: str, deed: str) -> None:
    """Refuse a deed that the actor, or the plan's state, does not allow."""
    check_works_on_subject(actor, ties)
    if deed in may(actor, ties, state):
        return
    raise _refusal(state, deed)


def _refusal(state: str, deed: str) -> Refused:
    if deed in _IN_STATE[state]:
        return Forbidden("A plan that was submitted is changed by the methodologist.", rule="plan-submitted")
    if state == DRAFT:
        return Conflict("The plan is a draft: submit it first.", rule="plan-is-draft")
    if deed == SUBMIT:
        return Conflict("The plan was submitted already.", rule="plan-submitted")
    if deed == DELETE:
        return Conflict("Only a draft can be deleted.", rule="plan-submitted")
    return Conflict("Courses go by this plan: detach them first.", rule="plan-attached")
