"""Who may issue credentials to whom. Pure: callers pass in the roles."""

from __future__ import annotations

from collections.abc import Set

from contracts.roles import OPERATOR
from kernel.auth import Actor
from kernel.errors import Forbidden
from services.identity.people.permissions import issuer


def check_may_issue_to(actor: Actor, roles: Set[str], *, several_schools: bool) -> None:
    """Raises `Forbidden` if the actor may not issue credentials to a person with these `roles`."""
    if actor.has(OPERATOR):
        if "director" not in roles and not several_schools:
            raise Forbidden(
                "The operator issues credentials to directors and to people of several schools only.",
                rule="operator-directors-only",
            )
        return
    by = issuer(roles, several_schools=several_schools)
    if by == "operator":
        raise Forbidden(
            "This person belongs to several schools: the operator issues the credentials.",
            rule="several-schools",
        )
    if by == "director" and not actor.has("director"):
        raise Forbidden("Credentials of the administration are issued by the director.", rule="director-only")
