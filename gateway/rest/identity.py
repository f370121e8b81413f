"""Sessions, schools, people, classes, consents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from contracts.identity import ChangePassword, FindPeople, Identity, PeopleIds, RecordConsent, RefreshSession
from gateway.composed import sessions
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.door.http import answered, done, paged
from gateway.rest.forms import Contact, RoleHeld, SignIn
from gateway.rest.openapi import ApiBlueprint

blueprint = ApiBlueprint("identity", __name__, "Sessions, schools, people, classes, consents.")

Values = dict[str, Any]


@blueprint.route("/sessions", methods=["POST"])
@operation(Identity.open_session)
@blueprint.arguments(SignIn)
@blueprint.response(201, Identity.open_session.answer)
def sign_in(body: Values) -> Response:
    """Sign in: tokens of a new session."""
    return answered(sessions.open_session(**body), 201)


@blueprint.route("/sessions/refresh", methods=["POST"])
@operation(Identity.refresh_session)
@blueprint.arguments(RefreshSession)
@blueprint.response(200, Identity.refresh_session.answer)
def refresh(body: Values) -> Response:
    """New tokens for a refresh token; using one twice ends the session."""
    return answered(carry_out(Identity.refresh_session, **body))


@blueprint.route("/sessions/current", methods=["DELETE"])
@operation(Identity.close_session)
@blueprint.response(204)
def sign_out() -> Response:
    """Sign out: the session's tokens stop working."""
    sessions.close_session()
    return done()


@blueprint.route("/me")
@operation(Identity.me)
@blueprint.response(200, Identity.me.answer)
def me() -> Response:
    """Who is signed in: schools, roles, children."""
    return answered(ask(Identity.me))


@blueprint.route("/me/password", methods=["PUT"])
@operation(Identity.change_password)
@blueprint.arguments(ChangePassword)
@blueprint.response(204)
def change_password(body: Values) -> Response:
    """Replace one's own password; every other session of the account ends."""
    carry_out(Identity.change_password, **body)
    return done()


@blueprint.route("/schools")
@operation(Identity.schools)
@blueprint.response(200, Identity.schools.answer)
def schools() -> Response:
    """The schools one belongs to; all of them for an operator."""
    return answered(ask(Identity.schools))


@blueprint.route("/classes")
@operation(Identity.classes)
@blueprint.response(200, Identity.classes.answer)
def classes() -> Response:
    """The classes of the school."""
    return answered(ask(Identity.classes))


@blueprint.route("/classes/<id:class_id>")
@operation(Identity.class_list)
@blueprint.response(200, Identity.class_list.answer)
def class_list(class_id: UUID) -> Response:
    """A class with its students."""
    return answered(ask(Identity.class_list, class_id=class_id))


@blueprint.route("/people")
@operation(Identity.people)
@blueprint.arguments(FindPeople, location="query")
@blueprint.response(200, Identity.people.answer)
def people(query: Values) -> Response:
    """A page of the school's people, by family name."""
    return paged(ask(Identity.people, **query))


@blueprint.route("/people/names", methods=["POST"])
@operation(Identity.names)
@blueprint.arguments(PeopleIds)
@blueprint.response(200, Identity.names.answer)
def names(body: Values) -> Response:
    """The names of people, as far as one may see them; the others are left out."""
    return answered(ask(Identity.names, **body))


@blueprint.route("/people/<id:person_id>/contact", methods=["PATCH"])
@operation(Identity.set_contact)
@blueprint.arguments(Contact)
@blueprint.response(200, Identity.set_contact.answer)
def set_contact(body: Values, person_id: UUID) -> Response:
    """Where a person can be reached."""
    return answered(carry_out(Identity.set_contact, person_id=person_id, **body))


@blueprint.route("/people/<id:person_id>/roles", methods=["POST"])
@operation(Identity.appoint)
@blueprint.arguments(RoleHeld)
@blueprint.response(200, Identity.appoint.answer)
def appoint(body: Values, person_id: UUID) -> Response:
    """Give or take a staff role."""
    return answered(carry_out(Identity.appoint, person_id=person_id, **body))


@blueprint.route("/credentials", methods=["POST"])
@operation(Identity.issue_credentials)
@blueprint.arguments(PeopleIds)
@blueprint.response(201, Identity.issue_credentials.answer)
def issue_credentials(body: Values) -> Response:
    """New logins and passwords, shown this once."""
    return answered(carry_out(Identity.issue_credentials, **body), 201)


@blueprint.route("/consents", methods=["POST"])
@operation(Identity.record_consent)
@blueprint.arguments(RecordConsent)
@blueprint.response(201, Identity.record_consent.answer)
def record_consent(body: Values) -> Response:
    """Enter a guardian's consent, or its withdrawal."""
    return answered(carry_out(Identity.record_consent, **body), 201)
