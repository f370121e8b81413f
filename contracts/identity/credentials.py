"""Logins and passwords."""

from __future__ import annotations

from dataclasses import dataclass

from marshmallow import validate

from contracts.identity.people import PeopleIds
from contracts.roles import DIRECTORS, METHODOLOGISTS, OPERATORS
from kernel import fields
from kernel.contract import SIGNED_IN, Command, Done, Interface, Rpc, View
from kernel.jobs import JobChanged, JobView


class CredentialView(View):
    """A login and its new password, which its owner replaces at the first sign-in."""

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


class OrderCredentials(PeopleIds):
    """New passwords for people. Where some have one already, it is refused unless `replace` says that it is meant."""

    replace = fields.Bool(load_default=False)


class CredentialOrderId(Command):
    """An order of credentials."""

    order_id = fields.UUID(required=True)


class CredentialOrderView(View):
    """An order of credentials, for whoever ordered them."""

    id = fields.UUID(required=True)
    job = fields.Nested(JobView, required=True)
    version = fields.Int(required=True, metadata={"description": "The job's."})
    ordered_at = fields.DateTime(required=True)
    people = fields.Int(required=True, metadata={"description": "For how many people."})
    failure = fields.Str(required=True, allow_none=True, metadata={"description": "Why nothing was issued."})
    #: The same with its rule, as `kernel.texts.Text` goes over the wire.
    failure_text = fields.Dict(required=True, allow_none=True)
    shown_at = fields.DateTime(
        required=True, allow_none=True, metadata={"description": "When the passwords were first fetched."}
    )
    ready = fields.Bool(required=True, metadata={"description": "Whether the passwords can be fetched."})


class Credentials(Interface, service="identity"):
    """Logins and passwords."""

    change_password = Rpc(ChangePassword, Done, "Replace one's own password.", SIGNED_IN)
    order_credentials = Rpc(
        OrderCredentials,
        CredentialOrderView,
        "Order new logins and passwords for people; by the methodologist (clause 2.3).",
        METHODOLOGISTS | DIRECTORS | OPERATORS,
    )
    credential_order = Rpc(
        CredentialOrderId,
        CredentialOrderView,
        "How far one's own order of credentials is.",
        METHODOLOGISTS | DIRECTORS | OPERATORS,
    )
    take_credentials = Rpc(
        CredentialOrderId,
        CredentialsView,
        "The credentials of one's own order: for a quarter of an hour after they were first fetched, then never again.",
        METHODOLOGISTS | DIRECTORS | OPERATORS,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialsMoved(JobChanged):
    """An order of credentials went a step further or ended. Its job has the order's id."""

    SERVICE = "identity"
    NAME = "credentials_moved"
