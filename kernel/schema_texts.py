"""Schemas that say what is wrong as translatable texts.

Marshmallow fills its messages in before anyone sees them. Both fields and validators do so by `format`, so a message
that is a `Template` fills itself in and remembers what it was made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter
from typing import Any, Final

from marshmallow import Schema, fields, validate

from kernel.texts import Text

#: Attributes of validators that hold their messages.
_OF_VALIDATORS: Final = ("error", "message_all", "message_equal", "message_max", "message_min")


class FilledIn(str):
    """A sentence that was made of a template."""

    __slots__ = ("text",)

    text: Text


class Template(str):
    """A message whose `format` gives a `FilledIn`."""

    __slots__ = ()

    def format(self, *args: object, **values: object) -> FilledIn:
        """The sentence. It remembers the values that it shows, and no other: a refused value may be a secret."""
        filled = FilledIn(super().format(*args, **values))
        filled.text = Text(str(self), {name: values[name] for name in _places(self)})
        return filled


class TextSchema(Schema):
    """A schema whose faults can be translated."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Make templates of the field's messages."""
        keep_templates(field_obj)


def text_of(message: object) -> Text:
    """What a message of a schema was made of; one that was made of nothing is a text by itself."""
    return message.text if isinstance(message, FilledIn) else Text(str(message))


def keep_templates(field: fields.Field[Any]) -> None:
    """Make templates of the messages of a field, its items and their validators."""
    kind = getattr(field, "OBJ_TYPE", "")  # of dates and times: the kind of thing, a word that is not to be filled in
    field.error_messages = {
        key: Template(message.replace("{obj_type}", kind)) if isinstance(message, str) else message
        for key, message in field.error_messages.items()
    }
    for validator in field.validators:
        _keep_templates_of_validator(validator)
    if isinstance(field, fields.Tuple):
        _keep_templates_of_validator(field.validate_length)
    for inner in _inner(field):
        keep_templates(inner)


def templates_of(field: fields.Field[Any]) -> Iterator[str]:
    """What a field and its validators may say, as templates."""
    keep_templates(field)
    yield from (message for message in field.error_messages.values() if isinstance(message, str))
    for validator in field.validators:
        yield from (getattr(validator, name) for name in _messages_of(validator))


def _keep_templates_of_validator(validator: object) -> None:
    for name in _messages_of(validator):
        setattr(validator, name, Template(getattr(validator, name)))


def _messages_of(validator: object) -> Iterator[str]:
    if isinstance(validator, validate.Validator):
        yield from (name for name in _OF_VALIDATORS if isinstance(getattr(validator, name, None), str))


def _inner(field: fields.Field[Any]) -> Iterator[fields.Field[Any]]:
    """The fields of a field's items. A nested schema sees to its own."""
    if isinstance(field, fields.List):
        yield field.inner
    elif isinstance(field, fields.Tuple):
        yield from field.tuple_fields
    elif isinstance(field, fields.Mapping):
        yield from (one for one in (field.key_field, field.value_field) if one is not None)


def _places(template: str) -> list[str]:
    return [name for _text, name, _form, _conversion in Formatter().parse(template) if name]
