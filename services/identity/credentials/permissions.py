"""Who issues credentials, and to whom. Pure: the roles a decision needs are passed in."""

from __future__ import annotations

from collections.abc import Set

from contracts.roles import ADMINISTRATION, OPERATOR
from kernel.auth import Actor
from kernel.errors import Forbidden


def check_may_issue_to(actor: Actor, roles: Set[str], *, several_schools: bool) -> None:
    """Whether the actor issues credentials to a person who holds `roles`, in one school or in several.

    A methodologist who could issue them to the administration would hold its rights; a school that could issue
    them to someone of another school, that person's rights there.
    """
    if actor.has(OPERATOR):
        if "director" not in roles and not several_schools:
            raise Forbidden(
                "The operator issues credentials to directors and to people of several schools only.",
                rule="operator-directors-only",
            )
        return
    if several_schools:
        raise Forbidden(
            "This person belongs to several schools: the operator issues the credentials.",
            rule="several-schools",
        )
    if not roles.isdisjoint(ADMINISTRATION.roles) and not actor.has("director"):
        raise Forbidden("Credentials of the administration are issued by the director.", rule="director-only")
