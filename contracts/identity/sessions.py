"""Signing in and out, refreshing tokens; who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from marshmallow import validate

from kernel import fields
from kernel.contract import PUBLIC, SIGNED_IN, Command, Done, Empty, Event, Interface, Rpc, View


class OpenSession(Command):
    """Sign in."""

    login = fields.Str(required=True, validate=validate.Length(1, 120))
    password = fields.Str(required=True, validate=validate.Length(1, 200))
    address = fields.Str(load_default="", validate=validate.Length(max=64))
    #: What the browser is known by, from its first sign-in on. Whoever signed in with it before is let in though others
    #: guess at the login.
    device = fields.Str(load_default="", validate=validate.Length(max=64))
    #: The browser and its system, in words for the owner's list of sessions.
    client = fields.Str(load_default="", validate=validate.Length(max=80))
    #: The refresh token of the browser's session until now, which this one takes the place of.
    earlier = fields.Str(load_default="", validate=validate.Length(max=200))


class RefreshSession(Command):
    """Exchange a refresh token. It is good until one that was given for it is used."""

    refresh_token = fields.Str(required=True, validate=validate.Length(1, 200))


class SessionView(View):
    """The tokens of a session."""

    access_token = fields.Str(required=True)
    refresh_token = fields.Str(required=True)
    expires_in = fields.Int(required=True, metadata={"description": "Seconds until the access token expires."})
    #: False from an older version of identity.
    password_issued = fields.Bool(
        load_default=False,
        metadata={
            "description": "The school made the password. Until its owner has replaced it, the token opens nothing "
            "else; refresh it afterwards."
        },
    )


class ChildView(View):
    """A child of the signed-in guardian."""

    student_id = fields.UUID(required=True)
    name = fields.Str(required=True)
    #: The parts of the name; empty from an older version of identity, which does not send them.
    family_name = fields.Str(load_default="")
    given_name = fields.Str(load_default="")
    patronymic = fields.Str(load_default="")
    class_name = fields.Str(required=True, allow_none=True)


class ClassRefView(View):
    """A class by name."""

    class_id = fields.UUID(required=True)
    name = fields.Str(required=True)


class MembershipView(View):
    """The account's place in one school."""

    school_id = fields.UUID(required=True)
    school_name = fields.Str(required=True)
    person_id = fields.UUID(required=True)
    name = fields.Str(required=True)
    #: As those of a child.
    family_name = fields.Str(load_default="")
    given_name = fields.Str(load_default="")
    patronymic = fields.Str(load_default="")
    roles = fields.List(fields.Str(), required=True)
    #: Of a student; an older version of identity says none.
    class_name = fields.Str(load_default=None, allow_none=True)
    children = fields.List(fields.Nested(ChildView), required=True)
    homeroom = fields.List(fields.Nested(ClassRefView), required=True)


class MeView(View):
    """Who is signed in."""

    account_id = fields.UUID(required=True)
    login = fields.Str(required=True)
    roles = fields.List(fields.Str(), required=True, metadata={"description": "Roles held outside any school."})
    memberships = fields.List(fields.Nested(MembershipView), required=True)


class OwnSessionView(View):
    """Where the caller is signed in."""

    session_id = fields.UUID(required=True)
    started_at = fields.DateTime(required=True)
    refreshed_at = fields.DateTime(
        required=True, allow_none=True, metadata={"description": "When it was last renewed."}
    )
    network = fields.Str(required=True, allow_none=True, metadata={"description": "The network of the address."})
    client = fields.Str(required=True, allow_none=True, metadata={"description": "The browser and its system."})
    current = fields.Bool(required=True, metadata={"description": "Whether it is the session that asks."})


class OwnSessionsView(View):
    """Where the caller is signed in, latest first."""

    sessions = fields.List(fields.Nested(OwnSessionView), required=True)


class EndSession(Command):
    """One of the caller's sessions."""

    session_id = fields.UUID(required=True)


class Sessions(Interface, service="identity"):
    """Sessions: signing in and out."""

    open_session = Rpc(OpenSession, SessionView, "Sign in with login and password.", PUBLIC)
    refresh_session = Rpc(
        RefreshSession,
        SessionView,
        "New tokens for a refresh token; using it again after its successor was used ends the session.",
        PUBLIC,
    )
    close_session = Rpc(Empty, Done, "Sign out: the session's tokens stop working.", SIGNED_IN)
    own_sessions = Rpc(Empty, OwnSessionsView, "Where the caller is signed in.", SIGNED_IN)
    end_session = Rpc(EndSession, Done, "Sign out elsewhere: end one of the caller's own sessions.", SIGNED_IN)
    check_session = Rpc(Empty, Done, "Refused if the caller's session has ended.", SIGNED_IN)
    me = Rpc(Empty, MeView, "Who is signed in, in which schools, with which roles and children.", SIGNED_IN)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRevoked(Event):
    """A session ended: refuse its access tokens."""

    SERVICE = "identity"
    NAME = "session_revoked"
    AGGREGATE = "session_id"

    session_id: UUID
