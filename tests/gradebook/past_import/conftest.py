"""A school whose class 9А was 8А a year ago, and what tests do with files of its past."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from cli.building import marks, people, write
from contracts.gradebook.courses import Courses
from contracts.gradebook.past_import import LARGEST_PAST, PastImports
from contracts.gradebook.subjects import Subjects
from contracts.gradebook.term_marks import TermMarks
from contracts.identity.classes import ClassesChanged
from contracts.identity.people import StudentsChanged
from kernel.auth import Actor
from kernel.clock import now
from kernel.contract import Rpc
from kernel.files import kinds
from kernel.files.folder import FolderStore
from kernel.files.store import Place, take
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.courses.tables import Course, CourseMember
from services.gradebook.term_marks.tables import TermMark
from services.identity.people import tables as people_tables
from services.identity.service import IdentityService
from tests.gradebook.past_import.files import Card, cards
from tests.kit.calls import call, deliver
from tests.kit.people import TODAY, PeopleOfSchool, id_of
from tests.kit.town import Town

#: The year before the present one, from September to May.
FIRST = date(TODAY.year - 1 if TODAY.month >= 9 else TODAY.year - 2, 9, 1)
LAST = date(FIRST.year + 1, 5, 31)
PRINTED = f"{FIRST.year}/{LAST.year}"
#: The last days of its quarters.
ENDS = (date(FIRST.year, 10, 28), date(FIRST.year, 12, 29), date(LAST.year, 3, 20), LAST)
DOCUMENT = "Табель АСУ РСО от 01.06"
NAMES = ("Осина Анна", "Клён Борис", "Берёза Вера")


@dataclass
class Past(PeopleOfSchool):
    """A school of one class, into whose past files are taken."""

    town: Town
    id: UUID = field(default_factory=uuid7)
    class_id: UUID = field(default_factory=uuid7)
    year_id: UUID = field(default_factory=uuid7)
    present_year_id: UUID = field(default_factory=uuid7)
    terms: list[UUID] = field(default_factory=lambda: [uuid7() for _ in ENDS])
    students: dict[str, Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.create_school()
        self.methodologist, self.director = self.person("methodologist", name="Быкова Мила"), self.person("director")
        self.teacher = self.person("teacher", name="Дубов Олег")
        self.add(people.school_class(self.class_id, "9А", 9, id_of(self.teacher)))
        for name in NAMES:
            self.student(name)
        self.mother = self.person("parent", name="Осина Юлия")
        self.guardian(self.mother, self.students[NAMES[0]], "portal")
        self._years()
        self.tell()

    def _years(self) -> None:
        spans = [(self.year_id, FIRST, LAST), (self.present_year_id, FIRST + timedelta(365), TODAY + timedelta(200))]
        years = [
            {"id": key, "title": f"{first.year}/{last.year}", "starts_on": first, "ends_on": last}
            for key, first, last in spans
        ]
        begins = (FIRST, *(day + timedelta(1) for day in ENDS[:-1]))
        terms = [
            {
                "id": key, "year_id": self.year_id, "title": f"{number}-я четверть", "division": "quarters",
                "starts_on": first, "ends_on": last,
            }
            for number, (key, first, last) in enumerate(zip(self.terms, begins, ENDS, strict=True), 1)
        ]  # fmt: skip
        rows = [(calendar_tables.Year, years), (calendar_tables.Term, terms), *marks.kinds(uuid7())]
        write(self.town.gradebook.unit_of_work, self.id, rows)

    @property
    def identity(self) -> IdentityService:
        return self.town.identity

    def student(self, name: str) -> Actor:
        """A student of the class, «Осина Анна» or with a patronymic."""
        actor = self.person("student", name=name)
        self.students[name] = actor
        self.enrol(actor, self.class_id)
        with self.identity.unit_of_work.of(self.id) as session:
            session.get_one(people_tables.Person, (self.id, actor.person_id)).class_id = self.class_id
        return actor

    def tell(self) -> None:
        """The gradebook hears of the class and its students."""
        ids = tuple(id_of(one) for one in self.students.values())
        deliver(self.town.gradebook, StudentsChanged(batch_id=uuid7(), student_ids=ids), self.id)
        deliver(self.town.gradebook, ClassesChanged(batch_id=uuid7(), class_ids=(self.class_id,)), self.id)

    def call(self, method: Rpc, actor: Actor | None = None, **command: Any) -> dict[str, Any]:
        service = self.town.identity if method.service == "identity" else self.town.gradebook
        return call(service, method, actor or self.methodologist, **command)

    def subject(self, name: str) -> str:
        return str(self.call(Subjects.add_subject, name=name)["id"])

    def course(self, subject_id: str, *names: str, since: date = FIRST, group: str = "") -> str:
        """A course of the past year, whose members are these students."""
        made = self.call(
            Courses.make_course, year_id=self.year_id, subject_id=subject_id, class_id=self.class_id, grade=8,
            group_name=group, title=f"Алгебра 8А{group}", teachers=[{"teacher_id": id_of(self.teacher)}],
        )  # fmt: skip
        with self.town.gradebook.unit_of_work.of(self.id) as session:
            for row in session.query(CourseMember).where(CourseMember.course_id == UUID(made["id"])):
                session.delete(row)
        rows = [
            {"id": uuid7(), "course_id": UUID(made["id"]), "student_id": id_of(self.students[name]), "since": since,
             "until": None}
            for name in names
        ]  # fmt: skip
        write(self.town.gradebook.unit_of_work, self.id, [(CourseMember, rows)] if rows else [])
        return str(made["id"])

    def hand_in(self, content: bytes) -> str:
        place = Place(PastImports.service, self.id)
        allowed, store = {kinds.ZIP, kinds.TEXT}, self.town.gradebook.files
        return take(store, place, [content], largest=LARGEST_PAST, allowed=allowed, field="file").sha256

    def cards(self, students: dict[str, Card], **more: str) -> str:
        """A file of report cards of the past year, handed in."""
        return self.hand_in(cards(students, **{"year": PRINTED, **more}))

    def read(self, file: str, names: Iterable[dict[str, Any]] = (), **more: Any) -> dict[str, Any]:
        return self.call(PastImports.read_past_file, file=file, names=list(names), **more)

    def take(self, file: str, names: Iterable[dict[str, Any]] = (), **more: Any) -> dict[str, Any]:
        """Take a file as it is shown now."""
        said = list(names)
        digest = more.pop("shown", None) or self.read(file, said, **more)["shown"]
        command = {"file": file, "names": said, "shown": digest, "document": DOCUMENT, **more}
        return self.call(PastImports.take_past_file, **command)

    def undo(self, import_id: str) -> dict[str, Any]:
        return self.call(PastImports.undo_past_import, import_id=import_id)

    def set_term_mark(self, name: str, term_id: UUID) -> None:
        """A person set a mark of the term, by whatever the term's marks were opened."""
        with self.town.gradebook.unit_of_work.of(self.id) as session:
            course_id = session.scalars(select(Course.id).where(Course.year_id == self.year_id)).one()
        row = {
            "id": uuid7(), "course_id": course_id, "term_id": term_id, "kind": "term", "value": "5", "reason": "",
            "student_id": id_of(self.students[name]), "comment": "", "version": 1, "set_by": id_of(self.teacher),
            "set_at": now(),
        }  # fmt: skip
        write(self.town.gradebook.unit_of_work, self.id, [(TermMark, [row])])

    def marks(self, actor: Actor | None = None, name: str = NAMES[0]) -> dict[tuple[str, int, str], str]:
        """What the family sees: title, number of the term and kind → value."""
        found = self.call(
            TermMarks.student_term_marks, actor or self.mother, student_id=id_of(self.students[name])
        )  # fmt: skip
        number = {str(key): place for place, key in enumerate(self.terms, 1)}
        return {
            (one["title"], number[mark["term_id"]], mark["kind"]): mark["value"]
            for one in found["subjects"]
            for mark in one["marks"]
        }


def new(read: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    """The subjects of a file that are not there are new, or those of these names."""
    return [
        {"kind": "subject", "name": one["name"], "means": "new"}
        for one in read["names"]
        if one["kind"] == "subject" and (one["name"] in names if names else one["found"] == "unknown")
    ]


@pytest.fixture
def past(town: Town, tmp_path: Path) -> Past:
    town.gradebook.files = FolderStore(tmp_path / "files")
    return Past(town)
