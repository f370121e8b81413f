"""How a request can fail, and how a failure is sent over the wire.

    LyceumError
    ├── Refused              understood, but not executed: repeating it changes nothing
    │   ├── Invalid          422  the data breaks a rule
    │   ├── Unauthenticated  401  the caller is not known
    │   ├── Forbidden        403  the actor may not do this
    │   ├── NotFound         404  the thing does not exist, or the actor may not know that it does
    │   ├── Conflict         409  the present state does not allow it
    │   ├── Stale            412  someone changed it first
    │   ├── TooLarge         413  a file has more bytes than are taken
    │   └── Throttled        429  too often; `retry_after` says when
    └── Fault                our side failed: repeating it may help
        ├── Unavailable      503  a part that we need does not respond
        └── TimedOut         504  no answer before the deadline: the effect is unknown

Messages are English templates with named parameters; the gateway translates them into the caller's language. A
parameter that needs translation too is a `Text`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from itertools import islice
from typing import Any, ClassVar, Final, Self

from kernel.schema_texts import text_of
from kernel.texts import Text, params_from_wire, params_to_wire

#: Most faults of one request that are listed.
MOST_FAULTS: Final = 100


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One broken rule: the field (dotted path), the rule (stable slug) and the message for people.

    `message` is an English template for `params`.
    """

    field: str
    rule: str
    message: str
    params: Mapping[str, Any] = member(default_factory=dict, hash=False)

    @classmethod
    def of(cls, field: str, rule: str, text: Text) -> Self:
        """A fault with the message `text`."""
        return cls(field, rule, text.template, text.params)

    @property
    def text(self) -> Text:
        """What to tell a person, translatable."""
        return Text(self.message, self.params)

    def to_wire(self) -> dict[str, Any]:
        """The fault as a JSON object. `message` is the complete English sentence, for clients that read only that."""
        wire: dict[str, Any] = {"field": self.field, "rule": self.rule, "message": str(self.text)}
        return {**wire, **self.text.to_wire()} if self.params else wire

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        """The fault that `to_wire` wrote; where it has no template, its sentence serves as one."""
        return cls(wire["field"], wire["rule"], wire.get("template", wire["message"]), params_from_wire(wire))


class LyceumError(Exception):
    """Base of all errors that end a call without an answer."""

    kind: ClassVar[str] = "error"
    status: ClassVar[int] = 500

    def __init__(
        self,
        message: str,
        *,
        rule: str = "",
        field: str | None = None,
        faults: tuple[FieldFault, ...] = (),
        **params: Any,
    ) -> None:
        """`message` is an English template for `params`; `rule` a stable slug; `faults` one entry for each field.

        The template must be a literal, so that the catalogues' extractor finds it; use `of` for an existing `Text`.
        """
        super().__init__(message)
        self.message = message
        self.rule = rule or self.kind
        self.field = field
        self.faults = faults
        self.params = params

    @classmethod
    def of(cls, text: Text, *, rule: str = "", field: str | None = None, faults: tuple[FieldFault, ...] = ()) -> Self:
        """An error with the message `text`."""
        error = cls(text.template, rule=rule, field=field, faults=faults)
        error.params = dict(text.params)
        return error

    @property
    def text(self) -> Text:
        """What to tell a person, translatable."""
        return Text(self.message, self.params)

    def __str__(self) -> str:
        return str(self.text)

    def to_wire(self) -> dict[str, Any]:
        """The error as a JSON object, from which `from_wire` makes the same error."""
        wire: dict[str, Any] = {"kind": self.kind, "message": self.message, "rule": self.rule}
        if self.field is not None:
            wire["field"] = self.field
        wire |= {name: params for name, params in params_to_wire(self.params).items() if params}
        if self.faults:
            wire["faults"] = [fault.to_wire() for fault in self.faults]
        return wire


class Refused(LyceumError):
    """The request was understood and will not be executed."""

    kind = "refused"
    status = 400


class Invalid(Refused):
    """The data breaks a rule."""

    kind = "invalid"
    status = 422


