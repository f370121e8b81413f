"""What was sent to whom."""

from __future__ import annotations

from contracts.notifications.deliveries import Deliveries
from gateway.rest.openapi import ApiBlueprint
from gateway.rest.routes import get

blueprint = ApiBlueprint("notifications", __name__, "What was sent to whom.")

ROUTES = (get("/deliveries", Deliveries.deliveries),)
