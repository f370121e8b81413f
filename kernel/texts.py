"""Texts for people, translated by the gateway.

A service writes a message as an English template with named parameters. The template is a literal in the code, so
that it gets into the catalogues; the gateway looks up its translation and fills in the parameters. A parameter that
is a `Text` is translated too; every other parameter is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Text:
    """An English template and its parameters. Without parameters the template is shown unchanged."""

    template: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.template.format(**self.params) if self.params else self.template

    def to_wire(self) -> dict[str, Any]:
        """The text as a JSON object, which `from_wire` reads; services send it and store it in columns."""
        return {"template": self.template, **params_to_wire(self.params)}

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        """The text that `to_wire` wrote."""
        return cls(str(wire.get("template", "")), params_from_wire(wire))


def params_to_wire(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as JSON: `params` holds all of them, with texts as English sentences; `texts` holds the texts whole.

    `dates` names the parameters that are dates: what a person typed may look like one, and is shown as it was typed.
    A client that reads only `params` can still show the whole message in English.
    """
    texts = {name: value.to_wire() for name, value in params.items() if isinstance(value, Text)}
    dates = [name for name, value in params.items() if isinstance(value, date)]
    plain = {
        name: str(value) if name in texts else value.isoformat() if isinstance(value, date) else value
        for name, value in params.items()
    }
    return {"params": plain, "texts": texts, **({"dates": dates} if dates else {})}


def params_from_wire(wire: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that `params_to_wire` wrote; `texts`, `dates` and `params` may be missing."""
    params = dict(wire.get("params") or {})
    texts = {name: Text.from_wire(text) for name, text in (wire.get("texts") or {}).items()}
    dates = {name: date.fromisoformat(params[name]) for name in wire.get("dates") or ()}
    return {**params, **texts, **dates}
