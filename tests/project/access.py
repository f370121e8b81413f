"""Writes the tables of docs/access.md, which role may do what, from the contracts: `python -m tests.project.access`.

The text above the tables is written by hand and stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from contracts import SERVICES, interfaces
from contracts.roles import OPERATOR, ROLES
from kernel.contract import Interface, Rpc

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "access.md"
#: The tables stand below this line of the document.
MARK: Final = "<!-- What follows is made by `make access` from contracts/. Do not edit it. -->\n"
#: Role → the head of its column.
COLUMNS: Final = {
    **{role: role.replace("_", " ") for role in ROLES},
    "plan_head": "head of subject association",
    OPERATOR: "operator",
}
YES: Final = "✓"


def document(text: str) -> str:
    """The document with its tables made anew. Raises ValueError where the line above them is missing."""
    written, mark, _ = text.partition(MARK)
    if not mark:
        raise ValueError(f"{DOCUMENT.name} has no line {MARK!r}")
    return "\n".join([written + mark, *_lines()])


def _lines() -> Iterator[str]:
    for owner in SERVICES:
        yield f"## {owner.capitalize()}\n"
        for interface in interfaces(owner):
            yield f"### {_first_line(interface).rstrip('.')}\n"
            yield from _table(interface)
            yield ""


def _table(interface: type[Interface]) -> Iterator[str]:
    heads = ["", *COLUMNS.values(), "services of their own accord", "operation"]
    yield _row(heads)
    yield _row(["---", *(":---:" for _ in COLUMNS), "---", "---"])
    for method in interface.methods():
        yield _row([_first_line(method), *_cells(method), ", ".join(sorted(method.callers.services)), f"`{method!r}`"])


def _cells(method: Rpc) -> list[str]:
    if method.callers.public:
        return ["anybody"] * len(COLUMNS)
    return [YES if method.callers.holds(frozenset({role})) else "" for role in COLUMNS]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _first_line(documented: object) -> str:
    return (documented.__doc__ or "").strip().partition("\n")[0]


if __name__ == "__main__":
    DOCUMENT.write_text(document(DOCUMENT.read_text()))
