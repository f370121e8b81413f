"""Who may issue credentials to whom. Pure: callers pass in the roles."""

from __future__ import annotations

from collections.abc import Set

from contracts.roles import ADMINISTRATION, OPERATOR
from kernel.auth import Actor
from kernel.errors import Forbidden


def check_may_issue_to(actor: Actor, roles: Set[str], *, several_schools: bool) -> None:
    """Raises `Forbidden` if the actor may not issue credentials to a person with these `roles`.

    A methodologist who issued credentials to the administration would gain its rights. A school that issued them
    to a person of several schools would gain that person's rights in the others.
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
