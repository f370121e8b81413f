"""The fields of commands and views: marshmallow's own.

To the type checker (`fields.pyi`) a field is the value that it loads, so that `command.student_id` is a UUID where
`student_id = fields.UUID(required=True)` is declared. Marshmallow decides at run time.
"""

from __future__ import annotations

from marshmallow.fields import UUID, Bool, Date, DateTime, Dict, Email, Float, Int, List, Nested, Str

__all__ = ["UUID", "Bool", "Date", "DateTime", "Dict", "Email", "Float", "Int", "List", "Nested", "Str"]
