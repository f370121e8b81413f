"""Completes a delta, which says only what has changed, to what the school's system holds now. Pure.

The whole bundle that came last and the deltas after it say what it held before. From both together everything follows
as from a whole bundle: homeroom teachers, members, terms. What is written is the difference between before and now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from kernel.texts import Text
from services.identity.bundles.rules.bundle import MADE, Row, several
from services.identity.bundles.rules.columns import FILES, Column
from services.identity.bundles.rules.faults import Faults
from services.identity.bundles.rules.reader import Parsed

Tables = dict[str, list[Row]]
#: Rows of earlier bundles have no line in this one.
NO_LINE = 0


def completed(before: Tables, delta: Parsed, faults: Faults) -> Tables:
    """The tables after a bundle: a bulk file replaces its table, a delta changes it, an absent one leaves it alone.

    Earlier rows that refer to deleted ones go with them. The bundle's own rows are checked like those of any other.
    """
    tables: Tables = {}
    for file in FILES:
        own = delta.tables.get(file)
        if delta.states.get(file) == "bulk" and own is not None:
            tables[file] = own
        elif own is not None:
            tables[file] = _changed(file, before.get(file, []), own, delta.gone.get(file, []), faults)
        elif file in before and not all(MADE in row.cells for row in before[file]):  # what was made is made anew
            tables[file] = [_earlier(row) for row in before[file]]
    _end_with_others(tables)
    return tables


def folded(bundles: Iterable[Parsed]) -> Tables:
    """The tables after a whole bundle and the deltas that followed it."""
    tables: Tables = {}
    for parsed in bundles:
        tables = completed(tables, parsed, Faults())
    return {file: [_earlier(row) for row in rows] for file, rows in tables.items()}


def _earlier(row: Row) -> Row:
    return replace(row, line=NO_LINE)


def _changed(file: str, before: list[Row], own: list[Row], gone: list[Row], faults: Faults) -> list[Row]:
    """A table with a delta's rows in place of its own of the same id, or behind them, and without the deleted ones."""
    known = {row.id: row for row in before}
    rows = {row.id: _earlier(row) for row in before}
    for row in own:
        if row.id in known and _is_older(row, known[row.id]):
            text = Text("An earlier bundle holds this row as of a later moment (dateLastModified).")
            faults.leave_out(f"{file}.csv", "older-than-known", text, row.line, "dateLastModified")
        else:
            rows[row.id] = row
    for row in gone:
        if rows.pop(row.id, None) is None:
            text = Text("This row is to be deleted, and no earlier bundle has it.")
            faults.remark(f"{file}.csv", "deleted-unknown", text, row.line, "sourcedId")
    return list(rows.values())


def _is_older(row: Row, known: Row) -> bool:
    """Whether a row is of an earlier moment than the known one; false where they do not say it."""
    try:
        at, before = (datetime.fromisoformat(one["dateLastModified"]) for one in (row, known))
        return at < before
    except (ValueError, TypeError):  # empty, in another form, or only one of them with a zone
        return False


def _end_with_others(tables: Tables) -> None:
    """Take earlier rows away that refer to a row which is no more; of lists, that place alone."""
    shrinks = True
    while shrinks:
        shrinks = False
        ids = {file: {row.id for row in rows} for file, rows in tables.items()}
        for file, rows in tables.items():
            columns = [column for column in FILES[file] if column.refers]
            kept = [cut for row in rows if (cut := _cut(row, columns, ids)) is not None]
            shrinks = shrinks or len(kept) < len(rows)
            tables[file] = kept


def _cut(row: Row, columns: list[Column], ids: dict[str, set[str]]) -> Row | None:
    """An earlier row without places in lists that are no more; None where a column of one id names such a row."""
    if row.line != NO_LINE:
        return row
    for column in columns:
        known = ids.get(column.refers, set())
        named = several(row[column.name]) if column.many else [row[column.name]]
        left = [one for one in named if not one or one in known]
        if len(left) == len(named):
            continue
        if not column.many and column.filled:
            return None
        row = replace(row, cells={**row.cells, column.name: ",".join(left)})
    return row
