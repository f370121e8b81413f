"""The fields of commands and views: marshmallow's own, whose texts are composed (NFC) as they are loaded.

For the type checker (`fields.pyi`) a field has the type of the value that it loads: after
`student_id = fields.UUID(required=True)`, `command.student_id` is a UUID. At run time they are marshmallow's fields.
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from marshmallow.fields import UUID, Bool, Date, DateTime, Dict, Float, Int, List, Nested

from kernel.look_alikes import composed

__all__ = ["UUID", "Bool", "Date", "DateTime", "Dict", "Email", "Float", "Int", "List", "Nested", "Str"]


class Str(fields.Str):
    """A text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return composed(super()._deserialize(value, attr, data, **kwargs))


class Email(fields.Email):
    """An address of e-mail."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return composed(super()._deserialize(value, attr, data, **kwargs))
