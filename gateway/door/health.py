"""Health and metrics of the gateway, and a log line for each request, with ids and figures but no names."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from flask import Blueprint, Flask, Response, current_app, g, request

from gateway.door import policy
from gateway.door.auth import caller, operation
from gateway.door.http import answered
from gateway.door.problems import request_id
from kernel.errors import NotFound

log = structlog.get_logger()

#: What is wrong, by part; empty if the gateway is ready.
Check = Callable[[], Mapping[str, str]]
#: The metrics as bytes, and their media type.
Figures = Callable[[], tuple[bytes, str]]
#: Counts a request: method, route, status, seconds.
Observer = Callable[[str, str, int, float], None]

blueprint = Blueprint("health", __name__)


def install(app: Flask) -> None:
    """Serve health and metrics, and log requests."""
    app.register_blueprint(blueprint)
    app.after_request(_note)


def register(
    app: Flask,
    *,
    ready: Check | None = None,
    figures: Figures | None = None,
    observe: Observer | None = None,
) -> None:
    """Set what tells that the gateway is ready, what /metrics shows, and what counts requests."""
    app.extensions["lyceum-health"] = {"ready": ready, "figures": figures, "observe": observe}


def of_bus(client: Any) -> Mapping[str, str]:
    """Why the client's process is not ready, by part. A service that is away is no reason: the others can be used."""
    if not client.connected:
        return {"bus": "no connection to the broker"}
    if client.blocked:
        return {"bus": "the broker takes no messages (memory or disk alarm)"}
    return {}


@blueprint.route("/health/live")
@operation(policy.HEALTH)
def live() -> Response:
    """The process answers."""
    return answered({"status": "live"})


@blueprint.route("/health/ready")
@operation(policy.HEALTH)
def ready() -> Response:
    """The gateway is ready; else 503 and what is wrong, by part."""
    check: Check | None = _registered("ready")
    wrong = dict(check()) if check else {}
    return answered({"status": "not ready" if wrong else "ready", "wrong": wrong}, 503 if wrong else 200)


@blueprint.route("/metrics")
@operation(policy.METRICS)
def metrics() -> Response:
    """The metrics of this process; 404 if none were registered, or for somebody outside the installation."""
    figures: Figures | None = _registered("figures")
    if figures is None or not _from_inside():
        raise NotFound("There is nothing at this address.", rule="no-such-address")
    body, media_type = figures()
    return Response(body, content_type=media_type)


def _from_inside() -> bool:
    """Whether a machine of the installation asks: from a private address, and past no proxy that names another."""
    try:
        private = ipaddress.ip_address(request.remote_addr or "").is_private
    except ValueError:
        return False
    return private and "X-Forwarded-For" not in request.headers


def _registered(name: str) -> Any:
    return current_app.extensions.get("lyceum-health", {}).get(name)


def _note(response: Response) -> Response:
    seconds = time.perf_counter() - g.started if "started" in g else 0.0
    route = request.url_rule.rule if request.url_rule else "none"
    observe: Observer | None = _registered("observe")
    if observe is not None:
        observe(request.method, route, response.status_code, seconds)
    actor = caller().actor
    log.info(
        "request",
        method=request.method,
        route=route,
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
        account=str(actor.account_id) if actor else None,
        request_id=request_id(),
    )
    return response
