"""The fields of commands and views: marshmallow's own, whose texts are composed (NFC) as they are loaded.

For the type checker (`fields.pyi`) a field has the type of the value that it loads: after
`student_id = fields.UUID(required=True)`, `command.student_id` is a UUID. At run time they are marshmallow's fields.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from marshmallow import fields
from marshmallow.fields import UUID, Bool, Date, DateTime, Dict, Float, Int, List, Nested, Raw

from kernel.contract import View
from kernel.look_alikes import composed

__all__ = [
    "UNSEEN",
    "UUID",
    "Bool",
    "Date",
    "DateTime",
    "Dict",
    "Email",
    "Float",
    "Int",
    "List",
    "Moment",
    "Nested",
    "Raw",
    "Str",
]


#: Control characters but for tabs and line ends, and marks that turn the direction of writing: nobody sees them,
#: screens and printers obey them, and a text can look like another. The marks that Hebrew or Arabic words need (U+200E,
#: U+200F, U+061C) and those inside of emoji stay allowed.
_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u206f]")
UNSEEN: Final = (
    "Character {place} is an invisible one that controls how texts are shown (U+{code}). "
    "Delete it, or paste the text without formatting."
)
#: Of a moment that does not say its zone.
NO_OFFSET: Final = "Say the offset as well, as in 2026-10-03T14:05:00+04:00 or 2026-10-03T10:05:00Z."


class Moment(fields.AwareDateTime):
    """A moment: ISO 8601 with its offset, loaded as UTC. Without one it would be another moment in each zone."""

    default_error_messages: ClassVar[dict[str, str]] = {"invalid_awareness": NO_OFFSET}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            return super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)
        except OverflowError as error:  # within a day of the first or the last year that there is
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from error


class Str(fields.Str):
    """A text. In a command it holds nothing unseen; answers tell what is stored, as it is."""

    default_error_messages: ClassVar[dict[str, str]] = {"unseen": UNSEEN}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = composed(super()._deserialize(value, attr, data, **kwargs))
        unseen = None if isinstance(self.root, View) else _UNSEEN.search(text)
        if unseen:
            raise self.make_error("unseen", place=unseen.start() + 1, code=f"{ord(unseen[0]):04X}")
        return text


class Email(fields.Email, Str):
    """An address of e-mail."""
