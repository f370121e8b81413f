"""Views of sessions: tokens and memberships."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from contracts.roles import OPERATOR
from kernel.auth import Signer, human_claims
from services.identity.classes.queries import Child, ClassNamed
from services.identity.people.queries import Named
from services.identity.people.views import name
from services.identity.rows import View
from services.identity.schools.queries import Place
from services.identity.sessions.queries import Rights
from services.identity.sessions.tables import SignIn

ACCESS_SECONDS = 300


def tokens(signer: Signer, rights: Rights, sign_in_id: UUID, refresh_token: str) -> View:
    """A new access token, its lifetime in seconds, and the refresh token for the next one.

    With a password that was issued nobody is anything yet: the token names no role and no school.
    """
    if rights.issued:
        claims = human_claims(rights.account_id, sign_in_id, (), issued=True)
    else:
        roles = frozenset({OPERATOR} if rights.is_operator else ())
        claims = human_claims(rights.account_id, sign_in_id, rights.memberships, roles)
    return {
        "access_token": signer.sign(claims, ACCESS_SECONDS),
        "refresh_token": refresh_token,
        "expires_in": ACCESS_SECONDS,
        "password_issued": rights.issued,
    }


def own_session(sign_in: SignIn, current: UUID | None) -> View:
    """An `OwnSessionView`; `current` is the session that asks."""
    return {
        "session_id": sign_in.id,
        "started_at": sign_in.started_at,
        "refreshed_at": sign_in.refreshed_at,
        "network": sign_in.network,
        "client": sign_in.client,
        "current": sign_in.id == current,
    }


def membership(
    place: Place,
    roles: Collection[str],
    class_name: str | None,
    children: Collection[Child],
    homeroom: Collection[ClassNamed],
) -> View:
    """A `MembershipView`."""
    return {
        "school_id": place.school_id,
        "school_name": place.school_name,
        "person_id": place.id,
        **_named(place),
        "roles": sorted(roles),
        "class_name": class_name,
        "children": [{"student_id": child.id, **_named(child), "class_name": child.class_name} for child in children],
        "homeroom": [{"class_id": led.id, "name": led.name} for led in homeroom],
    }


def _named(person: Named) -> View:
    return {
        "name": name(person),
        "family_name": person.family_name,
        "given_name": person.given_name,
        "patronymic": person.patronymic,
    }
