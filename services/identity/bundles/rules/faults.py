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
    """A broken rule and its place; `line` and `field` are None if it has none. Rows of earlier bundles have no line."""

    file: str
    line: int | None
    field: str | None
    rule: str
    text: Text
    #: Whether the row or the cell alone was left out, and the rest is taken.
    left_out: bool = False

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
            "left_out": self.left_out,
        }


@dataclass
class Faults:
    """Faults in the order they were found, up to `MOST` of each kind.

    It is true where the bundle cannot be taken. What costs a row or a cell alone is listed beside that, and so is what
    is odd and taken all the same.
    """

    found: list[Fault] = field(default_factory=list)
    left_out: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, file: str, rule: str, text: Text, line: int | None = None, field: str | None = None) -> None:
        """Add a fault for which the bundle is refused."""
        _add(self.found, Fault(file, line or None, field, rule, text))

    def leave_out(self, file: str, rule: str, text: Text, line: int | None = None, field: str | None = None) -> None:
        """Add a fault that costs its row, or its cell; nothing else of the bundle hangs on it."""
        _add(self.left_out, Fault(file, line or None, field, rule, text, left_out=True))

    def remark(self, file: str, rule: str, text: Text, line: int | None = None, field: str | None = None) -> None:
        """Add what is odd and harmless: it is taken, and told."""
        _add(self.remarks, Fault(file, line or None, field, rule, text))

    def as_views(self) -> list[dict[str, Any]]:
        """The faults as `contracts.identity.bundles.ImportFaultView`, those that refuse the bundle first."""
        return [fault.as_view() for fault in (*self.found, *self.left_out)]

    def remarks_as_views(self) -> list[dict[str, Any]]:
        """The remarks in the same form."""
        return [remark.as_view() for remark in self.remarks]


def _add(faults: list[Fault], fault: Fault) -> None:
    """Add a fault. The first one over the limit is replaced by a fault that says there are more."""
    if len(faults) < MOST:
        faults.append(fault)
    elif len(faults) == MOST:
        rest = Text("More than {most} faults: the rest is not listed.", {"most": MOST})
        faults.append(Fault(fault.file, None, None, "too-many-faults", rest, fault.left_out))
