"""How a service declares its methods and its events.

A capability's module in `contracts/<owner>/` holds an `Interface` with an `Rpc` for each method, and a frozen
dataclass derived from `Event` for each event. A service answers all interfaces of its folder. Sender and receiver
import the same declaration.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Generic, Protocol, Self, TypeVar
from uuid import UUID

import msgspec
from marshmallow import EXCLUDE, Schema, ValidationError

from kernel.errors import Fault, Forbidden, Invalid, Unauthenticated, from_schema
from kernel.schema_texts import TextSchema

Id = TypeVar("Id", UUID, str)

#: The most ids that one call may name, which limits the size of a message.
MANY: Final = 500


def in_parts(ids: Iterable[Id]) -> Iterator[list[Id]]:
    """The ids without duplicates, sorted, in lists of at most `MANY`."""
    ordered = sorted(set(ids))
    return (ordered[start : start + MANY] for start in range(0, len(ordered), MANY))


class Values(dict[str, Any]):
    """The values that a schema loaded, accessible as items and as attributes.

    To the type checker they are an instance of the schema itself; `kernel.fields` gives the fields' types.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def given(values: Schema) -> Mapping[str, Any]:
    """Loaded values as a mapping: for commands with optional fields, and for rules that take plain mappings."""
    mapping: Any = values
    assert isinstance(mapping, Values), "given() takes what a schema loaded"
    return mapping


class Command(TextSchema):
    """The schema of a request. Unknown fields are refused, so that misspelt names are noticed."""

    dict_class = Values


class View(TextSchema):
    """The schema of an answer. Unknown fields are ignored, so that the owner may add fields."""

    dict_class = Values

    class Meta:
        """A tolerant reader."""

        unknown = EXCLUDE


class Empty(Command):
    """A command without fields."""


class Done(View):
    """An answer without fields: the command succeeded."""


class Asking(Protocol):
    """The part of a caller (`kernel.auth.Actor`) that admission needs: a human with roles, or a service."""

    @property
    def roles(self) -> frozenset[str]:
        """The roles of a human."""

    @property
    def service(self) -> str | None:
        """The name of a service; None for a human."""


@dataclass(frozen=True, slots=True)
class Callers:
    """Who may call a method: humans with one of the roles, and the named services.

    Both the gateway and the service check it. Whether this teacher teaches that course is decided later, on loaded
    rows.
    """

    roles: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    #: Every human who has signed in, in any role.
    signed_in: bool = False
    #: Everybody, without a token.
    public: bool = False

    def __or__(self, more: Callers) -> Callers:
        """The callers of both."""
        return Callers(
            self.roles | more.roles,
            self.services | more.services,
            self.signed_in or more.signed_in,
            self.public or more.public,
        )

    def holds(self, roles: frozenset[str]) -> bool:
        """Whether a signed-in human with these roles is among the callers."""
        return self.public or self.signed_in or not self.roles.isdisjoint(roles)

    def admit(self, asking: Asking | None) -> None:
        """Admit a caller. Raises `Unauthenticated` where it is None, `Forbidden` where it is not among the callers."""
        if self.public:
            return
        if asking is None:
            raise Unauthenticated("Sign in first: no access token came with the request.", rule="token-missing")
        admitted = asking.service in self.services if asking.service else self.holds(asking.roles)
        if not admitted:
            raise Forbidden("Your role may not do this.", rule="role")


PUBLIC: Final = Callers(public=True)
SIGNED_IN: Final = Callers(signed_in=True)


def holders(*roles: str) -> Callers:
    """Humans who hold any of these roles."""
    return Callers(roles=frozenset(roles))


def only(*services: str) -> Callers:
    """These services, calling on their own behalf."""
    return Callers(services=frozenset(services))


C = TypeVar("C", bound=Command)
A = TypeVar("A", bound=View)


class Rpc(Generic[C, A]):
    """One method of a service: its command, answer, description and permitted callers."""

    service: str
    name: str

    def __init__(self, command: type[C], answer: type[A], doc: str, callers: Callers) -> None:
        self.command: Command = command()
        self.answer: View = answer()
        self.__doc__ = doc
        self.callers = callers

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"{self.service}.{self.name}"

    def load(self, data: Any) -> C:
        """Load a command from JSON values. Raises `Invalid` naming each field that is wrong."""
        try:
            loaded: C = self.command.load(data)
        except ValidationError as error:
            messages: Any = error.messages
            raise from_schema(messages if isinstance(messages, dict) else {"_schema": messages}) from None
        return loaded

    def read(self, answer: Any) -> A:
        """Load an answer from JSON values."""
        try:
            loaded: A = self.answer.load(answer)
        except ValidationError:
            raise Fault(
                "The service {service} gave an answer that cannot be read.", rule="bad-answer", service=self.service
            ) from None
        return loaded


class Interface:
    """Methods of one service, those of one capability: `class Marks(Interface, service="gradebook")`."""

    service: ClassVar[str]

    def __init_subclass__(cls, service: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.service = service
        for method in cls.methods():
            method.service = service

    @classmethod
    def methods(cls) -> Iterator[Rpc[Any, Any]]:
        """Every method the interface declares."""
        return (value for value in vars(cls).values() if isinstance(value, Rpc))


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, named in the past tense. It carries ids and minimal data, never personal data.

    Class attributes of a concrete event: `SERVICE` (its owner), `NAME` (on the wire, never changed),
    `AGGREGATE` (the field with the id of the thing that changed; events of one such id arrive in order).
    """

    SERVICE: ClassVar[str]
    NAME: ClassVar[str]
    AGGREGATE: ClassVar[str]

    @property
    def aggregate(self) -> str:
        """The key of the aggregate; its events are published in the order in which they were recorded."""
        return f"{self.AGGREGATE}:{getattr(self, self.AGGREGATE)}"

    def to_wire(self) -> bytes:
        """The event as JSON."""
        return msgspec.json.encode(self)

    @classmethod
    def from_wire(cls, body: bytes) -> Self:
        """The event in a JSON body; unknown fields are ignored. Raises `Invalid` where the body is no such event."""
        try:
            return msgspec.json.decode(body, type=cls)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise Invalid(
                "This is no {event}: {error}", rule="undecodable", event=cls.__name__, error=str(error)
            ) from None
