"""The fields of commands and views: marshmallow's own.

For the type checker (`fields.pyi`) a field has the type of the value that it loads: after
`student_id = fields.UUID(required=True)`, `command.student_id` is a UUID. At run time they are marshmallow's fields.
"""

from __future__ import annotations

from marshmallow.fields import UUID, Bool, Date, DateTime, Dict, Email, Float, Int, List, Nested, Str

__all__ = ["UUID", "Bool", "Date", "DateTime", "Dict", "Email", "Float", "Int", "List", "Nested", "Str"]
