"""Logins and passwords."""

from __future__ import annotations

from marshmallow import validate

from contracts.identity.people import PeopleIds
from contracts.roles import DIRECTORS, METHODOLOGISTS, OPERATORS
from kernel import fields
from kernel.contract import SIGNED_IN, Command, Done, Interface, Rpc, View


class CredentialView(View):
    """A login and its new password, which is shown only now and never stored in clear text."""

    person_id = fields.UUID(required=True)
    login = fields.Str(required=True)
    password = fields.Str(required=True)


class CredentialsView(View):
    """Credentials just issued."""

    credentials = fields.List(fields.Nested(CredentialView), required=True)


class ChangePassword(Command):
    """Replace one's own password; every other session of the account ends."""

    old_password = fields.Str(required=True, validate=validate.Length(1, 200))
    new_password = fields.Str(required=True, validate=validate.Length(10, 200))


class Credentials(Interface, service="identity"):
    """Logins and passwords."""

    change_password = Rpc(ChangePassword, Done, "Replace one's own password.", SIGNED_IN)
    issue_credentials = Rpc(
        PeopleIds,
        CredentialsView,
        "New logins and passwords for people; by the methodologist (clause 2.3).",
        METHODOLOGISTS | DIRECTORS | OPERATORS,
    )
