"""Checks that the rows of a bundle are consistent. Collects every fault; a bundle with a fault is not written."""

from __future__ import annotations

from datetime import date

from kernel.texts import Text
from services.identity.bundles.rules.bundle import Bundle, Row, several
from services.identity.bundles.rules.columns import FILES, SPARED, STAFF_ROLES, STUDENT_ROLE, Column
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

    def dangles(row: Row) -> bool:
        named = several(row[column.name]) if column.many else [row[column.name]]
        return any(source_id and source_id not in known for source_id in named)

    told = faults.leave_out if file in SPARED else faults.add
    for row in filter(dangles, bundle.rows(file)):
        message = Text(
            "{name} names a row that {other}.csv does not have.", {"name": column.name, "other": column.refers}
        )
        told(f"{file}.csv", "dangling-reference", message, row.line, column.name)
    if file in SPARED:
        bundle.keep(file, lambda row: not dangles(row))


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
        if not _belongs(bundle, row["userSourcedId"], row["classSourcedId"]):
            faults.add("enrollments.csv", "other-school", OF_ANOTHER_SCHOOL, row.line, "userSourcedId")


OF_ANOTHER_SCHOOL = Text("This user has no role in the school of the class.")


def _belongs(bundle: Bundle, user_id: str, class_id: str) -> bool:
    """Whether the user holds a role in the school of the class."""
    school = bundle.school_of(bundle.by_id("classes")[class_id]["schoolSourcedId"])
    return school is None or school in bundle.places.get(user_id, ())


def _check_grades(bundle: Bundle, faults: Faults) -> None:
    """Leave out line items that no lesson can have held, with their results, and results that nobody can have."""
    left_out = {}
    for item in bundle.rows("lineItems"):
        if (fault := _fault_of_item(bundle, item)) is not None:
            left_out[item.id] = fault
            results = len(bundle.grouped("results", "lineItemSourcedId").get(item.id, ()))
            text = Text("{fault} Its results were left out: {results}.", {"fault": fault[1], "results": results})
            faults.leave_out("lineItems.csv", fault[0], text, item.line, "dueDate")
    bundle.keep("lineItems", lambda item: item.id not in left_out)
    bundle.keep("results", lambda row: row["lineItemSourcedId"] not in left_out)
    bundle.keep("results", lambda row: _check_result(bundle, row, faults))


def _fault_of_item(bundle: Bundle, item: Row) -> tuple[str, Text] | None:
    """The rule that the date of a line item breaks: it lies in a term of its class's year, which pages show."""
    day = item.day("dueDate") or item.day("assignDate")
    if day is None:
        return "empty", Text("A line item has a dueDate or an assignDate.")
    year = bundle.year_of_class(bundle.by_id("classes")[item["classSourcedId"]])
    assert year is not None, "the years of classes have been checked"
    if any(start <= day <= end for start, end in bundle.spans(year)):
        return None
    return "outside-terms", Text("{day} lies in no term of the school year.", {"day": day})


def _check_result(bundle: Bundle, row: Row, faults: Faults) -> bool:
    """Whether a result is taken."""
    item = bundle.by_id("lineItems")[row["lineItemSourcedId"]]
    if not _belongs(bundle, row["studentSourcedId"], item["classSourcedId"]):
        faults.leave_out("results.csv", "other-school", OF_ANOTHER_SCHOOL, row.line, "studentSourcedId")
        return False
    day = item.day("dueDate") or item.day("assignDate")
    if day is not None and day > bundle.today:
        text = Text("The line item is dated {day}: what counts has happened.", {"day": day})
        faults.leave_out("results.csv", "mark-of-the-future", text, row.line, "lineItemSourcedId")
        return False
    return True
