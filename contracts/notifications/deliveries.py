"""What was sent to whom, and whether it arrived."""

from __future__ import annotations

from typing import Final

from marshmallow import validate

from contracts.roles import KEEPERS, PARENTS
from kernel import fields
from kernel.contract import Command, Interface, Rpc, View

#: States of a delivery. `gone` is final: there is no such address, consent was withdrawn, or the delivery is too old.
STATES: Final = ("due", "sent", "gone")


class FindDeliveries(Command):
    """Deliveries, newest first: a parent's own; for the administration and the methodologist all of the school."""

    student_id = fields.UUID(load_default=None, allow_none=True)
    state = fields.Str(load_default=None, allow_none=True, validate=validate.OneOf(STATES))
    after = fields.UUID(load_default=None, allow_none=True)
    limit = fields.Int(load_default=50, validate=validate.Range(1, 200))


class DeliveryView(View):
    """One message to one person by one channel."""

    id = fields.UUID(required=True)
    kind = fields.Str(required=True, metadata={"description": "The event that caused it, such as mark_posted."})
    student_id = fields.UUID(required=True)
    recipient_id = fields.UUID(required=True)
    channel = fields.Str(required=True)
    state = fields.Str(required=True, validate=validate.OneOf(STATES))
    reason = fields.Str(required=True)
    attempts = fields.Int(required=True)
    created_at = fields.DateTime(required=True)
    sent_at = fields.DateTime(required=True, allow_none=True)


class DeliveriesView(View):
    """A page of deliveries; `next` is the `after` of the next page."""

    deliveries = fields.List(fields.Nested(DeliveryView), required=True)
    next = fields.UUID(required=True, allow_none=True)


class Deliveries(Interface, service="notifications"):
    """Messages to families."""

    deliveries = Rpc(
        FindDeliveries, DeliveriesView, "Messages that were sent or could not be, with the reason.", KEEPERS | PARENTS
    )
