"""Checks that the rows of a bundle are consistent. Collects every fault; a bundle with a fault is not written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from kernel.texts import Text
from services.identity.bundles.rules.bundle import MADE, Bundle, Row, several
from services.identity.bundles.rules.columns import (
    FILES,
    GUARDIAN_ROLES,
    HOMEROOM,
    SPARED,
    STAFF_ROLES,
    STUDENT_ROLE,
    Column,
)
from services.identity.bundles.rules.deltas import completed, folded
from services.identity.bundles.rules.faults import Faults
from services.identity.bundles.rules.reader import Parsed, check_roles_are_named, parsed
from services.identity.bundles.rules.remarks import remark_names, remark_terms


def checked(packed: bytes, today: date, faults: Faults) -> Bundle | None:
    """Read and check the whole bundle in a zip. Returns None, with `faults`, if anything is wrong with it."""
    own = parsed(packed, faults)
    found = check(own, today, faults) if own is not None else None
    return found.bundle if found is not None else None


def check(own: Parsed, today: date, faults: Faults, earlier: Sequence[bytes] = ()) -> Checked | None:
    """Check a bundle that was read. Returns None, with `faults`, if anything is wrong with it.

    `earlier`: for a delta, the whole bundle that came last and the deltas that followed it.
    """
    if not own.is_delta:
        bundle = _consistent(own.tables, today, faults)
        return None if bundle is None else Checked(bundle, None)
    before = _before(earlier, today)
    if before is None:
        faults.add("manifest.csv", "no-whole-bundle", NO_WHOLE_BUNDLE)
        return None
    now = _consistent(completed(before.tables, own, faults), today, faults)
    return None if now is None else Checked(now, before)


NO_WHOLE_BUNDLE = Text(
    "This bundle holds changes only (delta), and there is no whole one to which they could be made. "
    "Hand in a whole bundle (bulk) first."
)


@dataclass(frozen=True)
class Checked:
    """What the school's system holds, and for a delta what it held before."""

    bundle: Bundle
    before: Bundle | None


def _before(earlier: Sequence[bytes], today: date) -> Bundle | None:
    """What earlier bundles said, as it was taken then."""
    faults = Faults()
    bundles = [one for packed in earlier if (one := parsed(packed, faults)) is not None]
    if not bundles or len(bundles) < len(earlier):
        return None
    return _consistent(folded(bundles), today, faults)


def _consistent(tables: dict[str, list[Row]], today: date, faults: Faults) -> Bundle | None:
    """The tables as a bundle, if its rows are consistent."""
    check_roles_are_named(tables, faults)
    if faults:
        return None
    bundle = Bundle(tables, today)
    remark_names(bundle, faults)
    _complete_courses(bundle, faults)
    _check_references(bundle, faults)
    if not faults:  # the other checks follow references
        _check_schools(bundle, faults)
        _check_spans(bundle, faults)
        _check_classes(bundle, faults)
        _check_terms(bundle, faults)
        _check_places(bundle, faults)
        _check_enrolled(bundle, faults)
        _check_grades(bundle, faults)
    if not faults:
        remark_terms(bundle, faults)
    return None if faults else bundle


def _complete_courses(bundle: Bundle, faults: Faults) -> None:
    """A bundle without courses.csv: each course that its classes name is called by the first of them that is taught."""
    if "courses" in bundle.tables or not bundle.rows("classes"):
        return
    made: dict[str, Row] = {}
    for row in sorted(bundle.rows("classes"), key=lambda row: row["classType"] == HOMEROOM):
        cells = {
            "sourcedId": row["courseSourcedId"], "title": row["title"], "orgSourcedId": row["schoolSourcedId"],
            "schoolYearSourcedId": "", MADE: "true",
        }  # fmt: skip
        made.setdefault(row["courseSourcedId"], Row(row.line, cells))
    bundle.tables["courses"] = list(made.values())
    faults.remark("courses.csv", "no-courses", NO_COURSES)


NO_COURSES = Text("The bundle has no courses.csv: a subject that is not known yet is named by its first class.")


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


def _check_terms(bundle: Bundle, faults: Faults) -> None:
    """Refuse terms of one division of a year that overlap: a date is in one term of a course."""
    for year in bundle.divided.values():
        for first, second in year.overlapping:
            message = Text(
                "“{second}” begins on {starts_on}, before “{first}” ends on {ends_on}. Terms of one division of the "
                "year do not overlap; quarters and half-years do.",
                {
                    "second": second.title,
                    "starts_on": second.starts_on,
                    "first": first.title,
                    "ends_on": first.ends_on,
                },
            )
            faults.add("academicSessions.csv", "terms-overlap", message, second.line, "startDate")


def _check_places(bundle: Bundle, faults: Faults) -> None:
    for user in bundle.rows("users"):
        for roles in bundle.places.get(user.id, {}).values():
            if STUDENT_ROLE in roles and not roles.isdisjoint(STAFF_ROLES):
                message = Text("A student of a school is not of its staff.")
                faults.add("users.csv", "student-staff", message, user.line, "role")
    for row in bundle.rows("enrollments"):
        if not _belongs(bundle, row["userSourcedId"], row["classSourcedId"]):
            faults.add("enrollments.csv", "other-school", OF_ANOTHER_SCHOOL, row.line, "userSourcedId")


def _check_enrolled(bundle: Bundle, faults: Faults) -> None:
    """Leave out enrolments as somebody that the user is not at the school."""

    def is_wrong(row: Row) -> bool:
        wrong = _fault_of_enrolment(row["role"], _roles_at(bundle, row["userSourcedId"], row["classSourcedId"]))
        if wrong is not None:
            faults.leave_out("enrollments.csv", wrong[0], wrong[1], row.line, "role")
        return wrong is not None

    bundle.keep("enrollments", lambda row: not is_wrong(row))


def _fault_of_enrolment(role: str, held: Collection[str]) -> tuple[str, Text] | None:
    """The rule that an enrolment in this role breaks, for a user with these roles at the school."""
    if role in STAFF_ROLES and not set(held) - GUARDIAN_ROLES - {STUDENT_ROLE}:
        return "not-of-the-staff", Text(
            "This user is enrolled as {role}, and is not of the school's staff.", {"role": role}
        )
    if role == STUDENT_ROLE and STUDENT_ROLE not in held:
        return "not-a-student", Text("This user is enrolled as a student, and is no student of the school.")
    return None


def _roles_at(bundle: Bundle, user_id: str, class_id: str) -> Collection[str]:
    """The roles of a user in the school of a class."""
    school = bundle.school_of(bundle.by_id("classes")[class_id]["schoolSourcedId"])
    return bundle.places.get(user_id, {}).get(school or "", ())


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
    """The rule that the date of a line item breaks: it lies in a term by which its class goes, which pages show."""
    day = item.day("dueDate") or item.day("assignDate")
    if day is None:
        return "empty", Text("A line item has a dueDate or an assignDate.")
    spans = bundle.spans_of_class(bundle.by_id("classes")[item["classSourcedId"]])
    if any(start <= day <= end for start, end in spans):
        return None
    return "outside-terms", Text("{day} lies in no term by which the class goes.", {"day": day})


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
