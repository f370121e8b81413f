"""Decodes and parses the tables of a bundle and checks each cell on its own. Bad content becomes faults."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from kernel.look_alikes import composed
from kernel.texts import Text
from services.identity.bundles.rules import remarks
from services.identity.bundles.rules.archive import opened
from services.identity.bundles.rules.bundle import Row, several
from services.identity.bundles.rules.columns import FILES, GONE, NEEDS, REQUIRED, SPARED, Column
from services.identity.bundles.rules.faults import Faults
from services.identity.people.rules import EMAIL

MANIFEST = "manifest.csv"
VERSIONS = ("1.1", "1.2")
#: States of files that the zip holds.
HELD = ("bulk", "delta")
#: Dates outside these years are typing errors.
YEARS = range(1900, 2200)
Record = tuple[int, list[str]]
#: Each column with its index in a line; None if the file lacks it.
Places = list[tuple[Column, int | None]]


def check_form(packed: bytes, faults: Faults) -> None:
    """Find faults of the zip, the manifest, and the encoding and shape of the tables.

    Takes about a second per fifty megabytes, so the caller gets the answer at once. `parsed` checks the cells.
    """
    files = opened(packed, faults)
    if faults:
        return
    states = _states(files, faults)
    for name, columns in FILES.items():
        if states.get(name) in HELD and f"{name}.csv" in files:
            for _ in _lines(f"{name}.csv", files[f"{name}.csv"], _columns_in(states[name], columns), faults):
                pass


@dataclass(frozen=True)
class Parsed:
    """The tables that a bundle holds, with valid cells."""

    #: File → `bulk`, `delta` or `absent`.
    states: dict[str, str]
    tables: dict[str, list[Row]]
    #: Delta file → its rows that are to be deleted.
    gone: dict[str, list[Row]]

    @property
    def is_delta(self) -> bool:
        """Whether it says only what has changed."""
        return "delta" in self.states.values()


def parsed(packed: bytes, faults: Faults) -> Parsed | None:
    """The tables of a bundle with valid cells. Returns None, with `faults`, if anything is invalid."""
    files = opened(packed, faults)
    if faults:
        return None
    states = _states(files, faults)
    read = Parsed(states, {}, {})
    for name, columns in FILES.items():
        if states.get(name) in HELD and f"{name}.csv" in files:
            read.tables[name] = _table(f"{name}.csv", files[f"{name}.csv"], columns, faults, read.gone, states[name])
    remarks.remark_files(sorted(files), faults)
    return None if faults else read


def check_roles_are_named(tables: dict[str, list[Row]], faults: Faults) -> None:
    """Roles must be in users.csv (1.1) if there is no roles.csv (1.2)."""
    if "roles" in tables:
        return
    for row in tables.get("users", []):
        for name in ("role", "orgSourcedIds"):
            if not several(row[name]):
                message = Text("{name} must not be empty where there is no roles.csv.", {"name": name})
                faults.add("users.csv", "empty", message, row.line, name)


def _states(files: dict[str, bytes], faults: Faults) -> dict[str, str]:
    """File → `bulk`, `delta` or `absent`, according to the manifest."""
    if MANIFEST not in files:
        faults.add(MANIFEST, "missing-manifest", Text("The bundle has no manifest.csv beside its tables."))
        return {}
    columns = (Column("propertyName", filled=True), Column("value"))
    properties: dict[str, str] = {}
    for row in _rows(MANIFEST, files[MANIFEST], columns, faults):
        properties[row["propertyName"]] = row["value"]
    remarks.remark_properties(properties, faults)
    if faults:
        return {}
    if properties.get("oneroster.version") not in VERSIONS:
        message = Text("The manifest names no version of OneRoster that is known here: 1.1 and 1.2 are.")
        faults.add(MANIFEST, "unknown-version", message, field="oneroster.version")
    states = {name: properties.get(f"file.{name}", "absent") for name in FILES}
    whole = "delta" not in states.values()
    for name, state in states.items():
        _check_state(name, state, f"{name}.csv" in files, faults)
        if whole and state == "absent" and name in REQUIRED:
            text = Text("A bundle without {name}.csv cannot be imported.", {"name": name})
            faults.add(f"{name}.csv", "missing-file", text)
    for name in states:
        for other in NEEDS.get(name, ()):
            if whole and states[name] == "bulk" and states[other] == "absent":
                faults.add(
                    f"{other}.csv",
                    "missing-file",
                    Text("{name}.csv refers to {other}.csv, which is absent.", {"name": name, "other": other}),
                )
    return states


def _check_state(name: str, state: str, is_there: bool, faults: Faults) -> None:
    field = f"file.{name}"
    if state not in (*HELD, "absent"):
        faults.add(
            MANIFEST,
            "unknown-state",
            Text("A file is bulk, delta or absent; {name}.csv is none of them.", {"name": name}),
            field=field,
        )
    elif state in HELD and not is_there:
        faults.add(
            f"{name}.csv", "missing-file", Text("The manifest promises {name}.csv, the zip has none.", {"name": name})
        )
    elif state == "absent" and is_there:
        faults.add(
            MANIFEST,
            "manifest-mismatch",
            Text("The zip has {name}.csv, the manifest says it has not.", {"name": name}),
            field=field,
        )


def _columns_in(state: str, columns: Sequence[Column]) -> Sequence[Column]:
    """The columns of a file: every row of a delta says whether it is to be deleted."""
    if state != "delta":
        return columns
    return [replace(one, there=True, filled=True) if one.name == "status" else one for one in columns]


def _table(
    file: str, content: bytes, columns: Sequence[Column], faults: Faults, gone: dict[str, list[Row]], state: str
) -> list[Row]:
    """The rows of a file without those marked as deleted; of a delta, `gone` gets these."""
    columns = _columns_in(state, columns)
    seen: set[str] = set()
    rows = []
    with_status = []
    for row in _rows(file, content, columns, faults):
        if row["status"]:
            with_status.append(row.line)
        if row["sourcedId"] in seen:
            told = faults.leave_out if file.removesuffix(".csv") in SPARED else faults.add
            told(file, "duplicate-id", Text("This sourcedId stands in the file twice."), row.line, "sourcedId")
            continue
        seen.add(row["sourcedId"])
        if row["status"] != GONE:
            rows.append(row)
        elif state == "delta":
            gone.setdefault(file.removesuffix(".csv"), []).append(row)
    if state != "delta":
        remarks.remark_bulk_status(file, with_status, faults)
    return rows


def _rows(file: str, content: bytes, columns: Sequence[Column], faults: Faults) -> Iterator[Row]:
    for line, record, places in _lines(file, content, columns, faults):
        cells = {column.name: record[place].strip() if place is not None else "" for column, place in places}
        remarks.remark_lists(file, line, columns, cells, faults)
        if _check_cells(file, line, columns, cells, faults):
            yield Row(line, cells)


def _check_cells(file: str, line: int, columns: Sequence[Column], cells: dict[str, str], faults: Faults) -> bool:
    """Check the cells of a row, and empty the wrong ones that are spared. Returns whether the row is taken."""
    taken = True
    deleted = cells.get("status") == GONE
    for column in columns:
        if deleted and column.name not in ("sourcedId", "status"):
            continue  # whoever deletes a row need not say what it was
        wrong = _fault_of(column, cells[column.name])
        if wrong is None:
            continue
        rule, text = wrong
        if column.spared:
            faults.leave_out(file, rule, text, line, column.name)
            cells[column.name] = ""
        elif file.removesuffix(".csv") in SPARED:
            faults.leave_out(file, rule, text, line, column.name)
            taken = False
        else:
            faults.add(file, rule, text, line, column.name)
    return taken


def _lines(
    file: str, content: bytes, columns: Sequence[Column], faults: Faults
) -> Iterator[tuple[int, list[str], Places]]:
    """The lines below the header that have as many cells as it, with the columns' indexes."""
    before = len(faults.found)
    records = _records(file, content, faults)
    _, header = next(records, (1, []))
    if len(faults.found) > before:  # not readable as text: the columns cannot be checked
        return
    names = [name.strip() for name in header]
    places = _places(file, names, columns, faults)
    if places is None:
        return
    if file != MANIFEST:
        remarks.remark_header(file, names, faults)
    for line, record in records:
        if not any(record[len(header) :]):  # programs that make tables add empty columns at the end
            record = record[: len(header)]  # the same line without them
        if len(record) == len(header):
            yield line, record, places
        else:
            message = Text(
                "This line has {cells} cells, the first one {first}.", {"cells": len(record), "first": len(header)}
            )
            faults.add(file, "number-of-cells", message, line)


