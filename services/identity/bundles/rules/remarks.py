"""What is odd in a bundle and yet imported: whoever handed it in is told, and may put it right at its source.

What an import does not read is told too, so that nobody takes a misspelt column for an imported one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from kernel.look_alikes import cyrillic
from kernel.texts import Text
from services.identity.bundles.rules.archive import UNKNOWN_FILE
from services.identity.bundles.rules.bundle import Bundle, Row
from services.identity.bundles.rules.columns import FILES, HOMEROOM, Column
from services.identity.bundles.rules.divisions import Division
from services.identity.bundles.rules.faults import Faults
from services.identity.bundles.rules.standard import COLUMNS, OWN, PROPERTIES, UNREAD

_NAMES: Final = ("familyName", "givenName", "middleName")
MIXED: Final = Text(
    "Latin letters stand among the Cyrillic ones of this name, in place of those that look the same. "
    "It is imported as it is, and found in either spelling."
)


def remark_names(bundle: Bundle, faults: Faults) -> None:
    """Remarks on the names of people. They name line and field, never the name."""
    for user in bundle.rows("users"):
        for field in _NAMES if user.line else ():  # an earlier bundle's were told with it
            words = re.split(r"[\s-]+", user[field].casefold())
            if any(cyrillic(word) != word for word in words):
                faults.remark("users.csv", "latin-in-cyrillic", MIXED, user.line, field)


def remark_files(names: Iterable[str], faults: Faults) -> None:
    """Remarks on files of the zip that are not read."""
    for name in names:
        table = name.removesuffix(".csv")
        if table in UNREAD:
            faults.remark(
                name, "file-not-read", Text("Nothing of this file is imported: it holds nothing for a journal.")
            )
        elif name != "manifest.csv" and not (name.endswith(".csv") and table in FILES):
            faults.remark(name[:200], "unknown-file", UNKNOWN_FILE)


def remark_properties(names: Iterable[str], faults: Faults) -> None:
    """Remarks on properties of the manifest that say nothing: one that is misspelt says nothing either."""
    known = PROPERTIES | {f"file.{name}" for name in (*FILES, *UNREAD)}
    for name in names:
        if name in known:
            continue
        text = Text("The manifest names {name}, which OneRoster does not know.", {"name": name[:200]})
        if meant := _meant(name, known):
            text = Text("The manifest names {name}: probably {meant} is meant.", {"name": name, "meant": meant})
        faults.remark("manifest.csv", "unknown-property", text, None, name[:200])


def remark_header(file: str, header: Sequence[str], faults: Faults) -> None:
    """Remarks on columns that the standard does not have, and on columns in another order than its own."""
    standard = COLUMNS.get(file.removesuffix(".csv"), ())
    for name in header:
        if not name or name in standard or name.startswith(OWN):
            continue
        text = Text("OneRoster knows no column {name}: it is not imported.", {"name": name[:200]})
        if meant := _meant(name, [one for one in standard if one not in header]):
            params = {"name": name, "meant": meant}
            text = Text("The column {name} is not imported: probably {meant} is meant.", params)
        faults.remark(file, "unknown-column", text, 1, name[:200])
    places = [standard.index(name) for name in header if name in standard]
    if places != sorted(places):
        faults.remark(file, "column-order", Text("The columns stand in another order than in OneRoster."), 1)


def remark_bulk_status(file: str, lines: Sequence[int], faults: Faults) -> None:
    """A remark on rows with a status in a file that is no delta: those to be deleted count as left out of it."""
    if lines:
        text = Text(
            "A whole (bulk) file has no status. It has one in rows: {number}; those to be deleted count as missing.",
            {"number": len(lines)},
        )
        faults.remark(file, "status-in-bulk", text, lines[0], "status")


def remark_lists(file: str, line: int, columns: Iterable[Column], cells: Mapping[str, str], faults: Faults) -> None:
    """Remarks on lists of ids with an empty place, such as `o1,,`."""
    for column in columns:
        cell = cells[column.name]
        if column.many and cell and not all(part.strip() for part in cell.split(",")):
            text = Text("This list has an empty place between, before or behind its commas. The others were taken.")
            faults.remark(file, "empty-in-list", text, line, column.name)


def remark_quotes(file: str, line: int, raw: str, faults: Faults) -> None:
    """A remark on a quote within a cell that is not quoted: it was taken as a letter."""
    if '"' in raw and _has_bare_quote(raw):
        text = Text("A quote stands within a cell that is not quoted. It was taken as it is.")
        faults.remark(file, "quote-in-cell", text, line)


def _has_bare_quote(raw: str) -> bool:
    quoted = _QUOTED.sub("", raw)
    return '"' in quoted


#: A quoted cell with its place: behind a comma or a line's begin.
_QUOTED: Final = re.compile(r'(?:(?<=,)|(?<=\n)|\A)"(?:[^"]|"")*"(?=,|\r|\n|\Z)')


def _meant(name: str, known: Iterable[str]) -> str | None:
    """The known name that is nearest to a misspelt one."""
    folded = {one.casefold(): one for one in known}
    near = get_close_matches(name[:200].casefold(), folded, 1, 0.8)
    return folded[near[0]] if near else None


def remark_terms(bundle: Bundle, faults: Faults) -> None:
    """Remarks on classes that do not say by which terms they go. Their references have been checked."""
    for row in bundle.rows("classes"):
        if not row.line or row["classType"] == HOMEROOM:  # an earlier bundle's were told with it
            continue
        if (division := bundle.division_of(row)) and _is_guess(bundle, row, division):
            text = Text(
                "The bundle does not say clearly by which terms this class goes: {terms} were taken. Name its terms in "
                "termSourcedIds.",
                {"terms": ", ".join(f"«{one.title}»" for one in division.sessions)},
            )
            faults.remark("classes.csv", "terms-not-said", text, row.line, "termSourcedIds")


def _is_guess(bundle: Bundle, row: Row, division: Division) -> bool:
    """Whether the class could go by another division as well, for all that its terms and grade say."""
    others = [one for one in bundle.divisions_open_to(row) if one is not division]
    return any(one.kind == division.kind for one in others) or (bool(others) and bundle.grade_of_class(row) is None)
