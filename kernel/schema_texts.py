"""Schemas whose error messages are translatable texts.

Marshmallow formats its messages before it raises them. Fields and validators both call `format`, so a message that is
a `Template` formats itself and keeps its template and parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from string import Formatter
from typing import Any, Final

from marshmallow import Schema, fields, validate

from kernel.texts import Text

#: Attributes of validators that hold their messages.
_OF_VALIDATORS: Final = ("error", "message_all", "message_equal", "message_max", "message_min")


class FilledIn(str):
    """A formatted message that keeps its template and parameters in `text`."""

    __slots__ = ("text",)

    text: Text


class Template(str):
    """A message whose `format` gives a `FilledIn`."""

    __slots__ = ()

    def format(self, *args: object, **values: object) -> FilledIn:
        """The formatted message. It keeps only the values that it shows: a refused value may be a secret."""
        filled = FilledIn(super().format(*args, **values))
        filled.text = Text(str(self), {name: values[name] for name in _places(self)})
        return filled


class TextSchema(Schema):
    """A schema whose error messages can be translated."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Turn the field's messages into templates."""
        keep_templates(field_obj)


def text_of(message: object) -> Text:
    """The text of a schema's message; a message that is no `FilledIn` is a text without parameters."""
    return message.text if isinstance(message, FilledIn) else Text(str(message))


def keep_templates(field: fields.Field[Any]) -> None:
    """Turn the messages of a field, its items and their validators into templates."""
    kind = getattr(field, "OBJ_TYPE", "")  # "date" or "time": part of the template, so that translations include it
    field.error_messages = {
        key: _template(message.replace("{obj_type}", kind)) if isinstance(message, str) else message
        for key, message in field.error_messages.items()
    }
    for validator in field.validators:
        _keep_templates_of_validator(validator)
    if isinstance(field, fields.Tuple):
        _keep_templates_of_validator(field.validate_length)
    for inner in _inner(field):
        keep_templates(inner)


def templates_of(field: fields.Field[Any]) -> Iterator[str]:
    """The templates of all messages of a field, its items, the fields of its schema, and their validators."""
    keep_templates(field)
    yield from (message for message in field.error_messages.values() if isinstance(message, str))
    for validator in field.validators:
        yield from (getattr(validator, name) for name in _messages_of(validator))
    for inner in (*_inner(field), *(field.schema.fields.values() if isinstance(field, fields.Nested) else ())):
        yield from templates_of(inner)


@cache
def _template(message: str) -> Template:
    """The template of a message, one for all fields: most have the same dozen messages."""
    return Template(message)


def _keep_templates_of_validator(validator: object) -> None:
    for name in _messages_of(validator):
        setattr(validator, name, _template(getattr(validator, name)))


def _messages_of(validator: object) -> Iterator[str]:
    if isinstance(validator, validate.Validator):
        yield from (name for name in _OF_VALIDATORS if isinstance(getattr(validator, name, None), str))


def _inner(field: fields.Field[Any]) -> Iterator[fields.Field[Any]]:
    """The fields of a field's items. A nested schema handles its own fields."""
    if isinstance(field, fields.List):
        yield field.inner
    elif isinstance(field, fields.Tuple):
        yield from field.tuple_fields
    elif isinstance(field, fields.Mapping):
        yield from (one for one in (field.key_field, field.value_field) if one is not None)


def _places(template: str) -> list[str]:
    return [name for _text, name, _form, _conversion in Formatter().parse(template) if name]
