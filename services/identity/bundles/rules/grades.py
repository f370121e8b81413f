"""One school's part of a bundle for the gradebook, as rows that identity's README.md describes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from contracts.gradebook.calendar import WHOLE_YEAR
from services.identity.bundles.rules.bundle import MADE, YEAR, Row, several
from services.identity.bundles.rules.columns import HOMEROOM, STUDENT_ROLE
from services.identity.bundles.rules.roster import Roster
from services.identity.classes.rules import grade_of

#: Kind → the file that its rows come from.
KINDS = {
    "sessions": "academicSessions",
    "subjects": "courses",
    "courses": "classes",
    "members": "enrollments",
    "kinds": "categories",
    "works": "lineItems",
    "marks": "results",
}
NUMBER = re.compile(r"-?\d+([.,]\d+)?", re.ASCII)
JsonRow = dict[str, Any]


def plain_number(text: str) -> str | None:
    """A number without trailing zeros, other text unchanged, None for an empty text. A comma is a decimal point."""
    if not NUMBER.fullmatch(text):
        return text or None
    return format(Decimal(text.replace(",", ".")).normalize(), "f")


@dataclass
class Grades:
    """One school's part for the gradebook."""

    roster: Roster

    def rows(self) -> dict[str, list[JsonRow]]:
        """Kind → rows, for the kinds that the bundle has a file for."""
        return {kind: list(getattr(self, kind)()) for kind, file in KINDS.items() if file in self.roster.bundle.tables}

    def _id(self, kind: str, source_id: str) -> str:
        return str(self.roster.id_of(kind, source_id))

    def sessions(self) -> Iterator[JsonRow]:
        """Years, then the terms of all their divisions. A year without terms gets one term that spans it."""
        spans: list[JsonRow] = []
        terms: list[JsonRow] = []
        for year, rows in self.roster.bundle.sessions_by_year.items():
            own = next((row for row in rows if row["type"] == YEAR), None)
            shown = [own] if own else rows
            whole = {
                "title": own["title"] if own else _title_of_year(year),
                "starts_on": min(_day(row, "startDate") for row in shown),
                "ends_on": max(_day(row, "endDate") for row in shown),
            }
            spans.append({"id": self._id("year", year), "type": "year", "year_id": None, **whole})
            terms += self._terms(year) or [self._term(year, year, WHOLE_YEAR, **whole)]
        yield from map(_dated, _without_shared_days(spans))
        yield from map(_dated, terms)

    def _terms(self, year: str) -> list[JsonRow]:
        """The terms of a year, division by division."""
        terms: list[JsonRow] = []
        for division in self.roster.bundle.divided[year].divisions:
            terms += _without_shared_days(
                [
                    self._term(
                        one.id, year, division.key, title=one.title, starts_on=one.starts_on, ends_on=one.ends_on
                    )
                    for one in division.sessions
                ]
            )
        return terms

    def _term(self, source_id: str, year: str, division: str, **span: Any) -> JsonRow:
        return {
            "id": self._id("term", source_id),
            "type": "term",
            "year_id": self._id("year", year),
            "division": division,
            **span,
        }

    def subjects(self) -> Iterator[JsonRow]:
        """The bundle's courses that the school teaches or owns."""
        bundle = self.roster.bundle
        taught = {row["courseSourcedId"] for row in self._courses}
        for row in bundle.rows("courses"):
            if row.id in taught or bundle.school_of(row["orgSourcedId"]) == self.roster.school:
                yield {"id": self._id("subject", row.id), "name": row["title"], "guessed": MADE in row.cells}

    @cached_property
    def _courses(self) -> list[Row]:
        """The bundle's classes that are taught: all but the homerooms without line items."""
        bundle = self.roster.bundle
        marked = bundle.grouped("lineItems", "classSourcedId")
        classes = bundle.classes_by_school.get(self.roster.school, ())
        return [row for row in classes if row["classType"] != HOMEROOM or row.id in marked]

    def courses(self) -> Iterator[JsonRow]:
        """Courses. `class_id` is set if all students of the course share a class."""
        classes = self.roster.classes
        for row in self._courses:
            students = {
                self.roster.person_id(member["userSourcedId"])
                for member in self.roster.members_of(row.id, STUDENT_ROLE)
            }
            shared = {self.roster.class_of_student.get(student_id) for student_id in students}
            class_id = shared.pop() if len(shared) == 1 else None
            grade = grade_of(tuple(several(row["grades"])), "")
            year = self.roster.bundle.year_of_class(row)
            assert year is not None, "the checker has found the year of every class"
            yield {
                "id": self._id("course", row.id),
                "title": row["title"],
                "subject_id": self._id("subject", row["courseSourcedId"]),
                "year_id": self._id("year", year),
                "class_id": str(class_id) if class_id else None,
                "division": division.key if (division := self.roster.bundle.division_of(row)) else WHOLE_YEAR,
                "grade": classes[class_id]["grade"] if grade is None and class_id else grade,
                "teacher_ids": [str(teacher_id) for teacher_id in self.roster.teachers(row.id)],
            }

    def members(self) -> Iterator[JsonRow]:
        """Students' memberships in courses, without duplicates."""
        for row in self._courses:
            starts = self.roster.bundle.class_starts(row)
            seen = set()
            for member in self.roster.members_of(row.id, STUDENT_ROLE):
                until = member.day("endDate")
                since = member.day("beginDate") or min(starts, until or starts)
                student_id = str(self.roster.person_id(member["userSourcedId"]))
                if (student_id, since) in seen:
                    continue
                seen.add((student_id, since))
                yield {
                    "course_id": self._id("course", row.id),
                    "student_id": student_id,
                    "since": since.isoformat(),
                    "until": until.isoformat() if until else None,
                    "dated": bool(member["beginDate"]),
                }

    def kinds(self) -> Iterator[JsonRow]:
        """Kinds of work."""
        for row in self.roster.bundle.rows("categories"):
            yield {
                "id": self._id("kind", row.id),
                "name": row["title"],
                "weight": plain_number(row["weight"]),
                "line": row.line,
            }

    def works(self) -> Iterator[JsonRow]:
        """Line items, each repeated as often as one student has results in it."""
        most: dict[str, int] = defaultdict(int)
        for item_id, ordinal in self._ordinals().values():
            most[item_id] = max(most[item_id], ordinal)
        for item in self._items:
            kind = item["categorySourcedId"]
            for ordinal in range(most[item.id] + 1):
                yield {
                    "id": self._work_id(item.id, ordinal),
                    "course_id": self._id("course", item["classSourcedId"]),
                    "kind_id": self._id("kind", kind) if kind else None,
                    "date": item["dueDate"] or item["assignDate"],
                    "title": item["title"],
                    "min": plain_number(item["resultValueMin"]),
                    "max": plain_number(item["resultValueMax"]),
                    "source_id": item.id,
                    "line": item.line,
                }

    @cached_property
    def _items(self) -> list[Row]:
        by_class = self.roster.bundle.grouped("lineItems", "classSourcedId")
        return [item for course in self._courses for item in by_class.get(course.id, ())]

    @cached_property
    def _results(self) -> list[Row]:
        by_item = self.roster.bundle.grouped("results", "lineItemSourcedId")
        return [row for item in self._items for row in by_item.get(item.id, ())]

    def _ordinals(self) -> dict[str, tuple[str, int]]:
        """Result → its line item and its ordinal (from 0, by sourcedId) among the student's results in it."""
        seen: dict[tuple[str, str], int] = defaultdict(int)
        ordinals = {}
        for row in sorted(self._results, key=lambda row: (len(row.id), row.id)):
            place = (row["lineItemSourcedId"], row["studentSourcedId"])
            ordinals[row.id] = (place[0], seen[place])
            seen[place] += 1
        return ordinals

    def _work_id(self, item_id: str, ordinal: int) -> str:
        return self._id("work", f"{item_id}:{ordinal}" if ordinal else item_id)

    def marks(self) -> Iterator[JsonRow]:
        """Results, each with the work that it belongs to."""
        ordinals = self._ordinals()
        for row in self._results:
            yield {
                "id": self._id("result", row.id),
                "work_id": self._work_id(*ordinals[row.id]),
                "student_id": str(self.roster.person_id(row["studentSourcedId"])),
                "value": plain_number(row["score"] or row["textScore"]),
                "status": row["scoreStatus"],
                "comment": row["comment"],
                "date": row["scoreDate"] or None,
                "line": row.line,
            }


def _day(row: Row, name: str) -> date:
    return date.fromisoformat(row[name])


def _title_of_year(key: str) -> str:
    """The title `2026/2027` of the key `year 2027`, for a year without a row in the bundle."""
    number = int(key.rpartition(" ")[2])
    return f"{number - 1}/{number}"


def _without_shared_days(spans: list[JsonRow]) -> list[JsonRow]:
    """Sort spans, and end a span one day earlier if another starts on its last day: both ends are inclusive."""
    starts = {span["starts_on"] for span in spans}
    for span in spans:
        if span["ends_on"] in starts - {span["starts_on"]}:
            span["ends_on"] -= timedelta(days=1)
    return sorted(spans, key=lambda span: (span["starts_on"], span["ends_on"], span["id"]))


def _dated(span: JsonRow) -> JsonRow:
    return {**span, "starts_on": span["starts_on"].isoformat(), "ends_on": span["ends_on"].isoformat()}
