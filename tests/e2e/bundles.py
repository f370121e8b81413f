"""The bundles of the main job: those of real schools where they lie beside the repository, else made ones."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.identity.small_bundle import SmallBundle
from tests.shared import SHARED

ONEROSTER = SHARED / "oneroster"
#: A date of a bundle's tables, which is no part of a longer word.
DATE = re.compile(rb"\b\d{4}-\d\d-\d\d\b")


@dataclass(frozen=True)
class OneSchool:
    """A school with marks, and what there is in it."""

    packed: bytes
    people: int
    marks: int
    #: Guardian → children, by their sourcedIds.
    families: dict[str, set[str]]


def one_school() -> OneSchool:
    """`grades-small` in this year, or a school made by hand."""
    folder = ONEROSTER / "grades-small"
    if folder.exists():
        with (folder / "users.csv").open(encoding="utf-8-sig", newline="") as users:
            return OneSchool(_packed(_in_this_year(_files(folder))), 266, 5854, _families(csv.DictReader(users)))
    made = SmallBundle("made-1").user("father", "parent", "Кузнецов Пётр").user("third", "teacher", "Ким Инна")
    made.row("users", "boris")["agentSourcedIds"] = "father"
    tables = made.tables
    packed = _packed(_in_this_year(_unpacked(made.zip())))
    return OneSchool(packed, len(tables["users"]), len(tables["results"]), _families(tables["users"]))


def many_results(results: int) -> OneSchool:
    """The same school with so many results: its line items again and again, under other names."""
    school = one_school()
    tables = {name: content.decode("utf-8-sig") for name, content in _unpacked(school.packed).items()}
    items, found = (list(csv.DictReader(io.StringIO(tables[name]))) for name in ("lineItems.csv", "results.csv"))
    rounds = range(-(-results // len(found)))
    more = [{**row, "sourcedId": f"{row['sourcedId']}-{again}"} for again in rounds for row in items]
    said = [
        {**row, "sourcedId": f"{row['sourcedId']}-{again}", "lineItemSourcedId": f"{row['lineItemSourcedId']}-{again}"}
        for again in rounds
        for row in found
    ]
    tables |= {"lineItems.csv": _table(more), "results.csv": _table(said[:results])}
    packed = _packed({name: text.encode() for name, text in tables.items()})
    return OneSchool(packed, school.people, results, school.families)


def _table(rows: list[dict[str, str]]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def three_schools() -> bytes:
    """`three-schools`, or three made by hand."""
    folder = ONEROSTER / "three-schools"
    if folder.exists():
        return zipped(folder)
    whole = SmallBundle("made-2")
    for number in (3, 4):
        for file, rows in SmallBundle(f"made-{number}").tables.items():
            whole.tables[file] += [_renamed(row, f"{number}-") for row in rows]
    return whole.zip()


def _in_this_year(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with their dates moved by whole weeks, so that the last work was due in the week before today.

    The term of that work is open then, whenever the tests run.
    """
    works = csv.DictReader(io.StringIO(files["lineItems.csv"].decode("utf-8-sig")))
    last = max(date.fromisoformat(work["dueDate"]) for work in works)
    moved = timedelta(weeks=(datetime.now(UTC).date() - last).days // 7)

    def later(found: re.Match[bytes]) -> bytes:
        return (date.fromisoformat(found[0].decode()) + moved).isoformat().encode()

    return {name: DATE.sub(later, content) for name, content in files.items()}


def zipped(folder: Path) -> bytes:
    """A folder's CSV files as a zip."""
    return _packed(_files(folder))


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


def _unpacked(bundle: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bundle)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def _packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return buffer.getvalue()


def _families(users: Iterable[dict[str, str]]) -> dict[str, set[str]]:
    """Either of the two may name the other."""
    ties: dict[str, set[str]] = {}
    for row in users:
        for agent in filter(None, row["agentSourcedIds"].split(",")):
            adult, child = (agent, row["sourcedId"]) if row["role"] == "student" else (row["sourcedId"], agent)
            ties.setdefault(adult.strip(), set()).add(child.strip())
    return ties


def _renamed(row: dict[str, str], prefix: str) -> dict[str, str]:
    """The row with other sourcedIds, wherever it says one."""
    return {
        name: prefix + cell if cell and name.lower().endswith(("sourcedid", "sourcedids")) else cell
        for name, cell in row.items()
    }
