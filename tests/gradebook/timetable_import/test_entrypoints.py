"""A file of a timetable: looked at, its names matched, taken, all of it or nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from cli.building.fet import fet
from contracts.gradebook.bells import Bells
from contracts.gradebook.classrooms import Classrooms
from contracts.gradebook.courses import Courses
from contracts.gradebook.groups import Groups
from contracts.gradebook.subjects import Subjects
from contracts.gradebook.timetable import Timetable
from contracts.gradebook.timetable_import import TimetableImport
from kernel.errors import Forbidden, Invalid, NotFound, Stale
from services.gradebook.courses.tables import CourseRevision
from services.gradebook.lessons.tables import Lesson
from services.gradebook.timetable_import.tables import TimetableName
from tests.gradebook.timetable_import.conftest import Importing
from tests.gradebook.timetable_import.files import SHEET, changed_rows, changed_sheet, sheet
from tests.kit.people import TODAY
from tests.kit.town import Outside

GROUPS = {"group_name": "группа {number}"}


def week(importing: Importing, class_id: str) -> set[tuple[str, int, int, str]]:
    """The week of a class: (title, weekday, number, classroom)."""
    rooms = {one["id"]: one["name"] for one in importing.call(Classrooms.classrooms)["classrooms"]}
    found = importing.timetable(class_id=class_id)
    titles = {one["id"]: one["title"] for one in found["courses"]}
    return {
        (titles[one["course_id"]], one["weekday"], one["number"], rooms.get(one["classroom_id"], ""))
        for one in found["entries"]
    }


def means(read: dict[str, Any], kind: str) -> dict[str, tuple[str, str | None]]:
    return {one["name"]: (one["found"], one["means"]) for one in read["names"] if one["kind"] == kind}


def taken(importing: Importing, content: bytes | None = None) -> dict[str, Any]:
    """A sheet taken into a school that has the classes, with everything else made new."""
    file = importing.hand_in(content or sheet())
    names = importing.new(importing.read(file))
    return importing.take(file, names, **GROUPS)


def test_a_file_is_looked_at_and_nothing_is_written(importing: Importing) -> None:
    file = importing.hand_in(sheet())
    read = importing.read(file)
    assert (read["refused"], read["version"], read["open"], read["file"]) == (False, 0, 5, file)
    assert means(read, "class") == {"5А": ("unknown", None), "5Б": ("unknown", None)}
    assert list(means(read, "subject")) == ["Матем.", "Англ. яз.", "Физ-ра"]
    assert list(means(read, "classroom")) == ["каб. 214", "12", "14", "214", "Сп.зал", "215"]
    assert read["names"][0]["place"].startswith("Лист1!")
    assert (read["changes"], read["classes"], read["counts"]["left_out"]) == ([], [], 0)
    classes = importing.classes("5А", "5Б")
    again = importing.read(file, importing.new(read), **GROUPS)
    assert means(again, "class") == {"5А": ("same", "known"), "5Б": ("same", "known")}
    assert (again["open"], again["counts"]["subjects"], again["counts"]["classrooms"]) == (0, 3, 5)
    assert [one["title"] for one in again["courses"]] == [
        "Матем. 5А", "Англ. яз. 5А, группа 1", "Англ. яз. 5А, группа 2", "Физ-ра 5Б", "Матем. 5Б",
    ]  # fmt: skip
    assert again["classes"] == [
        {"class_name": "5А", "added": 4, "changed": 0, "dropped": 0, "staying": 0},
        {"class_name": "5Б", "added": 3, "changed": 0, "dropped": 0, "staying": 0},
    ]
    assert again["changes"][0] == {
        "change": "added", "title": "Матем. 5А", "class_name": "5А", "weekday": 1, "number": 1, "week": "",
        "before": None, "after": {"classroom": "214", "teacher_id": None, "new_teacher": ""},
    }  # fmt: skip
    assert importing.call(Subjects.subjects)["subjects"] == []
    assert importing.call(Courses.courses)["courses"] == []
    assert importing.timetable(class_id=classes["5А"])["entries"] == []


def test_a_file_is_taken_with_what_is_missing_and_its_lessons_are_laid(importing: Importing) -> None:
    classes = importing.classes("5А", "5Б")
    done = taken(importing)
    assert (done["version"], done["courses"], done["subjects"], done["classrooms"], done["added"]) == (1, 5, 3, 5, 7)
    assert (done["without_teacher"], done["without_classroom"]) == (7, 0)
    assert week(importing, classes["5А"]) == {
        ("Матем. 5А", 1, 1, "214"), ("Англ. яз. 5А, группа 1", 1, 2, "12"), ("Англ. яз. 5А, группа 2", 1, 2, "14"),
        ("Матем. 5А", 2, 1, "214"),
    }  # fmt: skip
    (course, *_) = [one for one in importing.call(Courses.courses)["courses"] if one["title"] == "Матем. 5А"]
    assert (course["grade"], course["group_name"], course["teachers"]) == (5, "", [])
    with importing.town.gradebook.unit_of_work.of(importing.id) as session:
        assert session.scalars(select(Lesson)).all() == []
    importing.town.carry()
    with importing.town.gradebook.unit_of_work.of(importing.id) as session:
        lessons = session.scalars(select(Lesson)).all()
    assert {(str(one.course_id), one.date.isoweekday(), one.number) for one in lessons} >= {
        (course["id"], 1, 1), (course["id"], 2, 1),
    }  # fmt: skip
    assert min(one.date for one in lessons) >= importing.from_date


def test_a_later_file_changes_what_differs_and_remembers_what_names_meant(importing: Importing) -> None:
    classes = importing.classes("5А", "5Б")
    taken(importing)
    for subject in importing.call(Subjects.subjects)["subjects"]:
        renamed = {"Матем.": "Математика", "Физ-ра": "Физическая культура", "Англ. яз.": "Английский язык"}
        command = {"subject_id": subject["id"], "version": 1, "name": renamed[subject["name"]]}
        importing.call(Subjects.rename_subject, **command)
    file = importing.hand_in(changed_sheet())
    read = importing.read(file, importing.new(importing.read(file)), **GROUPS)
    assert means(read, "subject") == {"Матем.": ("remembered", "known"), "Физ-ра": ("remembered", "known")}
    assert means(read, "classroom")["216"] == ("unknown", "new")
    assert read["classes"] == [
        {"class_name": "5А", "added": 0, "changed": 1, "dropped": 2, "staying": 1},
        {"class_name": "5Б", "added": 1, "changed": 0, "dropped": 0, "staying": 3},
    ]
    assert next((one["change"], one["title"], one["before"], one["after"]) for one in read["changes"]) == (
        "changed", "Математика 5А", {"classroom": "214", "teacher_id": None, "new_teacher": ""},
        {"classroom": "216", "teacher_id": None, "new_teacher": ""},
    )  # fmt: skip
    done = importing.take(file, importing.new(importing.read(file)), **GROUPS)
    assert (done["version"], done["courses"], done["staying"], done["dropped"]) == (2, 0, 4, 2)
    assert week(importing, classes["5А"]) == {("Математика 5А", 1, 1, "216"), ("Математика 5А", 2, 1, "214")}
    again = importing.take(file, **GROUPS)
    assert (again["version"], again["added"], again["staying"]) == (2, 0, 6), "nothing differs any more"


def test_an_import_is_one_edit_that_can_be_taken_back(importing: Importing) -> None:
    classes = importing.classes("5А", "5Б")
    taken(importing)
    file = importing.hand_in(changed_sheet())
    before = week(importing, classes["5А"])
    importing.take(file, importing.new(importing.read(file)), **GROUPS)
    assert week(importing, classes["5А"]) != before
    importing.call(Timetable.undo_timetable_edit, year_id=importing.year_id, edit=2)
    assert week(importing, classes["5А"]) == before


def test_a_classroom_entered_by_hand_stays_where_the_file_says_none(importing: Importing) -> None:
    classes = importing.classes("5А", "5Б")
    rows = [list(row) for row in SHEET]
    rows[3][3] = None
    taken(importing, sheet(rows))
    found = importing.timetable(class_id=classes["5А"])
    (bare,) = (one for one in found["entries"] if one["classroom_id"] is None)
    rooms = {one["name"]: one["id"] for one in importing.call(Classrooms.classrooms)["classrooms"]}
    place = {name: bare[name] for name in ("course_id", "weekday", "number")}
    edited = importing.call(
        Timetable.edit_timetable, year_id=importing.year_id, version=found["version"], from_date=importing.from_date,
        add=[{**place, "classroom_id": rooms["12"]}], remove=[bare["id"]], despite_collisions=True,
    )  # fmt: skip
    assert edited["saved"]
    rows[1][3] = "216"
    file = importing.hand_in(sheet(rows))
    names = importing.new(importing.read(file))
    read = importing.read(file, names, **GROUPS)
    assert read["kept"] == [
        {"title": "Матем. 5А", "class_name": "5А", "weekday": 2, "number": 1, "week": "", "classroom": "12"}
    ]
    assert (read["counts"]["kept_classrooms"], read["counts"]["without_classroom"]) == (1, 0)
    assert [one["weekday"] for one in read["changes"]] == [1], "the other room of Monday"
    assert importing.take(file, names, **GROUPS)["kept_classrooms"] == 1
    assert {("Матем. 5А", 1, 1, "216"), ("Матем. 5А", 2, 1, "12")} <= week(importing, classes["5А"])


def test_only_the_classes_that_are_chosen_are_taken(importing: Importing) -> None:
    """Nothing is made of what only other classes have, and these keep their week."""
    classes = importing.classes("5А", "5Б")
    taken(importing)
    before = week(importing, classes["5А"])
    rows = [list(row) for row in changed_rows()]
    rows[2][2], rows[2][3] = "Химия", "301"
    file = importing.hand_in(sheet(rows))
    without = [{"kind": "class", "name": "5А", "means": "none"}]
    read = importing.read(file, without, **GROUPS)
    idle = {one["name"] for one in read["names"] if one["idle"]}
    assert idle == {"Химия", "301", "216", "214"}
    assert (read["open"], [one["class_name"] for one in read["classes"]]) == (0, ["5Б"])
    names = [*without, *importing.new(importing.read(file))]
    assert importing.read(file, names, **GROUPS)["counts"]["subjects"] == 0
    done = importing.take(file, names, **GROUPS)
    assert (done["subjects"], done["classrooms"], done["added"], done["changed"], done["dropped"]) == (0, 0, 1, 0, 0)
    assert week(importing, classes["5А"]) == before
    assert "Химия" not in {one["name"] for one in importing.call(Subjects.subjects)["subjects"]}
    assert {one["name"] for one in importing.call(Classrooms.classrooms)["classrooms"]}.isdisjoint({"301", "216"})


def test_names_are_matched_by_likeness_and_as_a_person_says(importing: Importing) -> None:
    importing.classes("5-А")
    anna, alla = (importing.teacher(name) for name in ("Иванова Анна Петровна", "Иванова Алла Павловна"))
    peter = importing.teacher("Клён Пётр Петрович")
    maths = importing.call(Subjects.add_subject, name="Математика")
    file = importing.hand_in(
        fet([("5А", "Матем.", "Иванова А.П.", 1, 1, "12"), ("5А", "Матем.", "Клён П.П.", 2, 1, "каб. 12")])
    )
    read = importing.read(file)
    assert means(read, "subject") == {"Матем.": ("alike", "known")}
    assert means(read, "teacher") == {"Иванова А.П.": ("several", None), "Клён П.П.": ("alike", "known")}
    (several,) = [one for one in read["names"] if one["found"] == "several"]
    assert set(several["alike"]) == {str(anna), str(alla)}
    assert (read["open"], read["counts"]["without_teacher"], read["counts"]["without_classroom"]) == (0, 0, 2)
    names = [
        {"kind": "teacher", "name": "Иванова А.П.", "means": "known", "id": alla},
        *importing.new(read),
    ]
    done = importing.take(file, names)
    assert (done["courses"], done["classrooms"], done["without_teacher"]) == (1, 1, 0)
    (course,) = importing.call(Courses.courses)["courses"]
    assert (course["subject_id"], set(course["teacher_ids"])) == (maths["id"], {str(alla), str(peter)})
    entries = importing.timetable(teacher_id=alla)["entries"]
    assert [(one["weekday"], one["teacher_id"]) for one in entries] == [(1, str(alla))]
    assert means(importing.read(file), "teacher")["Иванова А.П."] == ("remembered", "known")


def test_on_an_empty_school_everything_is_new(importing: Importing) -> None:
    file = importing.hand_in(sheet())
    read = importing.read(file, unknown_is_new=True)
    assert (read["open"], {one["means"] for one in read["names"]}) == (0, {"new"})
    assert (read["counts"]["new_classes"], read["counts"]["added"]) == (2, 7)
    assert read["courses"][0]["title"] == "Матем. 5А"
    with pytest.raises(Invalid) as refused:
        importing.take(file, unknown_is_new=True)
    assert (refused.value.rule, refused.value.params["name"]) == ("not-made", "5А")
    importing.classes("5А", "5Б")
    assert importing.take(file, unknown_is_new=True)["added"] == 7


def test_who_holds_a_lesson_of_a_course_there_is_joins_its_teachers(importing: Importing) -> None:
    classes = importing.classes("5А")
    anna, peter = importing.teacher("Осина Анна Борисовна"), importing.teacher("Клён Пётр Петрович")
    maths = importing.call(Subjects.add_subject, name="Математика")
    ended = {"teacher_id": peter, "since": TODAY - timedelta(days=60), "until": TODAY - timedelta(days=30)}
    course = importing.call(
        Courses.make_course, year_id=importing.year_id, subject_id=maths["id"], class_id=classes["5А"],
        teachers=[{"teacher_id": anna}, ended],
    )  # fmt: skip
    file = importing.hand_in(fet([("5А", "Математика", "Клён П.П.", 1, 1, "12")]))
    done = importing.take(file, importing.new(importing.read(file)))
    assert (done["courses"], done["teachers_joining"]) == (0, 1)
    after = importing.call(Courses.course, course_id=course["id"])
    assert {one["teacher_id"]: (one["since"], one["until"]) for one in after["teachers"]} == {
        str(anna): (None, None), str(peter): ((TODAY - timedelta(days=60)).isoformat(), None),
    }  # fmt: skip
    assert after["version"] == 2
    with importing.town.gradebook.unit_of_work.of(importing.id) as session:
        revision = session.scalars(select(CourseRevision).where(CourseRevision.version == 2)).one()
    assert (revision.what, revision.changed_by) == ("course", importing.methodologist.person_id)
    assert importing.timetable(teacher_id=peter)["entries"][0]["teacher_id"] == str(peter)
    assert importing.timetable(teacher_id=anna)["entries"] == []


def test_the_students_of_a_class_are_in_its_new_courses_and_in_no_group(importing: Importing) -> None:
    classes = importing.classes("5А", "5Б")
    student = importing.person("student", name="Волков Тимур")
    importing.enrol(student, UUID(classes["5А"]))
    importing.identity.announce_moved()
    importing.town.carry()
    taken(importing)
    members = {}
    for one in importing.call(Courses.courses)["courses"]:
        found = importing.call(Courses.course, course_id=one["id"])["members"]
        members[one["title"]] = [member["student_id"] for member in found]
    assert members["Матем. 5А"] == [str(student.person_id)]
    assert members["Англ. яз. 5А, группа 1"] == members["Матем. 5Б"] == []
    (group,) = [one for one in importing.call(Courses.courses)["courses"] if one["title"].endswith("группа 1")]
    groups = importing.call(Groups.groups, course_id=group["id"], date=importing.from_date)
    assert [one["group_name"] for one in groups["groups"]] == ["группа 1", "группа 2"]
    assert [one["student_id"] for one in groups["candidates"]] == [str(student.person_id)]


def test_nothing_is_taken_while_a_name_is_open_or_its_class_is_not_made(importing: Importing) -> None:
    file = importing.hand_in(sheet())
    read = importing.read(file)
    for names, rule in (
        ([], "names-open"),
        (importing.new(read), "names-open"),
        (importing.new(read, "class", "subject"), "not-made"),
    ):
        with pytest.raises(Invalid) as refused:
            importing.take(file, names)
        assert refused.value.rule == rule
    unknown = [{"kind": "class", "name": "5А", "means": "known", "id": uuid4()}]
    for take in (importing.take, importing.read):
        with pytest.raises(Invalid) as refused:
            take(file, unknown)
        assert (refused.value.rule, refused.value.field) == ("no-such-thing", "names.0.id")
    assert importing.call(Subjects.subjects)["subjects"] == []
    importing.classes("5А")
    left_out = [{"kind": "class", "name": "5Б", "means": "none"}, *importing.new(read)]
    done = importing.take(file, left_out)
    assert (done["left_out"], done["added"]) == (3, 4)


@pytest.mark.parametrize("content", [b"<html></html>", b"nothing to read", sheet([["Тема", "Часы"], ["Дроби", 2]])])
def test_of_a_file_that_cannot_be_read_nothing_is_taken(importing: Importing, content: bytes) -> None:
    file = importing.hand_in(content)
    read = importing.read(file)
    assert (read["refused"], read["names"], read["changes"]) == (True, [], [])
    assert read["faults"]
    assert all(one["ru"] and one["en"] for one in read["faults"])
    with pytest.raises(Invalid) as refused:
        importing.take(file)
    assert (refused.value.rule, refused.value.field) == ("no-timetable", "file")


def test_every_fault_is_told_by_its_place(importing: Importing) -> None:
    rows = [
        [None, None, "5А", None],
        ["ПОНЕДЕЛЬНИК", 1, "Алгебра", "12"],
        [None, 2, None, "14"],
        ["ВТОРНИК", 1, "Алгебра", "12"],
        [None, 1, "Алгебра", "12"],
    ]
    file = importing.hand_in(sheet(rows))
    importing.classes("5А")
    read = importing.read(file, importing.new(importing.read(file)))
    assert [(one["place"], one["ru"]) for one in read["faults"]] == [
        ("Лист1!C3", "Указан кабинет «14», но урока нет."),
        ("Лист1!C5", "Номер урока 1 повторяется у класса 5А в один день."),
        ("Лист1!C5", "В это время у класса уже есть урок этого предмета: взят первый."),
    ]
    assert read["counts"]["added"] == 2


def test_a_timetable_that_was_changed_after_the_file_was_shown_is_shown_again(importing: Importing) -> None:
    classes = importing.classes("5А", "5Б")
    taken(importing)
    file = importing.hand_in(changed_sheet())
    names = importing.new(importing.read(file))
    (course, *_) = importing.timetable(class_id=classes["5Б"])["courses"]
    entry = {"course_id": course["id"], "weekday": 5, "number": 1}
    edit = {"year_id": importing.year_id, "version": 1, "from_date": importing.from_date, "add": [entry]}
    importing.call(Timetable.edit_timetable, **edit)
    with pytest.raises(Stale) as refused:
        importing.take(file, names, version=1, **GROUPS)
    present = refused.value.params["present"]
    assert (present["version"], present["classes"][1]["dropped"]) == (2, 1)
    assert importing.take(file, names, version=2, **GROUPS)["version"] == 3


def test_a_file_holds_from_a_day_of_its_year(importing: Importing) -> None:
    file = importing.hand_in(sheet())
    for day in (TODAY - timedelta(days=101), TODAY + timedelta(days=201)):
        with pytest.raises(Invalid) as refused:
            importing.read(file, from_date=day)
        assert refused.value.rule == "validity-outside-year"
    for take in (importing.read, importing.take):
        with pytest.raises(NotFound):
            take(file, year_id=uuid4())
        with pytest.raises(Invalid) as refused:
            take(file, group_name="группа")
        assert refused.value.field == "group_name"


def test_a_file_is_of_the_school_that_handed_it_in_and_the_methodologists(importing: Importing) -> None:
    theirs = Importing(importing.town)
    file = theirs.hand_in(sheet())
    for take in (importing.read, importing.take):
        with pytest.raises(Invalid) as refused:
            take(file)
        assert refused.value.rule == "file-missing"
    director, teacher = importing.person("director"), importing.person("teacher")
    command = {"year_id": importing.year_id, "file": importing.hand_in(sheet()), "from_date": importing.from_date}
    for someone in (director, teacher):
        with pytest.raises(Forbidden):
            importing.call(TimetableImport.read_timetable_file, someone, **command)
        with pytest.raises(Forbidden):
            importing.call(TimetableImport.take_timetable_file, someone, version=0, **command)
    with pytest.raises(NotFound):
        theirs.read(file, year_id=importing.year_id)


def test_a_school_of_the_same_ids_sees_and_changes_nothing_here(importing: Importing) -> None:
    """What names meant, subjects, classrooms, courses and entries of another school are not proposed or compared."""
    theirs = Importing(importing.town, year_id=importing.year_id)
    for school in (importing, theirs):
        school.classes("5А", "5Б")
    taken(theirs)
    file = importing.hand_in(sheet())
    read = importing.read(file)
    assert {one["found"] for one in read["names"]} == {"same", "unknown"}
    before = theirs.timetable()
    done = importing.take(file, importing.new(read), **GROUPS)
    assert (done["version"], done["added"], done["staying"]) == (1, 7, 0)
    assert theirs.timetable() == before
    with importing.town.gradebook.unit_of_work.of(theirs.id) as session:
        assert len(session.scalars(select(TimetableName)).all()) == len(read["names"])


def test_identity_is_asked_before_the_transaction(importing: Importing) -> None:
    importing.classes("5А", "5Б")
    importing.town.gradebook.ask = outside = Outside(importing.town.gradebook)
    taken(importing)
    assert outside.asked == {"identity.classes", "identity.people"}


def test_the_same_file_taken_twice_changes_nothing_the_second_time(importing: Importing) -> None:
    importing.classes("5А", "5Б")
    done = taken(importing)
    nothing = dict.fromkeys(("courses", "subjects", "classrooms", "added"), 0)
    assert importing.take(importing.hand_in(sheet()), **GROUPS) == {**done, **nothing, "staying": done["added"]}


def with_bells(*hours: str) -> bytes:
    """A project of one lesson, whose hours have these names."""
    return fet([("5А", "Алгебра", "", 1, 1, "")], hours=hours)


def test_bells_of_a_file_are_shown_beside_those_there_are_and_taken_if_that_is_asked(importing: Importing) -> None:
    importing.classes("5А")
    file = importing.hand_in(with_bells("8:00-8:40", "9:00-9:40"))
    read = importing.read(file)
    assert (read["bells"]["kept"], read["bells"]["faults"]) == (False, [])
    (schedule,) = read["bells"]["schedules"]
    assert schedule["bells"][0] == {
        "number": 1, "before_starts": None, "before_ends": None, "starts": "08:00", "ends": "08:40",
    }  # fmt: skip
    new = importing.new(read)
    assert importing.take(file, new)["bells"] is False
    assert importing.call(Bells.bells, year_id=importing.year_id)["schedules"] == [], "nobody asked for them"
    done = importing.take(file, bells_version=read["bells"]["version"], bells_title="Наши")
    assert done["bells"] is True
    (kept,) = importing.call(Bells.bells, year_id=importing.year_id)["schedules"]
    assert (kept["title"], kept["valid_from"], kept["shift"]) == ("Наши", str(importing.from_date), 1)
    assert [one["ends"] for one in kept["bells"]] == ["08:40", "09:40"]
    other = importing.hand_in(with_bells("8:00-8:40", "9:10-9:50"))
    (changed,) = importing.read(other)["bells"]["schedules"]
    assert changed["bells"][1]["before_starts"] == "09:00"
    with pytest.raises(Stale) as stale:
        importing.take(other, bells_version=read["bells"]["version"])
    assert stale.value.field == "bells_version"
    assert importing.read(importing.hand_in(sheet()))["bells"] is None


def test_bells_that_cannot_ring_are_refused_and_nothing_of_the_file_is_taken(importing: Importing) -> None:
    importing.classes("5А")
    file = importing.hand_in(with_bells("9:00-8:20", "9:30"))
    read = importing.read(file)
    assert [one["rule"] for one in read["bells"]["faults"]] == ["bell-without-end", "bell-reversed"]
    with pytest.raises(Invalid) as refused:
        importing.take(file, importing.new(read), bells_version=read["bells"]["version"])
    assert refused.value.rule == "bell-without-end"
    assert importing.timetable()["entries"] == []