def _records(file: str, content: bytes, faults: Faults) -> Iterator[Record]:
    """The non-empty lines of a CSV file with their numbers."""
    try:
        text = composed(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        faults.add(file, "not-utf-8", Text("This line is not in UTF-8."), line)
        return
    if "\0" in text:
        faults.add(
            file,
            "not-text",
            Text("This line holds a character that no text has."),
            text.count("\n", 0, text.index("\0")) + 1,
        )
        return
    lines = _Lines(text)
    reader = csv.reader(lines, strict=True)
    try:
        for record in reader:
            raw = lines.taken()
            if record:
                remarks.remark_quotes(file, reader.line_num, raw, faults)
                yield reader.line_num, record
    except csv.Error as error:
        if "limit" in str(error):
            faults.add(
                file, "line-too-long", Text("A cell of this line is longer than any that is known."), reader.line_num
            )
        else:
            faults.add(file, "broken-quotes", Text("The quotes of this line do not match."), reader.line_num)


class _Lines:
    """The lines of a text, which remembers those that were taken last."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self._taken: list[str] = []

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._taken.append(line)
        return line

    def taken(self) -> str:
        """The lines since it was asked last."""
        taken, self._taken = "".join(self._taken), []
        return taken


def _places(file: str, header: list[str], columns: Sequence[Column], faults: Faults) -> Places | None:
    """The columns' indexes; None, with `faults`, if a column is missing or duplicated."""
    wanted = {column.name for column in columns}
    twice = sorted({name for name in header if name in wanted and header.count(name) > 1})
    missing = [column.name for column in columns if column.there and column.name not in header]
    for name in twice:
        faults.add(file, "duplicate-column", Text("The column {name} is there twice.", {"name": name}), 1, name)
    for name in missing:
        faults.add(file, "missing-column", Text("The column {name} is missing.", {"name": name}), 1, name)
    if twice or missing:
        return None
    return [(column, header.index(column.name) if column.name in header else None) for column in columns]


def _fault_of(column: Column, value: str) -> tuple[str, Text] | None:
    """The rule that a cell breaks, and what to tell of it."""
    name = column.name
    if not value:
        return ("empty", Text("{name} must not be empty.", {"name": name})) if column.filled else None
    if len(value) > column.longest:
        return "too-long", Text("{name} has more than {longest} letters.", {"name": name, "longest": column.longest})
    if column.values and value not in column.values:
        known = ", ".join(sorted(column.values))
        return "unknown-value", Text("{name} is one of: {known}.", {"name": name, "known": known})
    return None if _fits(column.kind, value) else (f"bad-{column.kind}", _form(column))


def _form(column: Column) -> Text:
    """The message that states the form of the column's cells."""
    name = {"name": column.name}
    return {
        "text": Text("{name} is one line of text.", name),
        "lines": Text("{name} is text.", name),
        "date": Text("{name} is a date such as 2026-09-01.", name),
        "email": Text("{name} is an address such as anna@example.org.", name),
        "flag": Text("{name} is true or false.", name),
        "number": Text("{name} is a number such as 3 or 4.5.", name),
        "year": Text("{name} is the year in which a school year ends, such as 2027.", name),
    }[column.kind]


_PATTERNS = {
    "text": re.compile(r"[^\x00-\x1f\x7f]*"),
    "lines": re.compile(r".*", re.DOTALL),
    "date": re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII),
    "email": EMAIL,
    "flag": re.compile(r"true|false", re.IGNORECASE),
    "number": re.compile(r"-?\d{1,9}(\.\d{1,9})?", re.ASCII),
    "year": re.compile(r"(19|20|21)\d{2}", re.ASCII),
}


def _fits(kind: str, value: str) -> bool:
    return _PATTERNS[kind].fullmatch(value) is not None and (kind != "date" or _is_date(value))


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).year in YEARS
    except ValueError:
        return False
