"""What an undone file made goes with it, as far as nothing stands on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from cli.building import write
from contracts.gradebook.classrooms import Classrooms
from contracts.gradebook.courses import Courses
from contracts.gradebook.subjects import Subjects
from contracts.gradebook.timetable import Timetable
from kernel.clock import now
from kernel.errors import Forbidden
from services.gradebook.calendar.tables import Term
from services.gradebook.lessons.tables import Lesson
from services.gradebook.term_marks.tables import TermMark
from tests.gradebook.timetable_import.conftest import Importing
from tests.gradebook.timetable_import.files import sheet
from tests.kit.jobs import carry_out_due

GROUPS = {"group_name": "группа {number}"}


def taken(importing: Importing) -> dict[str, Any]:
    """A sheet taken into a school that has the classes, with everything else made new."""
    file = importing.hand_in(sheet())
    return importing.take(file, importing.new(importing.read(file)), **GROUPS)


def undone(importing: Importing, edit: int = 1, **more: Any) -> dict[tuple[str, str], str]:
    """Kind and name → why it stays, of all that a file made whose edit is taken back; empty for what was removed."""
    command = {"year_id": importing.year_id, "edit": edit, "with_made": True, "despite_collisions": True, **more}
    done = importing.call(Timetable.undo_timetable_edit, **command)
    return {(one["kind"], one["name"]): one["stays"] for one in done["made"]}


def kept(importing: Importing) -> tuple[int, int, int]:
    """How many courses, subjects and classrooms there are."""
    courses = importing.call(Courses.courses, year_id=importing.year_id)["courses"]
    subjects = importing.call(Subjects.subjects)["subjects"]
    return len(courses), len(subjects), len(importing.call(Classrooms.classrooms)["classrooms"])


def test_what_an_undone_file_made_goes_with_it_where_nothing_stands_on_it(importing: Importing) -> None:
    importing.classes("5А", "5Б")
    taken(importing)
    carry_out_due(importing.town.gradebook)
    had = kept(importing)
    edits = importing.call(Timetable.timetable_edits, year_id=importing.year_id)["edits"]
    assert [one["made"] for one in edits] == [sum(had)]
    assert min(had) > 1
    found = undone(importing)
    assert set(found.values()) == {""}
    assert len(found) == sum(had)
    assert kept(importing) == (0, 0, 0)
    carry_out_due(importing.town.gradebook)
    with importing.town.gradebook.unit_of_work.of(importing.id) as session:
        assert session.scalars(select(Lesson.id)).all() == []
    taken(importing)
    assert kept(importing) == had, "the file can be taken once more"


def test_without_being_asked_for_what_a_file_made_stays(importing: Importing) -> None:
    importing.classes("5А", "5Б")
    taken(importing)
    had = kept(importing)
    assert undone(importing, with_made=False) == {}
    assert kept(importing) == had


def test_what_something_stands_on_stays_and_it_is_told_why(importing: Importing) -> None:
    importing.classes("5А", "5Б")
    taken(importing)
    gradebook = importing.town.gradebook
    carry_out_due(gradebook)
    courses = {one["title"]: one for one in importing.call(Courses.courses, year_id=importing.year_id)["courses"]}
    entered, changed = courses["Матем. 5А"], courses["Матем. 5Б"]
    with gradebook.unit_of_work.of(importing.id) as session:
        first = select(Lesson.id).where(Lesson.course_id == UUID(entered["id"])).limit(1).scalar_subquery()
        session.execute(update(Lesson).where(Lesson.id == first).values(topic="Дроби", version=2))
    renamed = {"course_id": changed["id"], "version": changed["version"], "title": "Математика 5Б"}
    importing.call(Courses.change_course, **renamed)
    found = undone(importing)
    stays = {key: why for key, why in found.items() if why}
    assert stays["course", "Матем. 5А"] == "entered"
    assert stays["course", "Математика 5Б"] == "changed-since"
    assert stays["subject", "Матем."] == "in-use"
    assert found["subject", "Физ-ра"] == ""
    assert {one["title"] for one in importing.call(Courses.courses, year_id=importing.year_id)["courses"]} == {
        "Матем. 5А", "Математика 5Б",
    }  # fmt: skip


def test_what_a_later_edit_holds_in_the_timetable_stays(importing: Importing) -> None:
    classes = importing.classes("5А", "5Б")
    taken(importing)
    week_of = importing.timetable(class_id=classes["5Б"])
    place = {"course_id": week_of["entries"][0]["course_id"], "weekday": 5, "number": 1}
    by_hand = {"from_date": importing.from_date, "add": [place], "despite_collisions": True}
    importing.call(Timetable.edit_timetable, year_id=importing.year_id, version=week_of["version"], **by_hand)
    found = undone(importing)
    assert sorted({why for (kind, _), why in found.items() if kind == "course"}) == ["", "in-timetable"]


def test_a_term_mark_keeps_a_course_that_a_file_made(importing: Importing) -> None:
    importing.classes("5А", "5Б")
    taken(importing)
    (course, *_) = importing.call(Courses.courses, year_id=importing.year_id)["courses"]
    gradebook = importing.town.gradebook
    with gradebook.unit_of_work.of(importing.id) as session:
        term_id = session.scalars(select(Term.id)).one()
    place = {"course_id": UUID(course["id"]), "term_id": term_id, "student_id": uuid7(), "kind": "term"}
    said = {
        "value": "5",
        "reason": "",
        "comment": "",
        "version": 1,
        "set_by": uuid7(),
        "set_at": now(),
        "first_shown": "5",
    }
    write(gradebook.unit_of_work, importing.id, [(TermMark, [{"id": uuid7(), **place, **said}])])
    found = undone(importing)
    assert found["course", course["title"]] == "in-use"
    assert [why for (kind, _), why in found.items() if kind == "course" and why] == ["in-use"]


def test_only_the_methodologist_removes_what_a_file_made(importing: Importing) -> None:
    teacher = importing.person("teacher", name="Осина Анна")
    importing.classes("5А", "5Б")
    taken(importing)
    command = {"year_id": importing.year_id, "edit": 1, "with_made": True, "despite_collisions": True}
    with pytest.raises(Forbidden, match="methodologist"):
        importing.call(Timetable.undo_timetable_edit, teacher, **command)
