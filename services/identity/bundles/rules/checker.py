"""Checks that the rows of a bundle are consistent. Collects every fault; a bundle with a fault is not written."""

from __future__ import annotations

from datetime import date

from kernel.texts import Text
from services.identity.bundles.rules.bundle import Bundle, Row, several
from services.identity.bundles.rules.columns import FILES, STAFF_ROLES, STUDENT_ROLE, Column
from services.identity.bundles.rules.faults import Faults
from services.identity.bundles.rules.reader import read_bundle


def checked(packed: bytes, today: date, faults: Faults) -> Bundle | None:
    """Read and check the bundle in a zip. Returns None, with `faults`, if anything is wrong with it."""
    bundle = read_bundle(packed, today, faults)
    if bundle is None:
        return None
    _check_references(bundle, faults)
    if not faults:  # the other checks follow references
        _check_schools(bundle, faults)
        _check_spans(bundle, faults)
        _check_classes(bundle, faults)
        _check_places(bundle, faults)
        _check_grades(bundle, faults)
    return None if faults else bundle


def _check_references(bundle: Bundle, faults: Faults) -> None:
    for file in bundle.tables:
        for column in FILES[file]:
            if column.refers:
                _check_column(bundle, file, column, faults)


def _check_column(bundle: Bundle, file: str, column: Column, faults: Faults) -> None:
    known = bundle.by_id(column.refers)
    for row in bundle.rows(file):
        named = several(row[column.name]) if column.many else [row[column.name]]
        if any(source_id and source_id not in known for source_id in named):
            message = Text(
                "{name} names a row that {other}.csv does not have.", {"name": column.name, "other": column.refers}
            )
            faults.add(f"{file}.csv", "dangling-reference", message, row.line, column.name)


def _check_schools(bundle: Bundle, faults: Faults) -> None:
    if not bundle.schools:
        faults.add("orgs.csv", "no-school", Text("The bundle has no org of the type school."))


def _check_spans(bundle: Bundle, faults: Faults) -> None:
    for file, start, end in (
        ("academicSessions", "startDate", "endDate"),
        ("enrollments", "beginDate", "endDate"),
        ("roles", "beginDate", "endDate"),
    ):
        for row in bundle.rows(file):
            first, last = row.day(start), row.day(end)
            if first is not None and last is not None and last < first:
                faults.add(
                    f"{file}.csv",
                    "ends-before-start",
                    Text("{end} lies before {start}.", {"end": end, "start": start}),
                    row.line,
                    end,
                )


def _check_classes(bundle: Bundle, faults: Faults) -> None:
    for row in bundle.rows("classes"):
        if bundle.school_of(row["schoolSourcedId"]) is None:
            message = Text("The org that schoolSourcedId names is not a school.")
            faults.add("classes.csv", "not-a-school", message, row.line, "schoolSourcedId")
        if bundle.year_of_class(row) is None:
            message = Text("Neither the sessions nor the course of this class say which school year it is of.")
            faults.add("classes.csv", "no-year", message, row.line, "termSourcedIds")


def _check_places(bundle: Bundle, faults: Faults) -> None:
    for user in bundle.rows("users"):
        for roles in bundle.places.get(user.id, {}).values():
            if STUDENT_ROLE in roles and not roles.isdisjoint(STAFF_ROLES):
                message = Text("A student of a school is not of its staff.")
                faults.add("users.csv", "student-staff", message, user.line, "role")
    for row in bundle.rows("enrollments"):
        _check_belongs(bundle, "enrollments.csv", row, "userSourcedId", row["classSourcedId"], faults)


def _check_belongs(bundle: Bundle, file: str, row: Row, field: str, class_id: str, faults: Faults) -> None:
    school = bundle.school_of(bundle.by_id("classes")[class_id]["schoolSourcedId"])
    if school is not None and school not in bundle.places.get(row[field], ()):
        message = Text("This user has no role in the school of the class.")
        faults.add(file, "other-school", message, row.line, field)


def _check_grades(bundle: Bundle, faults: Faults) -> None:
    for item in bundle.rows("lineItems"):
        if not (item["dueDate"] or item["assignDate"]):
            message = Text("A line item has a dueDate or an assignDate.")
            faults.add("lineItems.csv", "empty", message, item.line, "dueDate")
    for row in bundle.rows("results"):
        item = bundle.by_id("lineItems")[row["lineItemSourcedId"]]
        _check_belongs(bundle, "results.csv", row, "studentSourcedId", item["classSourcedId"], faults)
