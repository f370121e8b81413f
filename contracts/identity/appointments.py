"""Staff roles that a director or an operator gives and takes away."""

from __future__ import annotations

from marshmallow import validate

from contracts.identity.people import PersonView
from contracts.roles import DIRECTORS, OPERATORS, STAFF
from kernel import fields
from kernel.contract import Command, Interface, Rpc


class Appoint(Command):
    """Give a staff role, or take it away (`held` false)."""

    person_id = fields.UUID(required=True)
    role = fields.Str(required=True, validate=validate.OneOf(sorted(STAFF.roles)))
    held = fields.Bool(load_default=True)


class Appointments(Interface, service="identity"):
    """Staff roles."""

    appoint = Rpc(
        Appoint,
        PersonView,
        "Give a staff role or take it away; by the director (clause 4.1). An operator appoints directors only.",
        DIRECTORS | OPERATORS,
    )
