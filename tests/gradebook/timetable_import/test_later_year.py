"""A file of a timetable for another year than the present one: classes are known by their names of that year."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from cli.building import calendar, write
from contracts.gradebook.courses import Courses
from contracts.gradebook.subjects import Subjects
from contracts.gradebook.timetable import Timetable
from kernel.errors import Invalid
from services.gradebook.timetable_import.tables import TimetableName
from tests.gradebook.timetable_import.conftest import Importing
from tests.gradebook.timetable_import.files import sheet
from tests.kit.people import TODAY

SPAN = (TODAY + timedelta(days=265), TODAY + timedelta(days=500))
ROWS = [
    [None, None, '9 "А" класс', None, '10 "А" класс', None],
    ["ПОНЕДЕЛЬНИК", 1, "Алгебра", "214", "Физика", "215"],
]
GROUPS = {"group_name": "группа {number}"}


def later_year(importing: Importing) -> UUID:
    """A year that is prepared after the present one."""
    year_id = uuid7()
    write(importing.town.gradebook.unit_of_work, importing.id, calendar.year(year_id, SPAN, {uuid7(): SPAN}))
    return year_id


def course(importing: Importing, year_id: UUID, class_id: str, grade: int) -> dict[str, Any]:
    subjects = {one["name"]: one["id"] for one in importing.call(Subjects.subjects)["subjects"]}
    subject_id = subjects.get("Алгебра") or importing.call(Subjects.add_subject, name="Алгебра")["id"]
    wanted = {"year_id": year_id, "subject_id": subject_id, "class_id": class_id, "grade": grade}
    return importing.call(Courses.make_course, **wanted, title=f"Алгебра, {grade}А")


def classes_of(read: dict[str, Any]) -> dict[str, tuple[str, str | None, str | None]]:
    return {one["name"]: (one["found"], one["means"], one["id"]) for one in read["names"] if one["kind"] == "class"}


def test_a_class_is_known_by_its_name_of_that_year_and_its_course_is_found(importing: Importing) -> None:
    classes, year_id = importing.classes("8А", "9А", "11А"), later_year(importing)
    algebra = course(importing, year_id, classes["8А"], 9)
    file, of_year = importing.hand_in(sheet(ROWS)), {"year_id": year_id, "from_date": SPAN[0]}
    read = importing.read(file, **of_year)
    assert classes_of(read) == {
        "9А": ("same", "known", classes["8А"]), "10А": ("same", "known", classes["9А"]),
    }  # fmt: skip
    importing.take(file, importing.new(read), version=0, **of_year, **GROUPS)
    made = importing.call(Courses.courses, year_id=year_id)["courses"]
    assert {(one["title"], one["grade"], one["class_id"]) for one in made} == {
        ("Алгебра, 9А", 9, classes["8А"]), ("Физика 10А", 10, classes["9А"]),
    }  # fmt: skip
    week = importing.call(Timetable.timetable, year_id=year_id, date=SPAN[0], class_id=classes["8А"])
    assert [one["course_id"] for one in week["entries"]] == [algebra["id"]]


def test_the_present_year_knows_classes_by_their_names_of_today(importing: Importing) -> None:
    classes = importing.classes("9А", "10А")
    later_year(importing)
    found = classes_of(importing.read(importing.hand_in(sheet(ROWS))))
    assert [one[2] for one in found.values()] == [classes["9А"], classes["10А"]]


def test_a_name_that_no_class_or_several_have_then_is_asked_and_no_class_is_made(importing: Importing) -> None:
    classes, year_id = importing.classes("8А", "9А"), later_year(importing)
    for class_id in classes.values():  # an import has moved one of them up already
        course(importing, year_id, class_id, 9)
    file, of_year = importing.hand_in(sheet(ROWS)), {"year_id": year_id, "from_date": SPAN[0], **GROUPS}
    read = importing.read(file, unknown_is_new=True, **of_year)
    assert classes_of(read) == {
        "9А": ("several", None, None), "10А": ("not-then", None, None),
    }  # fmt: skip
    assert read["open"] == 2
    new = [*importing.new(read), {"kind": "class", "name": "10А", "means": "new"}]
    assert importing.read(file, new, **of_year)["counts"]["new_classes"] == 0
    with pytest.raises(Invalid) as refused:
        importing.take(file, new, version=0, **of_year)
    assert refused.value.rule == "names-open"


def test_what_a_class_was_called_in_a_file_of_one_year_says_nothing_of_another(importing: Importing) -> None:
    classes = importing.classes("8А", "9А", "10А")
    year_id, file = later_year(importing), importing.hand_in(sheet(ROWS))
    importing.take(file, importing.new(importing.read(file)), **GROUPS)
    of_year = {"year_id": year_id, "from_date": SPAN[0]}
    read = importing.read(file, **of_year)
    assert [one[2] for one in classes_of(read).values()] == [classes["8А"], classes["9А"]]
    importing.take(file, importing.new(read), version=0, **of_year, **GROUPS)
    with importing.town.gradebook.unit_of_work.of(importing.id) as session:
        rows = session.execute(select(TimetableName.name, TimetableName.target_id).where(TimetableName.kind == "class"))
        assert {str(row.target_id) for row in rows} == {classes["9А"], classes["10А"]}
