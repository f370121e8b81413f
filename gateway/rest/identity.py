"""Sessions, schools, people, classes, consents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from contracts.identity.classes import Classes
from contracts.identity.consents import Consents, RecordConsent
from contracts.identity.credentials import ChangePassword, Credentials
from contracts.identity.people import FindPeople, People, PeopleIds
from contracts.identity.schools import Schools
from contracts.identity.sessions import RefreshSession, Sessions
from gateway.composed import sessions
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.door.http import answered, done, paged
from gateway.rest.forms import Contact, RoleHeld, SignIn
from gateway.rest.openapi import ApiBlueprint

blueprint = ApiBlueprint("identity", __name__, "Sessions, schools, people, classes, consents.")

Values = dict[str, Any]


@blueprint.route("/sessions", methods=["POST"])
@operation(Sessions.open_session)
@blueprint.arguments(SignIn)
@blueprint.response(201, Sessions.open_session.answer)
def sign_in(body: Values) -> Response:
    """Sign in: tokens of a new session."""
    return answered(sessions.open_session(**body), 201)


@blueprint.route("/sessions/refresh", methods=["POST"])
@operation(Sessions.refresh_session)
@blueprint.arguments(RefreshSession)
@blueprint.response(200, Sessions.refresh_session.answer)
def refresh(body: Values) -> Response:
    """New tokens for a refresh token; using one twice ends the session."""
    return answered(carry_out(Sessions.refresh_session, **body))


@blueprint.route("/sessions/current", methods=["DELETE"])
@operation(Sessions.close_session)
@blueprint.response(204)
def sign_out() -> Response:
    """Sign out: the session's tokens stop working."""
    sessions.close_session()
    return done()


@blueprint.route("/me")
@operation(Sessions.me)
@blueprint.response(200, Sessions.me.answer)
def me() -> Response:
    """Who is signed in: schools, roles, children."""
    return answered(ask(Sessions.me))


@blueprint.route("/me/password", methods=["PUT"])
@operation(Credentials.change_password)
@blueprint.arguments(ChangePassword)
@blueprint.response(204)
def change_password(body: Values) -> Response:
    """Replace one's own password; every other session of the account ends."""
    carry_out(Credentials.change_password, **body)
    return done()


@blueprint.route("/schools")
@operation(Schools.schools)
@blueprint.response(200, Schools.schools.answer)
def schools() -> Response:
    """The schools one belongs to; all of them for an operator."""
    return answered(ask(Schools.schools))


@blueprint.route("/classes")
@operation(Classes.classes)
@blueprint.response(200, Classes.classes.answer)
def classes() -> Response:
    """The classes of the school."""
    return answered(ask(Classes.classes))


@blueprint.route("/classes/<id:class_id>")
@operation(Classes.class_list)
@blueprint.response(200, Classes.class_list.answer)
def class_list(class_id: UUID) -> Response:
    """A class with its students."""
    return answered(ask(Classes.class_list, class_id=class_id))


@blueprint.route("/people")
@operation(People.people)
@blueprint.arguments(FindPeople, location="query")
@blueprint.response(200, People.people.answer)
def people(query: Values) -> Response:
    """A page of the school's people, by family name."""
    return paged(ask(People.people, **query))


@blueprint.route("/people/names", methods=["POST"])
@operation(People.names)
@blueprint.arguments(PeopleIds)
@blueprint.response(200, People.names.answer)
def names(body: Values) -> Response:
    """The names of people, as far as one may see them; the others are left out."""
    return answered(ask(People.names, **body))


@blueprint.route("/people/<id:person_id>/contact", methods=["PATCH"])
@operation(People.set_contact)
@blueprint.arguments(Contact)
@blueprint.response(200, People.set_contact.answer)
def set_contact(body: Values, person_id: UUID) -> Response:
    """Where a person can be reached."""
    return answered(carry_out(People.set_contact, person_id=person_id, **body))


@blueprint.route("/people/<id:person_id>/roles", methods=["POST"])
@operation(People.appoint)
@blueprint.arguments(RoleHeld)
@blueprint.response(200, People.appoint.answer)
def appoint(body: Values, person_id: UUID) -> Response:
    """Give or take a staff role."""
    return answered(carry_out(People.appoint, person_id=person_id, **body))


@blueprint.route("/credentials", methods=["POST"])
@operation(Credentials.issue_credentials)
@blueprint.arguments(PeopleIds)
@blueprint.response(201, Credentials.issue_credentials.answer)
def issue_credentials(body: Values) -> Response:
    """New logins and passwords, shown this once."""
    return answered(carry_out(Credentials.issue_credentials, **body), 201)


@blueprint.route("/consents", methods=["POST"])
@operation(Consents.record_consent)
@blueprint.arguments(RecordConsent)
@blueprint.response(201, Consents.record_consent.answer)
def record_consent(body: Values) -> Response:
    """Enter a guardian's consent, or its withdrawal."""
    return answered(carry_out(Consents.record_consent, **body), 201)
