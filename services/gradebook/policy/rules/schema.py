"""Loads and dumps a policy as a document of plain values, such as JSON, and describes the document's schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from inspect import Parameter, signature
from typing import Any, Final, get_args, get_origin, get_type_hints

from marshmallow import Schema, ValidationError, fields, validate

from kernel.errors import from_schema
from kernel.schema_texts import TextSchema
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.defaults import VOTE, default_policy
from services.gradebook.policy.rules.policy import Policy, Rule, Scope, Special

#: The form of a decimal number, with its maximum length.
_NUMBER: Final = r"-?[0-9]{1,9}(\.[0-9]{1,9})?"
_LONGEST_TEXT: Final = 200


class _Truth(fields.Boolean):
    """A boolean: only `true` or `false`, no other spelling."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class _Number(fields.Decimal):
    """A decimal number as text, so that it never passes through a binary float."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Decimal:
        if not isinstance(value, str) or not re.fullmatch(_NUMBER, value):
            raise self.make_error("invalid", input=value)
        return Decimal(value)


class _Many(fields.List[Any]):
    """A list of items of one type, loaded as a tuple or a set; a set is dumped in order."""

    def __init__(self, collection: Callable[[Iterable[Any]], Any], inner: fields.Field[Any], **options: Any) -> None:
        super().__init__(inner, **options)
        self.collection = collection

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return self.collection(super()._deserialize(*args, **kwargs))

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> list[Any] | None:
        return super()._serialize(sorted(value) if self.collection is frozenset else value, *args, **kwargs)


class _Fixed(fields.Tuple):
    """A list of fixed length, each item of its own type."""

    def _serialize(self, *args: Any, **kwargs: Any) -> Any:
        return list(super()._serialize(*args, **kwargs) or ())


class _Object(fields.Nested):
    """An object that is loaded as an instance of the class `made`."""

    def __init__(self, made: Callable[..., Any], nested: dict[str, fields.Field[Any]], **options: Any) -> None:
        super().__init__(TextSchema.from_dict(nested), **options)
        self.made = made

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return self.made(**super()._deserialize(*args, **kwargs))


def load_policy(document: Any) -> Policy:
    """Load a policy from a document of objects, lists, texts, whole numbers and booleans.

    Dates are ISO texts, numbers that may have decimals are texts with a point, sets are lists. Sections, rules and
    special rules that the document omits are those of `default_policy`; an empty list removes special rules. The
    source of a rule with a value but no source is the school's vote.

    Only the form is checked, so that adopted versions stay readable; `checks` validates the content. Raises `Invalid`
    with a fault for each wrong or unknown field, by its dotted path.
    """
    try:
        given: dict[str, Any] = _document().load(document)
    except ValidationError as error:
        raise from_schema(error.messages_dict) from None
    policy: Policy = _laid_over(default_policy(), given)
    return policy


def dump_policy(policy: Policy) -> dict[str, Any]:
    """Dump the whole policy as a document, from which `load_policy` restores it."""
    document: dict[str, Any] = _document().dump(policy)
    return document


def policy_document_schema() -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) of the documents that `load_policy` accepts."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_described_object(_document())}


def _laid_over(base: Any, given: Mapping[str, Any]) -> Any:
    """The policy, section or rule `base` with the given members replaced."""
    if isinstance(base, Rule) and "value" in given:
        given = {"source": VOTE, **given}
    parts = {
        name: _laid_over(getattr(base, name), part) if isinstance(part, dict) else part for name, part in given.items()
    }
    return replace(base, **parts)


@cache
def _document() -> Schema:
    return TextSchema.from_dict({name: _part(hint) for name, hint in get_type_hints(Policy).items()}, name="Policy")()


def _part(hint: Any) -> fields.Field[Any]:
    """The field for a member of the policy: a section of rules, or a plain value."""
    if not is_dataclass(hint):
        return _field(hint)
    rules = {name: _rule(*get_args(rule)) for name, rule in get_type_hints(hint).items()}
    return fields.Nested(TextSchema.from_dict(rules))


def _rule(value: Any) -> fields.Field[Any]:
    special = {
        "scope": _value(Scope, required=True),
        "value": _field(value, required=True),
        "source": _value(Source, load_default=VOTE),
    }
    specials = _Many(tuple, _Object(Special, special))
    return fields.Nested(TextSchema.from_dict({"value": _field(value), "source": _value(Source), "specials": specials}))


def _value(made: Any, **options: Any) -> fields.Field[Any]:
    """The field for a named tuple or a dataclass; members with defaults are optional."""
    hints, parameters = get_type_hints(made), signature(made).parameters
    return _Object(made, {name: _field(hints[name], **_presence(one)) for name, one in parameters.items()}, **options)


def _presence(parameter: Parameter) -> dict[str, Any]:
    return {"required": True} if parameter.default is Parameter.empty else {"load_default": parameter.default}


_PLAIN: Final[Mapping[Any, Callable[..., fields.Field[Any]]]] = {
    bool: _Truth,
    int: lambda **options: fields.Integer(strict=True, **options),
    Decimal: lambda **options: _Number(as_string=True, **options),
    str: lambda **options: fields.String(validate=validate.Length(max=_LONGEST_TEXT), **options),
    date: fields.Date,
}


def _field(hint: Any, **options: Any) -> fields.Field[Any]:
    """The field that loads and dumps values of a type."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint in _PLAIN:
        return _PLAIN[hint](**options)
    if origin is frozenset or inner[1:] == (...,):
        return _Many(frozenset if origin is frozenset else tuple, _field(inner[0]), **options)
    if origin is tuple:
        return _Fixed([_field(one) for one in inner], **options)
    if issubclass(hint, Enum):
        return fields.Enum(hint, by_value=True, **options)
    return _value(hint, **options)


def _described_object(schema: Schema) -> dict[str, Any]:
    required = [name for name, field in schema.fields.items() if field.required]
    return {
        "type": "object",
        "properties": {name: _described(field) for name, field in schema.fields.items()},
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }


def _described(field: fields.Field[Any]) -> dict[str, Any]:
    """A JSON Schema of the values that a field accepts."""
    match field:
        case fields.Nested():
            return _described_object(field.schema)
        case _Fixed():
            items = [_described(one) for one in field.tuple_fields]
            return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
        case fields.List():
            return {"type": "array", "items": _described(field.inner)}
        case fields.Enum():
            return {"enum": [one.value for one in field.enum]}
        case _:
            return _DESCRIBED[type(field)]


_DESCRIBED: Final[Mapping[type, dict[str, Any]]] = {
    _Truth: {"type": "boolean"},
    fields.Integer: {"type": "integer"},
    _Number: {"type": "string", "pattern": f"^{_NUMBER}$"},
    fields.String: {"type": "string", "maxLength": _LONGEST_TEXT},
    fields.Date: {"type": "string", "format": "date"},
}
