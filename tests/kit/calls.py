"""Services without a bus: calling one, giving it events, counting its SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

import msgspec
from marshmallow import Schema, fields
from sqlalchemy import Engine, event
from uuid_utils.compat import uuid7

from kernel import context
from kernel.auth import Actor
from kernel.contract import Event, Rpc
from kernel.data.inbox import AlreadyHandled
from kernel.data.received import Received
from kernel.errors import LyceumError, from_wire

_asking: ContextVar[Actor | None] = ContextVar("lyceum_asking", default=None)


def call(service: Any, method: Rpc, actor: Actor | None, **command: Any) -> dict[str, Any]:
    """Call `method` of a service object as the bus would, through JSON and both schemas: the JSON answer.

    Refusals arrive as they would over the wire. Within `context.handling(Call(…))` that call is the current
    one: so is an idempotency key given. Raises AssertionError where the answer does not fit its schema.
    """
    method.callers.admit(actor)
    loaded = method.load(_json(command))
    token = _asking.set(actor)
    try:
        with _handling(actor, method):
            answer = getattr(service, method.name)(actor, loaded)
    except AlreadyHandled as before:
        answer = before.answer
    except LyceumError as error:
        raise from_wire(_json(error.to_wire())) from error
    finally:
        _asking.reset(token)
    answer = _json(answer)
    assert isinstance(answer, dict), f"{method} answered {type(answer).__name__}"
    errors = method.answer.validate(answer)
    assert not errors, f"{method} answered what its schema refuses: {errors}"
    unknown = sorted(_unknown(method.answer, answer))
    assert not unknown, f"{method} answered fields its schema does not have: {unknown}"
    return answer


def ask_directly(*services: Any, asker: str) -> Callable[..., dict[str, Any]]:
    """A stand-in for `kernel.running.providers.Remote`: calls the given service objects of this process.

    Inside a `call` the caller asks, as its token would travel; otherwise, or `as_service`, the service `asker` does,
    in the tenant given as `tenant` or in that of the call or event being handled.
    """
    by_name = {service.name: service for service in services}

    def ask(method: Rpc, *, tenant: UUID | None = None, as_service: bool = False, **command: Any) -> dict[str, Any]:
        current = context.current()
        actor = None if as_service else _asking.get()
        if actor is None:
            tenant = tenant or (current.tenant_id if current else None)
            actor = Actor(tenant, roles=frozenset({"service"}), service=asker)
        nested = context.Call(tenant_id=actor.tenant_id, operation=repr(method))
        with context.handling(nested):
            answer = call(by_name[method.service], method, actor, **command)
        loaded: dict[str, Any] = method.answer.load(answer)
        return loaded

    return ask


def deliver(service: Any, announced: Event, tenant_id: UUID | None, message_id: str | None = None) -> bool:
    """Hand an event to the service's handler `on_<name>` as the bus would; False if it was handled before."""
    name = f"on_{announced.NAME}"
    received = Received(
        type(announced).from_wire(announced.to_wire()),
        message_id or str(uuid7()),
        f"{service.name}.{name}",
        tenant_id,
    )
    try:
        with context.handling(context.Call(tenant_id=tenant_id, operation=received.consumer)):
            getattr(service, name)(received)
    except AlreadyHandled:
        return False
    return True


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The SQL statements sent within the block, without what begins a transaction."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN") and "set_config" not in statement:
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _json(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


@contextmanager
def _handling(actor: Actor | None, method: Rpc) -> Iterator[None]:
    if context.current() is not None:
        yield
        return
    tenant, account = (actor.tenant_id, actor.account_id) if actor else (None, None)
    with context.handling(context.Call(tenant_id=tenant, account_id=account, operation=repr(method))):
        yield


def _unknown(schema: Schema, data: dict[str, Any], path: str = "") -> Iterator[str]:
    for key, value in data.items():
        field = schema.fields.get(key)
        if field is None:
            yield path + key
            continue
        items = value if isinstance(field, fields.List) else [value]
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            for item in items or ():
                if item is not None:
                    yield from _unknown(inner.schema, item, f"{path}{key}.")
