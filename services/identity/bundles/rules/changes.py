"""What of a school a delta changes: the difference between what its system held before and what it holds now. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from services.identity.bundles.rules.bundle import Bundle
from services.identity.bundles.rules.checker import Checked
from services.identity.bundles.rules.grades import Grades, JsonRow
from services.identity.bundles.rules.roster import Roster

#: The kinds whose rows belong to a course, and the member that names it.
OF_COURSES = {"courses": "id", "members": "course_id", "works": "course_id"}


def touches_others(found: Checked, own: str) -> bool:
    """Whether a delta changes anything of another school than its own."""
    return any(
        _state(found.bundle, org.id) != _state(found.before, org.id) for org in found.bundle.schools if org.id != own
    )


def _state(bundle: Bundle | None, school: str) -> Any:
    if bundle is None:
        return None
    roster = Roster(bundle, school, _ANY, trusted=True)
    return roster.people, roster.roles, roster.guardianships, roster.classes, roster.enrolments


def said(roster: Roster, file: str) -> set[str]:
    """The sourcedIds of the rows of a file that the bundle itself holds, not an earlier one."""
    return {row.id for row in roster.bundle.rows(file) if row.line}


def grades_of(roster: Roster, before: Roster | None, today: date) -> dict[str, list[JsonRow]]:
    """The part for the gradebook: all of it, or the courses that a delta touches, each of these whole."""
    rows = Grades(roster).rows()
    if before is None:
        return rows
    was = Grades(before).rows()
    touched = _touched_courses(roster, rows, was)
    works = {row["id"]: row["course_id"] for row in (*was.get("works", ()), *rows.get("works", ()))}
    part = {kind: _changed(rows.get(kind, []), was.get(kind, [])) for kind in ("subjects", "kinds")}
    part["sessions"] = _changed_years(rows.get("sessions", []), was.get("sessions", []))
    for kind, name in OF_COURSES.items():
        part[kind] = [row for row in rows.get(kind, ()) if row[name] in touched]
    part["marks"] = [row for row in rows.get("marks", ()) if works[row["work_id"]] in touched]
    _add_gone(part, was, touched, works, today)
    part["works"] = [{**row, "partial": True} for row in part["works"]]
    order = ("sessions", "subjects", "courses", "members", "kinds", "works", "marks")
    return {kind: part[kind] for kind in order if part[kind]}


def _touched_courses(roster: Roster, rows: dict[str, list[JsonRow]], was: dict[str, list[JsonRow]]) -> set[str]:
    now, then = _by_course(rows), _by_course(was)
    named = {row["classSourcedId"] for row in roster.bundle.rows("enrollments") if row.line} | said(roster, "classes")
    ids = {str(roster.id_of("course", source_id)) for source_id in named}
    return {course_id for course_id in now if now[course_id] != then.get(course_id) or course_id in ids}


def _by_course(rows: dict[str, list[JsonRow]]) -> dict[str, list[JsonRow]]:
    """Course → everything that belongs to it."""
    found: dict[str, list[JsonRow]] = defaultdict(list)
    for kind, name in OF_COURSES.items():
        for row in rows.get(kind, ()):
            found[row[name]].append(row)
    courses = {row["id"]: row["course_id"] for row in rows.get("works", ())}
    for row in rows.get("marks", ()):
        found[courses[row["work_id"]]].append(row)
    return found


def _changed(now: list[JsonRow], was: list[JsonRow]) -> list[JsonRow]:
    before = {row["id"]: row for row in was}
    return [row for row in now if before.get(row["id"]) != row]


def _changed_years(now: list[JsonRow], was: list[JsonRow]) -> list[JsonRow]:
    """The years that have changed or of which a term has, each with all its terms."""
    return [row for row in now if _year(now, _key(row)) != _year(was, _key(row))]


def _key(row: JsonRow) -> str:
    return str(row["year_id"] or row["id"])


def _year(rows: Iterable[JsonRow], year_id: str) -> list[JsonRow]:
    return [row for row in rows if _key(row) == year_id]


def _add_gone(
    part: dict[str, list[JsonRow]], was: dict[str, list[JsonRow]], touched: set[str], works: dict[str, str], today: date
) -> None:
    """What has left touched courses: a result without value takes its mark back, and a membership ended yesterday.

    The gradebook ends what it misses only where the part has other results and members.
    """
    marks, columns = {row["id"] for row in part["marks"]}, {row["id"] for row in part["works"]}
    gone = [row for row in was.get("marks", ()) if works[row["work_id"]] in touched and row["id"] not in marks]
    part["marks"] += [{**row, "value": None, "status": "not submitted"} for row in gone]
    needed = {row["work_id"] for row in gone} - columns
    part["works"] += [row for row in was.get("works", ()) if row["id"] in needed]
    if part["members"]:
        return
    yesterday = (today - timedelta(days=1)).isoformat()
    for row in was.get("members", ()):
        if row["course_id"] in touched and row["since"] <= yesterday:
            part["members"].append({**row, "until": min(row["until"] or yesterday, yesterday)})


_ANY = uuid5(UUID(int=0), "any school")
