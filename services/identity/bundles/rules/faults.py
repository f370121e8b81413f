"""The faults of a bundle."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kernel.errors import FieldFault
from kernel.texts import Text

#: Most faults listed for one bundle: enough to repair it, few enough to show.
MOST = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule and its place; `line` and `field` are None if the fault has none."""

    file: str
    line: int | None
    field: str | None
    rule: str
    text: Text

    @property
    def place(self) -> str:
        """File, line and field, as far as known: `users.csv:3:role`."""
        return ":".join(str(part) for part in (self.file, self.line, self.field) if part is not None)

    def as_field(self) -> FieldFault:
        """The fault as a field of a refusal."""
        return FieldFault.of(self.place, self.rule, self.text)

    def as_view(self) -> dict[str, Any]:
        """The fault as a `contracts.identity.bundles.ImportFaultView`."""
        return {
            "file": self.file,
            "line": self.line,
            "field": self.field,
            "rule": self.rule,
            "message": str(self.text),
            "text": self.text.to_wire(),
        }


@dataclass
class Faults:
    """Faults in the order they were found, up to `MOST`."""

    found: list[Fault] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, file: str, rule: str, text: Text, line: int | None = None, field: str | None = None) -> None:
        """Add a fault. The first one over the limit is replaced by a fault that says there are more."""
        if len(self.found) < MOST:
            self.found.append(Fault(file, line, field, rule, text))
        elif len(self.found) == MOST:
            rest = Text("More than {most} faults: the rest is not listed.", {"most": MOST})
            self.found.append(Fault(file, None, None, "too-many-faults", rest))

    def as_views(self) -> list[dict[str, Any]]:
        """The faults as `contracts.identity.bundles.ImportFaultView`."""
        return [fault.as_view() for fault in self.found]
