"""Commands to services in this process: their entry points' own checks, permissions and history, without a bus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
from sqlalchemy import delete
from sqlalchemy.orm import Session

from kernel import context
from kernel.auth import Actor
from kernel.contract import A, Rpc
from kernel.data import tenancy
from kernel.data.outbox import OutboxRow
from services import service_class


class Doors:
    """The entry points of services, each in one transaction of its database: all commands are saved, or none is."""

    def __init__(self, sessions: Mapping[str, Session]) -> None:
        """`sessions` are bound to the school, by service; whoever opened them commits."""
        self._services = {name: _opened(name, session) for name, session in sessions.items()}
        for service in self._services.values():
            service.ask = self._ask
        self._actor: Actor | None = None

    def give(self, actor: Actor, method: Rpc[Any, Any], **command: Any) -> dict[str, Any]:
        """Give a command in the name of `actor`; returns the answer. Refusals are raised as they are."""
        self._actor = actor
        return self._called(method, command)

    def _called(self, method: Rpc[Any, Any], command: Mapping[str, Any]) -> dict[str, Any]:
        assert self._actor is not None
        method.callers.admit(self._actor)
        loaded = method.load(msgspec.to_builtins(command))
        with context.handling(context.Call(tenant_id=self._actor.tenant_id, operation=repr(method))):
            answer: dict[str, Any] = getattr(self._services[method.service], method.name)(self._actor, loaded)
        return answer

    def _ask(self, method: Rpc[Any, A], **command: Any) -> A:
        """What a service asks another one on behalf of the actor."""
        return method.read(msgspec.to_builtins(self._called(method, command)))


def keep_silent(session: Session) -> None:
    """Let nobody hear of what was done in the session's transaction: its events are not published."""
    session.execute(delete(OutboxRow).where(OutboxRow.tenant_id == tenancy.bound(session)))


def _opened(name: str, session: Session) -> Any:
    service = service_class(name)()
    service.unit_of_work = _Within(session)
    return service


class _Within:
    """A unit of work whose transactions are one, which somebody else commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @contextmanager
    def __call__(self, actor: Actor) -> Iterator[Session]:
        """The transaction, in which the actor's command finds no objects of those before it."""
        assert actor.tenant == tenancy.bound(self._session), "the transaction is of one school"
        yield self._session
        self._session.flush()
        self._session.expunge_all()
