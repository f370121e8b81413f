"""How a service declares what it can be asked and what it announces.

A capability's module in `contracts/<owner>/` holds an `Interface` with an `Rpc` for each method, and a frozen
dataclass derived from `Event` for each announcement. A service answers every interface of its owner. Both sides of
the wire import the same declaration.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Generic, Protocol, Self, TypeVar
from uuid import UUID

import msgspec
from marshmallow import EXCLUDE, Schema, ValidationError

from kernel.errors import Forbidden, Invalid, Unauthenticated, from_schema
from kernel.schema_texts import TextSchema

Id = TypeVar("Id", UUID, str)

#: How many ids one call may name: bounds the size of a message.
MANY: Final = 500


def in_parts(ids: Iterable[Id]) -> Iterator[list[Id]]:
    """The ids, each once and in order, in lists as long as one call may name."""
    ordered = sorted(set(ids))
    return (ordered[start : start + MANY] for start in range(0, len(ordered), MANY))


class Values(dict[str, Any]):
    """What a schema loaded: values by name, as items and as attributes.

    To the type checker they are an instance of the schema itself, whose fields are typed by `kernel.fields`.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def given(values: Schema) -> Mapping[str, Any]:
    """What a schema loaded as a mapping: for commands whose fields may be left out, and for plain rules."""
    mapping: Any = values
    assert isinstance(mapping, Values), "only what a schema loaded holds values"
    return mapping


class Command(TextSchema):
    """What a caller sends. Unknown fields are refused, so that a misspelt one is noticed."""

    dict_class = Values


class View(TextSchema):
    """What a caller gets. Unknown fields are left out, so that an owner may add some."""

    dict_class = Values

    class Meta:
        """Tolerant reader."""

        unknown = EXCLUDE


class Empty(Command):
    """A command without fields."""


class Done(View):
    """An answer without fields: it was done."""


class Asking(Protocol):
    """Who asks, as far as admission needs it (`kernel.auth.Actor`): a human with roles, or a service."""

    @property
    def roles(self) -> frozenset[str]:
        """The roles that the human holds."""

    @property
    def service(self) -> str | None:
        """The service's name; None for a human."""


@dataclass(frozen=True, slots=True)
class Callers:
    """Who may call a method: humans with one of the roles, these services. The gateway and the service both ask.

    Whether this teacher teaches that course is decided later, on loaded rows.
    """

    roles: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    #: Every human who has signed in, in whatever role.
    signed_in: bool = False
    #: Everybody, without a token.
    public: bool = False

    def __or__(self, more: Callers) -> Callers:
        """These and those."""
        return Callers(
            self.roles | more.roles,
            self.services | more.services,
            self.signed_in or more.signed_in,
            self.public or more.public,
        )

    def holds(self, roles: frozenset[str]) -> bool:
        """Whether a human who has signed in with these roles is among them."""
        return self.public or self.signed_in or not self.roles.isdisjoint(roles)

    def admit(self, asking: Asking | None) -> None:
        """Raise `Unauthenticated` where nobody signed in, `Forbidden` for whoever is not among the callers."""
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
    """These services, of their own accord."""
    return Callers(services=frozenset(services))


C = TypeVar("C", bound=Command)
A = TypeVar("A", bound=View)


class Rpc(Generic[C, A]):
    """One method that a service answers: its command, its answer, what it does and who may call it."""

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
        """The command's values. Raises `Invalid` naming each field that is wrong."""
        try:
            loaded: C = self.command.load(data)
        except ValidationError as error:
            messages: Any = error.messages
            raise from_schema(messages if isinstance(messages, dict) else {"_schema": messages}) from None
        return loaded

    def read(self, answer: Any) -> A:
        """The answer's values, of JSON."""
        loaded: A = self.answer.load(answer)
        return loaded


class Interface:
    """The methods of one service. `class Gradebook(Interface, service="gradebook")`."""

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
    """Something that happened, in the past tense: ids and the least data, never a person's data.

    Class attributes of a concrete event: `SERVICE` (its owner), `NAME` (on the wire, frozen for ever),
    `AGGREGATE` (the field whose events arrive in order; the id of what changed).
    """

    SERVICE: ClassVar[str]
    NAME: ClassVar[str]
    AGGREGATE: ClassVar[str]

    @property
    def aggregate(self) -> str:
        """Events of one aggregate are published in the order they were recorded."""
        return f"{self.AGGREGATE}:{getattr(self, self.AGGREGATE)}"

    def to_wire(self) -> bytes:
        """The event as JSON."""
        return msgspec.json.encode(self)

    @classmethod
    def from_wire(cls, body: bytes) -> Self:
        """The event of a JSON body; unknown fields are ignored. Raises `Invalid` on anything else."""
        try:
            return msgspec.json.decode(body, type=cls)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise Invalid(
                "This is no {event}: {error}", rule="undecodable", event=cls.__name__, error=str(error)
            ) from None
