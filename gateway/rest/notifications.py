"""What was sent to whom."""

from __future__ import annotations

from typing import Any

from flask import Response

from contracts.notifications.deliveries import Deliveries, FindDeliveries
from gateway.door.asking import ask
from gateway.door.auth import operation
from gateway.door.http import paged
from gateway.rest.openapi import ApiBlueprint

blueprint = ApiBlueprint("notifications", __name__, "What was sent to whom.")


@blueprint.route("/deliveries")
@operation(Deliveries.deliveries)
@blueprint.arguments(FindDeliveries, location="query")
@blueprint.response(200, Deliveries.deliveries.answer)
def deliveries(query: dict[str, Any]) -> Response:
    """What was sent, or could not be, and why; newest first."""
    return paged(ask(Deliveries.deliveries, **query))
