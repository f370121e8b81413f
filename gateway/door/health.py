"""Health and figures of the door, and one line of the log for each request: ids and figures, no names."""

from __future__ import annotations

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

#: What is wrong, by part; empty where the door can do its work.
Check = Callable[[], Mapping[str, str]]
#: The figures as a text, and its media type.
Figures = Callable[[], tuple[bytes, str]]
#: Takes method, route, status and seconds of a request.
Observer = Callable[[str, str, int, float], None]

blueprint = Blueprint("watching", __name__)


def install(app: Flask) -> None:
    """Serve health and figures, and log requests."""
    app.register_blueprint(blueprint)
    app.after_request(_note)


def register(
    app: Flask,
    *,
    ready: Check | None = None,
    figures: Figures | None = None,
    observe: Observer | None = None,
) -> None:
    """Say how the door knows that it is ready, what /metrics shows, and who counts its requests."""
    app.extensions["lyceum-watching"] = {"ready": ready, "figures": figures, "observe": observe}


@blueprint.route("/health/live")
@operation(policy.HEALTH)
def live() -> Response:
    """The process answers."""
    return answered({"status": "live"})


@blueprint.route("/health/ready")
@operation(policy.HEALTH)
def ready() -> Response:
    """The door can do its work; else 503 and what is wrong, by part."""
    check: Check | None = _registered("ready")
    wrong = dict(check()) if check else {}
    return answered({"status": "not ready" if wrong else "ready", "wrong": wrong}, 503 if wrong else 200)


@blueprint.route("/metrics")
@operation(policy.METRICS)
def metrics() -> Response:
    """The figures of this process, where somebody registered any."""
    figures: Figures | None = _registered("figures")
    if figures is None:
        raise NotFound("There is nothing at this address.", rule="no-such-address")
    body, media_type = figures()
    return Response(body, content_type=media_type)


def _registered(name: str) -> Any:
    return current_app.extensions.get("lyceum-watching", {}).get(name)


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
