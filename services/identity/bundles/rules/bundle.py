"""A bundle's rows, and what they say about schools, users' roles in them, and school years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from services.identity.bundles.rules.columns import HOMEROOM, STUDENT_ROLE
from services.identity.bundles.rules.divisions import Divided, Division, Session, divided, division_by_grade
from services.identity.classes.rules import grade_of

SCHOOL = "school"
YEAR = "schoolYear"
#: The cell that says that a row stands in no file: it was made of what others say.
MADE = "made"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a file. Columns that the file lacks are empty."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells[name]

    @property
    def id(self) -> str:
        """The row's sourcedId."""
        return self.cells["sourcedId"]

    def day(self, name: str) -> date | None:
        """The date in a column."""
        return date.fromisoformat(self.cells[name]) if self.cells[name] else None


def several(cell: str) -> list[str]:
    """The comma-separated values of a cell."""
    return [part for value in cell.split(",") if (part := value.strip())]


@dataclass
class Bundle:
    """The rows of each file that the manifest calls bulk, without those marked as deleted."""

    tables: dict[str, list[Row]]
    today: date
    _by_id: dict[str, dict[str, Row]] = field(default_factory=dict)
    _groups: dict[tuple[str, str], dict[str, list[Row]]] = field(default_factory=dict)
    _divisions: dict[str, Division | None] = field(default_factory=dict)

    def rows(self, file: str) -> list[Row]:
        """The rows of a file; empty if the file is absent."""
        return self.tables.get(file, [])

    def keep(self, file: str, condition: Callable[[Row], bool]) -> None:
        """Keep the rows of a file that meet a condition."""
        if file in self.tables:
            self.tables[file] = [row for row in self.tables[file] if condition(row)]
            self._by_id.pop(file, None)
            for key in [key for key in self._groups if key[0] == file]:
                del self._groups[key]

    def by_id(self, file: str) -> dict[str, Row]:
        """The rows of a file by sourcedId."""
        if file not in self._by_id:
            self._by_id[file] = {row.id: row for row in self.rows(file)}
        return self._by_id[file]

    def grouped(self, file: str, column: str) -> dict[str, list[Row]]:
        """The rows of a file, grouped by the value of a column."""
        if (file, column) not in self._groups:
            groups = self._groups[file, column] = defaultdict(list)
            for row in self.rows(file):
                groups[row[column]].append(row)
        return self._groups[file, column]

    def ancestors(self, file: str, source_id: str) -> Iterator[Row]:
        """A row, its parent, the parent's parent …; stops at a cycle."""
        seen: set[str] = set()
        while source_id in self.by_id(file) and source_id not in seen:
            seen.add(source_id)
            row = self.by_id(file)[source_id]
            yield row
            source_id = row["parentSourcedId"]

    @cached_property
    def schools(self) -> list[Row]:
        """The orgs that are schools."""
        return [row for row in self.rows("orgs") if row["type"] == SCHOOL]

    def school_of(self, org_id: str) -> str | None:
        """The sourcedId of the school that an org is or is part of."""
        return next((row.id for row in self.ancestors("orgs", org_id) if row["type"] == SCHOOL), None)

    @cached_property
    def places(self) -> dict[str, dict[str, set[str]]]:
        """User → school → roles held there today. Users of no school, such as a district's, are left out."""
        places: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for user in self.rows("users"):
            for org_id in several(user["orgSourcedIds"]):
                if (school := self.school_of(org_id)) and user["role"]:
                    places[user.id][school].add(user["role"])
        for row in self.rows("roles"):
            begin, end = row.day("beginDate"), row.day("endDate")
            over = (begin is not None and begin > self.today) or (end is not None and end < self.today)
            if not over and (school := self.school_of(row["orgSourcedId"])):
                places[row["userSourcedId"]][school].add(row["role"])
        return places

    @cached_property
    def users_by_school(self) -> dict[str, list[Row]]:
        """School → the users who hold a role in it."""
        users: dict[str, list[Row]] = defaultdict(list)
        for user in self.rows("users"):
            for school in self.places.get(user.id, ()):
                users[school].append(user)
        return users

    @cached_property
    def classes_by_school(self) -> dict[str, list[Row]]:
        """School → its classes, both homerooms and courses."""
        classes: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows("classes"):
            if school := self.school_of(row["schoolSourcedId"]):
                classes[school].append(row)
        return classes

    def year_of(self, session_id: str) -> str | None:
        """The key of a session's school year: the id of its `schoolYear` session, else `year <number>`."""
        chain = list(self.ancestors("academicSessions", session_id))
        year = next((row.id for row in chain if row["type"] == YEAR), None)
        if year is not None or not chain:
            return year
        number = chain[0]["schoolYear"]
        same = [r.id for r in self.rows("academicSessions") if r["type"] == YEAR and r["schoolYear"] == number]
        return same[0] if same else f"year {number}"

    def terms_of(self, row: Row) -> list[Row]:
        """The sessions that a class refers to."""
        return [self.by_id("academicSessions")[term] for term in several(row["termSourcedIds"])]

    def year_of_class(self, row: Row) -> str | None:
        """The school year of a class: of its first session, else of its course, else the bundle's only year."""
        for term in several(row["termSourcedIds"]):
            return self.year_of(term)
        course = self.by_id("courses")[row["courseSourcedId"]]
        if course["schoolYearSourcedId"]:
            return self.year_of(course["schoolYearSourcedId"])
        years = {self.year_of(session.id) for session in self.rows("academicSessions")}
        return years.pop() if len(years) == 1 else None

    @cached_property
    def sessions_by_year(self) -> dict[str, list[Row]]:
        """School year → its sessions, the row of the year itself among them."""
        years: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows("academicSessions"):
            if year := self.year_of(row.id):
                years[year].append(row)
        return years

    @cached_property
    def divided(self) -> dict[str, Divided]:
        """School year → its divisions into terms."""
        named: dict[str, list[list[str]]] = defaultdict(list)
        for row in self.rows("classes"):
            if year := self.year_of_class(row):
                named[year].append(several(row["termSourcedIds"]))
        return {
            year: divided((_session(row) for row in rows if row["type"] != YEAR), named[year])
            for year, rows in self.sessions_by_year.items()
        }

    def division_of(self, row: Row) -> Division | None:
        """The division of its year by which a class goes; None for a year without terms.

        It is the one that the class names, else the one that the homerooms of its students name; of several, the one
        of its grade.
        """
        if row.id not in self._divisions:
            options = self.divisions_open_to(row)
            grade = self.grade_of_class(row) if len(options) > 1 else None
            self._divisions[row.id] = division_by_grade(options, grade)
        return self._divisions[row.id]

    def divisions_open_to(self, row: Row) -> Sequence[Division]:
        """The divisions between which the grade of a class decides; one, if the bundle says which."""
        year = self.year_of_class(row)
        divisions = self.divided[year].divisions if year in self.divided else ()
        for naming in ([row], [self.by_id("classes")[one] for one in self._homerooms_of(row)]):
            ids = {source_id for one in naming for source_id in several(one["termSourcedIds"])}
            if named := [one for one in divisions if not ids.isdisjoint(session.id for session in one.sessions)]:
                return named
        return divisions

    def grade_of_class(self, row: Row) -> int | None:
        """The grade of a class: its own, else the only one of its students' homerooms."""
        own = grade_of(tuple(several(row["grades"])), row["title"] if row["classType"] == HOMEROOM else "")
        if own is not None:
            return own
        homerooms = [self.by_id("classes")[one] for one in self._homerooms_of(row)]
        grades = {grade_of(tuple(several(one["grades"])), one["title"]) for one in homerooms}
        return grades.pop() if len(grades) == 1 else None

    def _homerooms_of(self, row: Row) -> set[str]:
        """The homerooms that the students of a class are enrolled in."""
        members = self.grouped("enrollments", "classSourcedId").get(row.id, ())
        students = {one["userSourcedId"] for one in members if one["role"] == STUDENT_ROLE}
        return {homeroom for student in students for homeroom in self._homerooms_of_student.get(student, ())}

    @cached_property
    def _homerooms_of_student(self) -> dict[str, set[str]]:
        homerooms: dict[str, set[str]] = defaultdict(set)
        classes = self.by_id("classes")
        for one in self.rows("enrollments"):
            if one["role"] == STUDENT_ROLE and classes[one["classSourcedId"]]["classType"] == HOMEROOM:
                homerooms[one["userSourcedId"]].add(one["classSourcedId"])
        return homerooms

    def spans_of_class(self, row: Row) -> list[tuple[date, date]]:
        """First and last days of the terms by which a class goes; of its year if that has no terms."""
        if division := self.division_of(row):
            return [(one.starts_on, one.ends_on) for one in division.sessions]
        rows = self.sessions_by_year.get(self.year_of_class(row) or "", ())
        return [(date.fromisoformat(one["startDate"]), date.fromisoformat(one["endDate"])) for one in rows]

    def year_starts(self, year: str) -> date:
        """The first day of a school year."""
        days = [row.day("startDate") for row in self.sessions_by_year[year]]
        return min(day for day in days if day is not None)

    def class_starts(self, row: Row) -> date:
        """The first day of a class's enrolments for which the bundle gives no date."""
        days = [day for term in self.terms_of(row) if (day := term.day("startDate")) is not None]
        if days:
            return min(days)
        year = self.year_of_class(row)
        assert year is not None, "the checker has found the year of every class"
        return self.year_starts(year)


def _session(row: Row) -> Session:
    starts_on, ends_on = date.fromisoformat(row["startDate"]), date.fromisoformat(row["endDate"])
    return Session(row.id, row.line, row["type"], row["title"], starts_on, ends_on)
