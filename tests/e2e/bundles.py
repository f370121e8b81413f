"""The bundles of the main job: those of real schools where they lie beside the repository, else made ones."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.identity.small_bundle import SmallBundle
from tests.shared import SHARED

ONEROSTER = SHARED / "oneroster"


@dataclass(frozen=True)
class OneSchool:
    """A school with marks, and what there is in it."""

    packed: bytes
    people: int
    marks: int
    #: Guardian → children, by their sourcedIds.
    families: dict[str, set[str]]


def one_school() -> OneSchool:
    """`grades-small`, or a school made by hand."""
    folder = ONEROSTER / "grades-small"
    if folder.exists():
        with (folder / "users.csv").open(encoding="utf-8-sig", newline="") as users:
            return OneSchool(zipped(folder), 266, 5854, _families(csv.DictReader(users)))
    made = SmallBundle("made-1").user("father", "parent", "Кузнецов Пётр").user("third", "teacher", "Ким Инна")
    made.row("users", "boris")["agentSourcedIds"] = "father"
    tables = made.tables
    return OneSchool(made.zip(), len(tables["users"]), len(tables["results"]), _families(tables["users"]))


def many_results(results: int) -> OneSchool:
    """The same school with so many results: its line items again and again, under other names."""
    school = one_school()
    with zipfile.ZipFile(io.BytesIO(school.packed)) as packed:
        tables = {name: packed.read(name).decode("utf-8-sig") for name in packed.namelist()}
    items, found = (list(csv.DictReader(io.StringIO(tables[name]))) for name in ("lineItems.csv", "results.csv"))
    rounds = range(-(-results // len(found)))
    more = [{**row, "sourcedId": f"{row['sourcedId']}-{again}"} for again in rounds for row in items]
    said = [
        {**row, "sourcedId": f"{row['sourcedId']}-{again}", "lineItemSourcedId": f"{row['lineItemSourcedId']}-{again}"}
        for again in rounds
        for row in found
    ]
    tables |= {"lineItems.csv": _table(more), "results.csv": _table(said[:results])}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in tables.items():
            bundle.writestr(name, text)
    return OneSchool(buffer.getvalue(), school.people, results, school.families)


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


def zipped(folder: Path) -> bytes:
    """A folder's CSV files as a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for path in sorted(folder.glob("*.csv")):
            bundle.write(path, path.name)
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
