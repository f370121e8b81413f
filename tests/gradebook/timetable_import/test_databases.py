"""Taking a file on both kinds of database: what is written by many rows at once, in as many statements as for few."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from cli.building.fet import fet
from contracts.gradebook.courses import Courses
from contracts.gradebook.subjects import Subjects
from contracts.gradebook.timetable import Timetable
from kernel.data.database import UnitOfWork
from kernel.files.folder import FolderStore
from services.gradebook.timetable_import.tables import TimetableName
from tests.gradebook.timetable_import.conftest import Importing
from tests.kit.calls import statements
from tests.kit.databases import on_both
from tests.kit.people import TODAY
from tests.kit.town import Town

pytestmark = on_both


@pytest.fixture
def importing(town: Town, engine: Engine, tmp_path: Path) -> Importing:
    """A school whose gradebook is in this database."""
    town.gradebook.unit_of_work = UnitOfWork(engine, consumer="gradebook")
    town.gradebook.files = FolderStore(tmp_path / "files")
    return Importing(town)


def week(name: str, lessons: int, room: str = "") -> bytes:
    """A project with so many lessons of a class, each of a subject of its own, in a room of its own."""
    return fet(
        [
            (name, f"{name} {at}", "Осина А.Б.", at % 5 + 1, at // 5 + 1, room or f"{name} {at}")
            for at in range(lessons)
        ]
    )  # fmt: skip


def taken(importing: Importing, content: bytes) -> dict[str, Any]:
    file = importing.hand_in(content)
    return importing.take(file, importing.new(importing.read(file)))


def test_a_file_is_taken_changed_and_taken_back(importing: Importing) -> None:
    (class_id,) = importing.classes("5А").values()
    student = importing.person("student", name="Волков Тимур")
    importing.enrol(student, UUID(class_id))
    importing.identity.announce_moved()
    importing.town.carry()
    anna, peter = importing.teacher("Осина Анна Борисовна"), importing.teacher("Клён Пётр Петрович")
    subject = importing.call(Subjects.add_subject, name="5А 0")
    ended = {"teacher_id": anna, "since": TODAY - timedelta(days=60), "until": TODAY - timedelta(days=30)}
    course = importing.call(
        Courses.make_course, year_id=importing.year_id, subject_id=subject["id"], class_id=class_id,
        teachers=[{"teacher_id": peter}, ended],
    )  # fmt: skip
    done = taken(importing, week("5А", 12))
    assert (done["courses"], done["subjects"], done["teachers_joining"], done["added"]) == (11, 11, 1, 12)
    after = importing.call(Courses.course, course_id=course["id"])
    assert {one["teacher_id"]: one["until"] for one in after["teachers"]} == {str(anna): None, str(peter): None}
    made = next(one for one in importing.call(Courses.courses)["courses"] if one["subject"] == "5А 1")
    members = importing.call(Courses.course, course_id=made["id"])["members"]
    assert [one["student_id"] for one in members] == [str(student.person_id)]
    again = taken(importing, week("5А", 10, room="12"))
    assert (again["changed"], again["dropped"], again["courses"], again["version"]) == (10, 2, 0, 2)
    importing.town.carry()
    importing.call(Timetable.undo_timetable_edit, year_id=importing.year_id, edit=2)
    assert len(importing.timetable(class_id=class_id)["entries"]) == 12
    with importing.town.gradebook.unit_of_work.of(importing.id) as session:
        names = {(one.kind, one.name): one.target_id for one in session.scalars(select(TimetableName))}
    assert str(names["class", "5а"]) == class_id
    assert names["teacher", "осина а.б."] == anna


def test_a_name_that_means_something_else_is_remembered_anew(importing: Importing) -> None:
    importing.classes("5А")
    one, other = (importing.call(Subjects.add_subject, name=name)["id"] for name in ("Алгебра", "Геометрия"))
    file = importing.hand_in(fet([("5А", "Матем.", "", 1, 1, "")]))
    for subject in (one, other):
        importing.take(file, [{"kind": "subject", "name": "Матем.", "means": "known", "id": subject}])
        (found,) = [name for name in importing.read(file)["names"] if name["kind"] == "subject"]
        assert (found["found"], found["id"]) == ("remembered", subject)


def test_a_large_file_takes_as_many_statements_as_a_small_one(importing: Importing) -> None:
    importing.classes("5А", "5Б")
    importing.teacher("Осина Анна Борисовна")
    counts: dict[str, list[int]] = {"read": [], "take": []}
    for name, size in (("5А", 2), ("5Б", 40)):
        file = importing.hand_in(week(name, size))
        names = importing.new(importing.read(file))
        version = importing.timetable()["version"]
        with statements(importing.town.gradebook.unit_of_work.engine) as seen:
            importing.read(file, names)
        counts["read"].append(len(seen))
        with statements(importing.town.gradebook.unit_of_work.engine) as seen:
            importing.take(file, names, version=version)
        counts["take"].append(len(seen))
        importing.town.carry()
    assert counts["read"][0] == counts["read"][1] <= 12
    assert counts["take"][0] == counts["take"][1] <= 30
