"""A bundle's rows, and what they say about schools, users' roles in them, and school years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

SCHOOL = "school"
YEAR = "schoolYear"


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

    def spans(self, year: str) -> list[tuple[date, date]]:
        """First and last days of the terms of a school year; of the year itself if it has no terms."""
        rows = [row for row in self.rows("academicSessions") if self.year_of(row.id) == year]
        terms = [row for row in rows if row["type"] != YEAR] or rows
        return [(date.fromisoformat(row["startDate"]), date.fromisoformat(row["endDate"])) for row in terms]

    def year_starts(self, year: str) -> date:
        """The first day of a school year."""
        days = [row.day("startDate") for row in self.rows("academicSessions") if self.year_of(row.id) == year]
        return min(day for day in days if day is not None)

    def class_starts(self, row: Row) -> date:
        """The first day of a class's enrolments for which the bundle gives no date."""
        days = [day for term in self.terms_of(row) if (day := term.day("startDate")) is not None]
        if days:
            return min(days)
        year = self.year_of_class(row)
        assert year is not None, "the checker has found the year of every class"
        return self.year_starts(year)