class Unauthenticated(Refused):
    """No valid token came with the call, or login and password do not match."""

    kind = "unauthenticated"
    status = 401


class Forbidden(Refused):
    """The actor may not do this."""

    kind = "forbidden"
    status = 403


class NotFound(Refused):
    """The thing does not exist, or the actor may not know that it does."""

    kind = "not_found"
    status = 404


class Conflict(Refused):
    """The present state does not allow it."""

    kind = "conflict"
    status = 409


class Stale(Refused):
    """Someone else changed the thing first; `params["present"]` holds its present state."""

    kind = "stale"
    status = 412


class TooLarge(Refused):
    """A file has more bytes than are taken."""

    kind = "too_large"
    status = 413


class Throttled(Refused):
    """Too many requests; `params["retry_after"]` is the number of seconds to wait."""

    kind = "throttled"
    status = 429


class Fault(LyceumError):
    """Our side failed; the caller did nothing wrong."""

    kind = "fault"
    status = 500


class Unavailable(Fault):
    """A part that we need does not respond; nothing was done. Repeating the call helps once it is back."""

    kind = "unavailable"
    status = 503


class TimedOut(Fault):
    """No answer came before the deadline: the effect is unknown. Repeat with the same idempotency key."""

    kind = "timed_out"
    status = 504


_BY_KIND: dict[str, type[LyceumError]] = {
    cls.kind: cls
    for cls in (
        Refused,
        Invalid,
        Unauthenticated,
        Forbidden,
        NotFound,
        Conflict,
        Stale,
        TooLarge,
        Throttled,
        Fault,
        Unavailable,
        TimedOut,
    )
}


def from_wire(wire: dict[str, Any]) -> LyceumError:
    """The error that `to_wire` wrote. An unknown kind becomes a `Fault`."""
    cls = _BY_KIND.get(str(wire.get("kind")), Fault)
    faults = tuple(FieldFault.from_wire(fault) for fault in wire.get("faults", ()))
    text = Text(str(wire.get("message", "")), params_from_wire(wire))
    return cls.of(text, rule=str(wire.get("rule", "")), field=wire.get("field"), faults=faults)


def refusal_of(check: Callable[[], object]) -> Refused | None:
    """What a check refuses with, as a value; None where it refuses nothing."""
    try:
        check()
    except Refused as refusal:
        return refusal
    return None


def together(refusals: Sequence[Refused]) -> Refused:
    """One refusal made of several: the first, with the faults of all, so that nobody meets them one by one."""
    first = refusals[0]
    if len(refusals) == 1:
        return first
    faults = [
        fault for one in refusals for fault in one.faults or (FieldFault.of(one.field or "", one.rule, one.text),)
    ]
    made = type(first).of(first.text, rule=first.rule, field=first.field, faults=tuple(faults[:MOST_FAULTS]))
    made.params |= first.params
    return made


def from_schema(messages: dict[str, Any]) -> Invalid:
    """One refusal made of marshmallow's error messages (nested dicts and lists), with a fault for each field.

    At most `MOST_FAULTS` are listed: a body may be wrong in a hundred thousand places.
    """
    faults: list[FieldFault] = []

    def walk(node: Any, path: str) -> None:
        if len(faults) > MOST_FAULTS:
            return
        if isinstance(node, dict):
            for key, value in islice(node.items(), MOST_FAULTS + 1):
                walk(value, path if key == "_schema" else f"{path}.{key}" if path else str(key))
        elif isinstance(node, list):
            for item in node[: MOST_FAULTS + 1]:
                walk(item, path)
        else:
            faults.append(FieldFault.of(path, "schema", text_of(node)))

    walk(messages, "")
    if len(faults) > MOST_FAULTS:
        rest = Text("More than {most} faults: the rest is not listed.", {"most": MOST_FAULTS})
        faults[MOST_FAULTS:] = [FieldFault.of(faults[MOST_FAULTS].field, "too-many-faults", rest)]
    return Invalid(
        "Something is missing or not in the form that is needed.",
        rule="schema",
        field=faults[0].field if faults else None,
        faults=tuple(faults),
    )
