"""Staff roles that are given and taken by hand."""

from __future__ import annotations

from marshmallow import validate

from contracts.identity.people import PersonView
from contracts.roles import DIRECTORS, OPERATORS, STAFF
from kernel import fields
from kernel.contract import Command, Interface, Rpc


class Appoint(Command):
    """Give or take a role."""

    person_id = fields.UUID(required=True)
    role = fields.Str(required=True, validate=validate.OneOf(sorted(STAFF.roles)))
    held = fields.Bool(load_default=True)


class Appointments(Interface, service="identity"):
    """Staff roles."""

    appoint = Rpc(
        Appoint,
        PersonView,
        "Give or take a staff role: the director does (clause 4.1); an operator, a director's only.",
        DIRECTORS | OPERATORS,
    )
