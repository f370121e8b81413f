"""Decorators that make a service's method an entry point: `rpc` for calls, `on_event` for events, `every` for timers.

They are Nameko's (`Entrypoint.decorator`): the function itself is unchanged and records its entry point.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from nameko.extensions import Entrypoint

from kernel.auth import Actor
from kernel.contract import C, Event, Rpc
from kernel.data.received import Received
from kernel.running.consumer import Consumer
from kernel.running.providers import Database, Remote
from kernel.running.timers import Timer

F = TypeVar("F", bound=Callable[..., Any])
#: The service; the caller, None where the method is public; the answer.
S = TypeVar("S")
Who = TypeVar("Who", Actor, None)
R = TypeVar("R")
E = TypeVar("E", bound=Event)


class Entrypoints:
    """Base of the entry points of a capability, with the dependencies that their methods use.

    A subclass such as `MarksEntrypoints` holds entry points only. A service's class inherits from those of all its
    capabilities, so private methods of two capabilities could clash: write helpers as functions of the module.
    """

    unit_of_work = Database()
    ask = Remote()


class RpcEntrypoint(Entrypoint):
    """Answers calls of one method of an interface."""

    consumer = Consumer()

    def __init__(self, method: Rpc[Any, Any]) -> None:
        super().__init__()
        self.method = method

    def setup(self) -> None:
        """Register for calls of this method."""
        self.consumer.answers(self)

    def stop(self) -> None:
        """Stop consuming; running workers finish."""
        self.consumer.stop_taking()

    def kill(self) -> None:
        """Stop consuming; the container kills the workers."""
        self.consumer.stop_taking()


class EventEntrypoint(Entrypoint):
    """Handles events of one type. The queue's name contains the method's name, so the method is never renamed."""

    consumer = Consumer()

    def __init__(self, event: type[Event]) -> None:
        super().__init__()
        self.event = event

    def setup(self) -> None:
        """Register for events of the handler's queue."""
        self.consumer.handles(self)

    def stop(self) -> None:
        """Stop consuming; running workers finish."""
        self.consumer.stop_taking()

    def kill(self) -> None:
        """Stop consuming; the container kills the workers."""
        self.consumer.stop_taking()


def rpc(method: Rpc[C, Any]) -> Callable[[Callable[[S, Who, C], R]], Callable[[S, Who, C], R]]:
    """Answer calls of `method`: `(self, actor, command) -> answer`; the actor is None where the method is public."""
    decorate: Callable[[Callable[[S, Who, C], R]], Callable[[S, Who, C], R]] = RpcEntrypoint.decorator(method)
    return decorate


def on_event(event: type[E]) -> Callable[[Callable[[S, Received[E]], None]], Callable[[S, Received[E]], None]]:
    """Handle events of this type: `(self, received) -> None`, called `on_<event>` or `on_<event>_<purpose>`."""
    decorate: Callable[[Callable[[S, Received[E]], None]], Callable[[S, Received[E]], None]] = (
        EventEntrypoint.decorator(event)
    )
    return decorate


def every(*, seconds: int, in_each_replica: bool = False) -> Callable[[F], F]:
    """Run `(self) -> None` once every `seconds` seconds, in one of the service's replicas.

    `in_each_replica`: in all of them, for work that they divide among themselves.
    """
    decorate: Callable[[F], F] = Timer.decorator(seconds, in_each_replica)
    return decorate
