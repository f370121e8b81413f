"""Texts for people that are translated where they are read.

A service says what is wrong in English: a template with named parameters. The template is a literal in the code, so
that the catalogues hold it; the door looks its translation up and fills that in. A parameter that is a text itself is
a `Text`, and is translated as well; every other parameter is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Text:
    """An English template and the parameters for its places. Without parameters it is said as it stands."""

    template: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.template.format(**self.params) if self.params else self.template

    def to_wire(self) -> dict[str, Any]:
        """The text as a JSON object: what `from_wire` reads, sent between services and kept in columns."""
        return {"template": self.template, **params_to_wire(self.params)}

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        """The text that `to_wire` wrote."""
        return cls(str(wire.get("template", "")), params_from_wire(wire))


def params_to_wire(params: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Parameters as JSON: `params` holds all of them, texts as their English sentences, and `texts` those again whole.

    So who reads `params` alone can still say everything, in English.
    """
    texts = {name: value.to_wire() for name, value in params.items() if isinstance(value, Text)}
    plain = {name: str(value) if name in texts else value for name, value in params.items()}
    return {"params": plain, "texts": texts}


def params_from_wire(wire: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that `params_to_wire` wrote; `texts` may be missing, as may `params`."""
    texts = {name: Text.from_wire(text) for name, text in (wire.get("texts") or {}).items()}
    return {**(wire.get("params") or {}), **texts}
