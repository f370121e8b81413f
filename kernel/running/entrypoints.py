"""What can reach a method of a service: a call, an event, a timer. Each is a decorator.

They decorate as Nameko does (`Entrypoint.decorator`): the function stays as it is and remembers its entry point.
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
#: The service; who calls, None where the method is public; what it answers.
S = TypeVar("S")
Who = TypeVar("Who", Actor, None)
R = TypeVar("R")
E = TypeVar("E", bound=Event)


class Entrypoints:
    """Base of the entry points of a capability: what its methods work with.

    `class MarksEntrypoints(Entrypoints)` holds entry points only; a service's class has those of all its capabilities
    as bases, so a helper as a private method would meet another capability's helper of the same name: helpers are
    functions of the module.
    """

    unit_of_work = Database()
    ask = Remote()


class RpcEntrypoint(Entrypoint):
    """Calls of one method of the interface."""

    consumer = Consumer()

    def __init__(self, method: Rpc[Any, Any]) -> None:
        super().__init__()
        self.method = method

    def setup(self) -> None:
        """Have the service's call queue consumed for this method."""
        self.consumer.answers(self)

    def stop(self) -> None:
        """Take no more calls; those being answered go on."""
        self.consumer.stop_taking()

    def kill(self) -> None:
        """As `stop`: the container ends the workers."""
        self.consumer.stop_taking()


class EventEntrypoint(Entrypoint):
    """Events of one kind; the method's name is part of the queue's name and never changes."""

    consumer = Consumer()

    def __init__(self, event: type[Event]) -> None:
        super().__init__()
        self.event = event

    def setup(self) -> None:
        """Have the handler's queue consumed."""
        self.consumer.handles(self)

    def stop(self) -> None:
        """Take no more events; those being handled go on."""
        self.consumer.stop_taking()

    def kill(self) -> None:
        """As `stop`: the container ends the workers."""
        self.consumer.stop_taking()


def rpc(method: Rpc[C, Any]) -> Callable[[Callable[[S, Who, C], R]], Callable[[S, Who, C], R]]:
    """The method answers calls of `method`: `(self, actor, command) -> answer`; actor None where it is public."""
    decorate: Callable[[Callable[[S, Who, C], R]], Callable[[S, Who, C], R]] = RpcEntrypoint.decorator(method)
    return decorate


def on_event(event: type[E]) -> Callable[[Callable[[S, Received[E]], None]], Callable[[S, Received[E]], None]]:
    """The method handles events of this kind: `(self, received) -> None`; called `on_<event>`."""
    decorate: Callable[[Callable[[S, Received[E]], None]], Callable[[S, Received[E]], None]] = (
        EventEntrypoint.decorator(event)
    )
    return decorate


def every(*, seconds: int) -> Callable[[F], F]:
    """The method runs once in every `seconds`, in one of the service's replicas: `(self) -> None`."""
    decorate: Callable[[F], F] = Timer.decorator(seconds)
    return decorate
