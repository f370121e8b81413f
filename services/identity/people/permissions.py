"""Who sees the names of people, and who issues credentials to whom. Pure."""

from __future__ import annotations

from collections.abc import Set

from contracts.roles import ADMINISTRATION, STAFF
from kernel.auth import Actor


def sees_every_name(actor: Actor) -> bool:
    """Staff and services see every name of the school; others see staff, themselves and their children."""
    return actor.service is not None or actor.holds(STAFF)


def issuer(roles: Set[str], *, several_schools: bool) -> str:
    """Who issues credentials to a person with these `roles`, one of `contracts.identity.people.ISSUERS`.

    A methodologist who issued credentials to the administration would gain its rights. A school that issued them
    to a person of several schools would gain that person's rights in the others.
    """
    if several_schools:
        return "operator"
    return "methodologist" if roles.isdisjoint(ADMINISTRATION.roles) else "director"
