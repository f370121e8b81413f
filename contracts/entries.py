"""Cells that are entered many at once, each saved or not by itself: what is the same for marks and for absences."""

from __future__ import annotations

from typing import Final

from marshmallow import validate

from kernel import fields
from kernel.contract import Command, View

#: Most entries of a request: more cells than a class's term has.
ENTRIES: Final = 2000
#: What became of an entry.
SAVED, CONFLICT, REFUSED = "saved", "conflict", "refused"
#: What is said of a field that holds a refusal.
REFUSAL: Final = {"description": "The refusal as services send it; null where nothing is refused."}


class Entry(Command):
    """What is to stand of a student in a lesson."""

    key = fields.UUID(required=True, metadata={"description": "Of this entry: sent again, it is carried out once."})
    lesson_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)


class OutcomeView(View):
    """What became of an entry."""

    key = fields.UUID(required=True)
    state = fields.Str(required=True, validate=validate.OneOf((SAVED, CONFLICT, REFUSED)))
    refusal = fields.Dict(load_default=None, allow_none=True, metadata=REFUSAL)
