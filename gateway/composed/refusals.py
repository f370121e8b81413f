"""Refusals inside answers: one row, cell or entry is refused, and the rest of the answer stands."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
from marshmallow import fields

from gateway.door import language, problems
from kernel.contract import View
from kernel.errors import from_wire


class WhyFaultView(View):
    """A fault of what is refused."""

    field = fields.Str(required=True)
    rule = fields.Str(required=True)
    message = fields.Str(required=True)
    position = fields.Int(allow_none=True, metadata={"description": "Index in the text, from 0."})
    piece = fields.Str(allow_none=True)


class WhyView(View):
    """Why an entry, a column or a row takes nothing, in the caller's language."""

    rule = fields.Str(required=True)
    detail = fields.Str(required=True)
    field = fields.Str(allow_none=True)
    position = fields.Int(allow_none=True, metadata={"description": "Index in the text, from 0."})
    piece = fields.Str(allow_none=True)
    faults = fields.List(fields.Nested(WhyFaultView))


def why(refusal: dict[str, Any]) -> dict[str, Any]:
    """A refusal in the caller's language, with the place of the fault in a text."""
    return _told(msgspec.json.encode(refusal), language.code())


@lru_cache(
    maxsize=1024
)  # what a page has many of is refused for the same reasons, and pages of a school on the same days
def _told(refusal: bytes, _language: str) -> dict[str, Any]:
    """The same in a language, which is named for the cache."""
    error = from_wire(msgspec.json.decode(refusal))
    problem = problems.of_refusal(error)
    places = [{"position": fault.params.get("position"), "piece": fault.params.get("piece")} for fault in error.faults]
    return {
        "rule": problem.rule,
        "detail": problem.detail,
        "field": problem.field,
        "position": error.params.get("position"),
        "piece": error.params.get("piece"),
        "faults": [{**fault, **at} for fault, at in zip(problem.faults, places, strict=True)],
    }
