"""The WSGI application of the live process: `GET /live/imports/{id}` is a stream of server-sent events.

An event is named `job`; its id is the job's version and its data a `kernel.jobs.JobView` as JSON. A stream ends after
`LONGEST`, with the job or with the session; the browser asks again by itself and says by Last-Event-ID what it knows.
Who may not ask for the state gets none; who gets no stream (503) asks the gateway for the state instead.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from flask import Blueprint, Flask, Response, current_app, request

from contracts.identity.bundles import Bundles, ImportMoved
from contracts.identity.credentials import Credentials, CredentialsMoved
from contracts.identity.sessions import SessionRevoked
from gateway import app as gateway_app
from gateway.door import auth, health, language, problems, session_cookies
from gateway.door.asking import ask
from gateway.door.auth import EndedSessions, TokenChecker, operation
from gateway.live.streams import Follower, Streams
from kernel.auth import Verifier
from kernel.bus.calls import Calling
from kernel.config import Settings
from kernel.errors import Forbidden
from kernel.jobs import GOING_ON, JobChanged

#: Seconds that a stream lasts at most: proxies cut what takes longer than a minute.
LONGEST: Final = 55.0
#: Seconds after which a silent stream says that it is there, and notices that nobody listens any more.
SILENCE: Final = 10.0
#: Milliseconds after which a browser asks again.
RETRY: Final = 2000

blueprint = Blueprint("live", __name__)


def create_live(client: Calling, settings: Settings) -> Flask:
    """The live application, which calls services and hears of changes through `client`."""
    app = Flask("gateway", static_folder=None)
    tokens, streams = TokenChecker(Verifier(settings.keys_path), EndedSessions(), client), Streams()
    gateway_app.share(app, client, tokens, settings)
    app.extensions["lyceum-streams"] = streams

    def end(event: SessionRevoked) -> None:
        tokens.ended.add(event.session_id)
        streams.end_session(event.session_id)

    client.on_event(SessionRevoked, end)
    client.on_event(ImportMoved, streams.tell)
    client.on_event(CredentialsMoved, streams.tell)
    gateway_app.configure(app, settings)
    language.install(app)
    problems.install(app)
    gateway_app.admit_requests(app, tokens)
    session_cookies.install(app)
    app.after_request(_let_our_pages_read)
    app.register_blueprint(blueprint)
    health.install(app)
    gateway_app.check_operations(app)
    return app


@blueprint.route("/live/imports/<id:import_id>")
@operation(Bundles.import_status)
def live_import(import_id: UUID) -> Response:
    """How an import goes on."""
    return _stream(import_id, lambda: ask(Bundles.import_status, import_id=import_id)["job"])


@blueprint.route("/live/credentials/<id:order_id>")
@operation(Credentials.credential_order)
def live_credentials(order_id: UUID) -> Response:
    """How an order of credentials goes on."""
    return _stream(order_id, lambda: ask(Credentials.credential_order, order_id=order_id)["job"])


def _stream(job_id: UUID, fetch: Callable[[], dict[str, Any]]) -> Response:
    """A stream of a job's states. Raises what `fetch` refuses with, and `Unavailable` beyond a number of streams."""
    _check_sender()
    streams: Streams = current_app.extensions["lyceum-streams"]
    who = auth.caller()
    session_id = who.claims.session_id if who.claims else None
    account_id = who.actor.account_id if who.actor else None
    with ExitStack() as stack:
        follower = stack.enter_context(streams.following(job_id, account_id, session_id))
        state = fetch()  # after it follows: no change falls in between
        following = _Following(follower, stack.pop_all())
    response = Response(following.events(state, _known()), mimetype="text/event-stream")
    response.call_on_close(following.close)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # nginx would keep what comes to itself
    return response


@dataclass
class _Following:
    """A follower, and what ends it."""

    follower: Follower
    stack: ExitStack

    def close(self) -> None:
        """Nobody reads any more."""
        self.stack.close()

    def events(self, state: dict[str, Any], known: int) -> Iterator[bytes]:
        """The events of a stream, the first of them the state at its beginning, unless it is known."""
        until, version = time.monotonic() + LONGEST, state["version"]
        yield f"retry: {RETRY}\n\n".encode()
        if version != known:
            yield _event(state)
        while state["state"] in GOING_ON and not self.follower.over and time.monotonic() < until:
            change = self.follower.change_since(version, min(SILENCE, max(0.0, until - time.monotonic())))
            if change is None:
                yield b": still here\n\n"
                continue
            state, version = _state(change), change.version
            yield _event(state)


def _event(state: dict[str, Any]) -> bytes:
    return b"event: job\nid: %d\ndata: %s\n\n" % (state["version"], msgspec.json.encode(state))


def _state(change: JobChanged) -> dict[str, Any]:
    return {name: getattr(change, name) for name in ("state", "stage", "done", "total", "version")}


def _known() -> int:
    known = request.headers.get("Last-Event-ID", "")
    return int(known) if known.isascii() and known.isdigit() and len(known) < 10 else 0


def _check_sender() -> None:
    """Refuse a request that a page of another host sent, with the cookies that its browser adds."""
    sender, origin = request.headers.get("Sec-Fetch-Site", "none"), request.headers.get("Origin")
    if sender == "cross-site" or (origin is not None and not _is_ours(origin)):
        raise Forbidden("This request was not sent by a page of this site.", rule="other-site")


def _is_ours(origin: str) -> bool:
    """Whether the gateway's pages are at the origin: the site's public address, or this host at the gateway's port."""
    settings: Settings = current_app.extensions["lyceum"].settings
    sent, public = urlsplit(origin), urlsplit(settings.public_url)
    host = urlsplit(f"//{request.host}").hostname
    gateway = (request.scheme, host, settings.port)
    try:
        return (sent.scheme, sent.hostname, sent.port) in {gateway, (public.scheme, public.hostname, public.port)}
    except ValueError:  # what the header says is no port
        return False


def _let_our_pages_read(response: Response) -> Response:
    """Let the gateway's pages, which are of another port, read what they asked for with their cookies."""
    origin = request.headers.get("Origin")
    if origin is not None and _is_ours(origin):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Credentials"] = "true"
    response.headers.add("Vary", "Origin")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return response
