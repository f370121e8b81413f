"""Who may do what in identity. Pure: the rows a decision needs are passed in."""

from __future__ import annotations

from collections.abc import Set
from uuid import UUID

from contracts.roles import OPERATOR, STAFF
from kernel.auth import Actor
from kernel.errors import Forbidden

ADMINISTRATION = frozenset({"director", "deputy"})
KEEPERS = ADMINISTRATION | {"methodologist"}
GRADEBOOK = "gradebook"


def check_may_see_classes(actor: Actor) -> None:
    """Classes and their lists are for staff, and for services."""
    if not (actor.service or actor.holds(STAFF)):
        raise Forbidden("Class lists are for the school's staff.", rule="staff-only")


def sees_every_name(actor: Actor) -> bool:
    """Staff and services see the names of the whole school; others of staff, of themselves and their children."""
    return actor.service is not None or actor.holds(STAFF)


def check_may_find_people(actor: Actor) -> None:
    """Contacts and logins are for those who keep them (clauses 2.3 and 4.2)."""
    if not actor.has(*KEEPERS):
        raise Forbidden("Lists of people are for the administration and the methodologist.", rule="keepers-only")


def check_may_set_contact(actor: Actor) -> None:
    """The methodologist enters people's data (clause 4.2)."""
    if not actor.has("methodologist"):
        raise Forbidden("Contacts are entered by the methodologist.", rule="methodologist-only")


def check_may_record_consent(actor: Actor) -> None:
    """Consents come in on paper to those who keep the school's records (clauses 5.2 and 6.1)."""
    if not actor.has(*KEEPERS):
        raise Forbidden("Consents are entered by the administration and the methodologist.", rule="keepers-only")


def check_may_issue(actor: Actor) -> None:
    """Whether the actor issues credentials at all; for whom is decided on the rows."""
    if not actor.has("methodologist", "director", OPERATOR):
        raise Forbidden("Credentials are issued by the methodologist.", rule="methodologist-only")


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
    if not roles.isdisjoint(ADMINISTRATION) and not actor.has("director"):
        raise Forbidden("Credentials of the administration are issued by the director.", rule="director-only")


def check_may_appoint(actor: Actor, role: str) -> None:
    """The director gives and takes the school's roles (clause 4.1); an operator only the director's."""
    if actor.has("director") or (actor.has(OPERATOR) and role == "director"):
        return
    if actor.has(OPERATOR):
        raise Forbidden("The operator appoints directors only.", rule="operator-directors-only")
    raise Forbidden("Roles are given by the director.", rule="director-only")


def check_may_import(actor: Actor) -> None:
    """The methodologist enters the school's data (clause 4.2); an operator, several schools' at once."""
    if not actor.has("methodologist", OPERATOR):
        raise Forbidden("Bundles are imported by the methodologist.", rule="methodologist-only")


def may_see_import(actor: Actor, school_id: UUID | None) -> bool:
    """An import is seen in the school it was handed in for, and by operators."""
    return actor.has(OPERATOR) or (school_id is not None and actor.tenant_id == school_id)


def check_may_fetch_parts(actor: Actor) -> None:
    """What an import brings for the gradebook is for that service only."""
    if actor.service != GRADEBOOK:
        raise Forbidden("Parts of an import are for the gradebook only.", rule="services-only")


def check_is_service(actor: Actor) -> None:
    """Facts that services copy hold contacts and consents: no human asks for them."""
    if actor.service is None:
        raise Forbidden("Facts are for services only.", rule="services-only")


def account_of(actor: Actor) -> UUID:
    """The account of a human; refuses a service."""
    if actor.account_id is None:
        raise Forbidden("Sign in: a service has no account.", rule="humans-only")
    return actor.account_id
