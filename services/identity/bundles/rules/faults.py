"""What is wrong with a bundle."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

#: Faults kept of one bundle: enough to repair it by, few enough to be shown.
MOST = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule, and where: `line` and `field` where the fault has such a place."""

    file: str
    line: int | None
    field: str | None
    rule: str
    message: str

    @property
    def place(self) -> str:
        """File, line and field as far as the fault has them: `users.csv:3:role`."""
        return ":".join(str(part) for part in (self.file, self.line, self.field) if part is not None)


@dataclass
class Faults:
    """Faults in the order in which they were found, up to `MOST`."""

    found: list[Fault] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, file: str, rule: str, message: str, line: int | None = None, field: str | None = None) -> None:
        """Note a fault; the one too many says that there are more."""
        if len(self.found) < MOST:
            self.found.append(Fault(file, line, field, rule, message))
        elif len(self.found) == MOST:
            self.found.append(
                Fault(file, None, None, "too-many-faults", f"More than {MOST} faults: the rest is not listed.")
            )

    def as_views(self) -> list[dict[str, Any]]:
        """As `contracts.identity.ImportFaultView` shows them."""
        return [asdict(fault) for fault in self.found]
