"""The WSGI application of the gateway: `create_app(client, settings)`."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, g, request
from flask_bootstrap import Bootstrap5
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]  # it ships no types
from werkzeug.middleware.proxy_fix import ProxyFix

from contracts.identity.schools import SchoolChanged
from contracts.identity.sessions import SessionRevoked
from gateway import pages, rest
from gateway.door import (
    compression,
    devices,
    form_tokens,
    headers,
    health,
    http,
    keeping,
    language,
    lingering,
    modules,
    policy,
    problems,
    session_cookies,
)
from gateway.door.auth import Caller, EndedSessions, TokenChecker, admit
from gateway.door.feed_limits import FeedLimit
from gateway.door.sign_ins import SignInLimit
from gateway.door.templates import Templates
from gateway.pages.frame import kept
from kernel import context, tracing
from kernel.auth import Verifier
from kernel.bus.calls import Calling
from kernel.config import Settings
from kernel.files.opening import store_of
from kernel.files.store import Store

#: Static files that Flask and its extensions serve: styles and scripts.
ASSET_ENDPOINTS: Final = frozenset({"static", "bootstrap.static", modules.ENDPOINT})
SIGN_IN_ENDPOINTS: Final = ("identity.open_session", "session.login")
#: The address that calendars read, which is nobody's but who knows it.
FEED_ENDPOINT: Final = "feeds.show"


@dataclass(frozen=True, slots=True)
class Lyceum:
    """What the views of one application share."""

    client: Calling
    tokens: TokenChecker
    settings: Settings
    files: Store

    @property
    def public_url(self) -> str:
        """The address that people use."""
        return self.settings.public_url


def share(app: Flask, client: Calling, tokens: TokenChecker, settings: Settings) -> None:
    """Give the application what its views share."""
    app.extensions["lyceum"] = Lyceum(client, tokens, settings, store_of(settings))


def create_app(client: Calling, settings: Settings) -> Flask:
    """The gateway, which calls services through `client`.

    Create it after a fork: the client has threads. Raises RuntimeError if a view names no operation.
    """
    app = Flask("gateway", static_url_path="/static")
    app.jinja_environment = Templates
    tokens = TokenChecker(Verifier(settings.keys_path), EndedSessions(), client)
    share(app, client, tokens, settings)
    known = kept.Kept()
    kept.install(app, known)

    def end(event: SessionRevoked) -> None:
        tokens.ended.add(event.session_id)
        known.forget_session(event.session_id)

    client.on_event(SessionRevoked, end)
    client.on_event(SchoolChanged, lambda event: known.forget_school(event.school_id))
    configure(app, settings)
    compression.install(app)
    app.register_blueprint(modules.blueprint)
    language.install(app)
    problems.install(app)
    lingering.install(app)
    admit_requests(app, tokens)
    session_cookies.install(app)
    app.after_request(devices.set_cookie)
    keeping.install(app)
    headers.install(app, settings)
    Bootstrap5(app)
    form_tokens.install(app)
    csrf = CSRFProtect(app)
    for blueprint in rest.install(app):
        csrf.exempt(blueprint)  # no other site can send the token's header; `own_pages` checks what comes by cookies
    pages.install(app)
    health.install(app)
    app.extensions["lyceum-sign-ins"] = SignInLimit(app, *SIGN_IN_ENDPOINTS)
    app.extensions["lyceum-feeds"] = FeedLimit(app, FEED_ENDPOINT)
    check_operations(app)
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Set what Flask and its extensions read."""
    app.url_map.merge_slashes = False  # it would answer with a redirection to whatever Host the request claims
    app.url_map.converters["id"] = http.IdConverter
    app.url_map.converters["day"] = http.DateConverter
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-lyceum_forms" if settings.cookie_secure else "lyceum_forms",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        MAX_CONTENT_LENGTH=http.MAX_BODY,
        MAX_FORM_MEMORY_SIZE=http.MAX_BODY,
        BOOTSTRAP_SERVE_LOCAL=True,
        WTF_CSRF_TIME_LIMIT=None,  # a form may stay open for a whole school day
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's own way to wrap an application


def admit_requests(app: Flask, tokens: TokenChecker) -> None:
    """Before every view: identify the caller, check the policy, refuse a malformed request."""

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        stack = ExitStack()
        g.handling = stack
        call = g.call = stack.enter_context(context.handling(http.call_of(request)))
        name = f"{request.method} {request.url_rule.rule if request.url_rule else 'none'}"
        call.traceparent = stack.enter_context(tracing.span(name, call.traceparent))

    @app.before_request
    def check() -> Any:
        http.check_host(request)
        operation = _operation_of(app, request.endpoint or "")
        if operation is None:  # no such address: Flask answers 404 or 405
            return None
        who = _caller(tokens, operation)
        g.caller = who
        call = g.call
        call.token = who.token
        call.operation = operation
        if who.actor is not None:
            call.tenant_id, call.account_id = who.actor.tenant_id, who.actor.account_id
        admit(operation, who)
        http.check_text(request)
        http.check_length(request)
        request.max_content_length = http.MAX_UPLOAD if operation in policy.UPLOADS else http.MAX_BODY
        is_page = not request.path.startswith(problems.API)
        if is_page and who.actor is not None and who.actor.session_id is not None:
            form_tokens.bind(who.actor.session_id)
        call.idempotency_key = pages.form_key(request) if is_page else http.idempotency_key(request)
        return None

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        stack: ExitStack | None = g.pop("handling", None)
        if stack is not None:
            stack.close()


def _caller(tokens: TokenChecker, operation: str) -> Caller:
    """The caller: by cookies on pages; at the API by headers, or else by cookies if a page of ours asks.

    A public operation does not look for one.
    """
    if policy.is_public(operation):
        return Caller()
    if not request.path.startswith(problems.API):
        return pages.caller(tokens)
    if session_cookies.identify(request):
        return session_cookies.api_caller(tokens, operation)
    return tokens.api_caller(request)


def check_operations(app: Flask) -> None:
    """Deny by default: raise RuntimeError if a view names no operation."""
    nameless = sorted(endpoint for endpoint in app.view_functions if _operation_of(app, endpoint) is None)
    if nameless:
        raise RuntimeError(f"these views name no operation of the policy: {', '.join(nameless)}")


def _operation_of(app: Flask, endpoint: str) -> str | None:
    if endpoint in ASSET_ENDPOINTS:
        return policy.ASSETS
    return getattr(app.view_functions.get(endpoint), "operation", None)
