"""Homework beside its text: who changes it, who sees it, and what stays known of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import Engine, select, update

from contracts.gradebook.homework import FILES, MOST_FILES, Homework
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from kernel.clock import now
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from kernel.files.store import FileMissing, Place
from services.gradebook.courses import tables as courses_tables
from services.gradebook.homework.tables import HomeworkFile, LessonNote
from services.gradebook.lessons.rules.states import State
from services.gradebook.lessons.tables import Lesson
from tests.gradebook.homework.conftest import PDF, Giving
from tests.kit.calls import statements

LINK = {"url": "https://example.org/5", "title": "Видео"}


def set_homework(giving: Giving, version: int = 0, **more: Any) -> dict[str, Any]:
    return giving.ask(Homework.set_homework, version=version, **more)


def diary(giving: Giving, actor: Any = None, student: int = 0, offset: int = 0) -> list[dict[str, Any]]:
    """The days of a student's week."""
    school = giving.school
    command = {"student_id": school.students[student], "date": school.day(offset)}
    days: list[dict[str, Any]] = giving.ask(Journal.diary_week, actor or school.student, **command)["days"]
    return days


def test_minutes_and_links_are_kept_with_their_history_and_a_field_left_out_stays(giving: Giving) -> None:
    assert giving.ask(Homework.homework)["version"] == 0
    set_homework(giving, minutes=20, links=[LINK])
    found = set_homework(giving, 1, minutes=30)
    assert (found["minutes"], found["links"], found["version"]) == (30, [LINK], 2)
    assert set_homework(giving, 2, minutes=30)["version"] == 2, "nothing was changed"
    (newest, oldest) = giving.ask(Homework.homework_history)["changes"]
    assert [(one["what"], one["minutes"], one["version"]) for one in (oldest, newest)] == [
        ("changed", 20, 1), ("changed", 30, 2),
    ]  # fmt: skip
    assert newest["changed_by"] == str(giving.school.teacher.person_id)


def announced(giving: Giving) -> list[set[UUID]]:
    """To whom homework was announced, in order."""
    bodies = [msgspec.json.decode(event.body) for event in giving.school.events("homework_set")]
    assert {one["lesson_id"] for one in bodies} <= {str(giving.school.lesson_id)}
    return [{UUID(student) for student in one["student_ids"]} for one in bodies]


def test_links_and_files_are_announced_to_everybody_and_tasks_to_whom_they_are_for(giving: Giving) -> None:
    school = giving.school
    everybody, task = set(school.students), {"student_ids": school.students[:2], "text": "№ 12", "due": school.day(3)}
    set_homework(giving, minutes=20)
    assert announced(giving) == [], "minutes alone are no homework"
    set_homework(giving, 1, links=[LINK])
    set_homework(giving, 2, tasks=[task])
    assert announced(giving) == [everybody, set(school.students[:2])]
    set_homework(giving, 3, tasks=[{**task, "student_ids": school.students}])
    file_id = giving.with_file()
    assert announced(giving)[2:] == [{school.students[2]}, everybody]
    giving.with_file()
    giving.ask(Homework.remove_file, file_id=file_id)
    set_homework(giving, 6, links=[], tasks=[])
    assert len(announced(giving)) == 4, "what stays or goes is no news"
    giving.ask(Homework.restore_file, file_id=file_id)
    assert announced(giving)[4:] == [everybody]


def test_what_is_refused_is_not_announced(giving: Giving) -> None:
    with pytest.raises(Invalid):
        set_homework(giving, links=[{"url": "javascript:alert(1)", "title": ""}])
    with pytest.raises(Invalid):
        set_homework(giving, links=[LINK], lesson_id=giving.school.first_lesson_id)
    assert giving.school.events("homework_set") == []


def test_who_did_not_see_the_present_state_is_told_it(giving: Giving) -> None:
    set_homework(giving, minutes=20)
    with pytest.raises(Stale) as refused:
        set_homework(giving, 0, minutes=30)
    assert (refused.value.params["present"]["minutes"], refused.value.params["present"]["version"]) == (20, 1)


def test_the_teacher_of_the_course_alone_changes_it_and_staff_who_read_the_lesson_see_it(giving: Giving) -> None:
    school = giving.school
    file_id = giving.with_file()
    for actor, error in ((school.homeroom, Forbidden), (school.other_teacher, NotFound)):
        for method, command in (
            (Homework.set_homework, {"version": 1, "minutes": 5}),
            (Homework.add_file, {"file": giving.handed_in(), "name": "a.pdf"}),
            (Homework.remove_file, {"file_id": file_id}),
            (Homework.restore_file, {"file_id": file_id}),
        ):
            with pytest.raises(error):
                giving.ask(method, actor, **command)
    for actor, writes in ((school.teacher, True), (school.homeroom, False), (school.director, False)):
        assert giving.ask(Homework.homework, actor)["writes"] is writes
        assert giving.ask(Homework.homework_history, actor)["changes"]
    for method in (Homework.homework, Homework.homework_history):
        with pytest.raises(NotFound):
            giving.ask(method, school.other_teacher)


def test_in_a_closed_term_nothing_is_changed(giving: Giving) -> None:
    school, past = giving.school, uuid4()
    school.save(Lesson, school.lesson_row(past, school.course_id, school.day(-10)))
    file_id = giving.with_file(lesson_id=past)
    school.end_term(4)
    for method, command in (
        (Homework.set_homework, {"lesson_id": past, "version": 1, "minutes": 5}),
        (Homework.add_file, {"lesson_id": past, "file": giving.handed_in(b"%PDF-1.4"), "name": "a.pdf"}),
        (Homework.remove_file, {"file_id": file_id}),
    ):
        with pytest.raises(Conflict) as refused:
            giving.ask(method, **command)
        assert refused.value.rule == "term-closed"
    assert giving.ask(Homework.homework, lesson_id=past)["writes"] is False
    assert giving.ask(Homework.homework_file, file_id=file_id)["name"] == "Задание.pdf"


def with_minutes(giving: Giving, **more: Any) -> Any:
    return set_homework(giving, minutes=20, **more)


def with_a_link(giving: Giving, **more: Any) -> Any:
    return set_homework(giving, links=[LINK], **more)


def with_a_task(giving: Giving, **more: Any) -> Any:
    return set_homework(giving, tasks=[{"student_ids": [giving.school.students[0]], "text": "№ 9"}], **more)


def with_a_file(giving: Giving, **more: Any) -> Any:
    return giving.ask(Homework.add_file, file=giving.handed_in(), name="Задание.pdf", **more)


@pytest.mark.parametrize("gives", [with_minutes, with_a_link, with_a_task, with_a_file], ids=lambda one: one.__name__)
def test_homework_that_first_comes_late_is_kept_as_late_in_whatever_form(giving: Giving, gives: Any) -> None:
    school, past = giving.school, uuid4()
    school.save(Lesson, school.lesson_row(past, school.course_id, school.day(-10)))
    school.vote(late_reason=True)
    with pytest.raises(Invalid) as refused:
        gives(giving, lesson_id=past)
    assert (refused.value.rule, refused.value.params) == ("late-reason-required", {"date": school.day(-10)})
    gives(giving, lesson_id=past, reason=" Болезнь учителя ")
    set_homework(giving, 1, lesson_id=past, minutes=45)
    gives(giving)  # of today's lesson
    history = giving.ask(Homework.homework_history, lesson_id=past)["changes"]
    assert [(one["due_on"], one["reason"]) for one in reversed(history)] == [
        (school.day(-10).isoformat(), "Болезнь учителя"), (None, ""),
    ]  # fmt: skip
    (change,) = giving.ask(Homework.homework_history)["changes"]
    assert (change["due_on"], change["reason"]) == (None, ""), "on the day of the lesson it is in time"


def test_what_comes_late_beside_homework_that_was_there_is_no_late_entry(giving: Giving) -> None:
    school, past = giving.school, uuid4()
    school.save(Lesson, school.lesson_row(past, school.course_id, school.day(-10)) | {"homework": "№ 5"})
    school.vote(late_reason=True)
    with_a_file(giving, lesson_id=past)
    (change,) = giving.ask(Homework.homework_history, lesson_id=past)["changes"]
    assert (change["due_on"], change["reason"]) == (None, "")


def test_in_a_cancelled_lesson_nothing_of_the_homework_is_changed(giving: Giving) -> None:
    school = giving.school
    file_id = giving.with_file()
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == school.lesson_id).values(state=State.CANCELLED))
    for method, command in (
        (Homework.set_homework, {"version": 1, "minutes": 5}),
        (Homework.add_file, {"file": giving.handed_in(b"%PDF-1.4"), "name": "a.pdf"}),
        (Homework.remove_file, {"file_id": file_id}),
        (Homework.restore_file, {"file_id": file_id}),
    ):
        with pytest.raises(Conflict) as refused:
            giving.ask(method, **command)
        assert refused.value.rule == "lesson-cancelled"


def test_in_grade_1_there_is_no_homework_in_any_form(giving: Giving) -> None:
    school = giving.school
    first = {"lesson_id": school.first_lesson_id}
    tasks = [{"student_ids": [school.first_grader], "text": "Читать", "due": school.day(1)}]
    for command in ({"minutes": 5}, {"links": [LINK]}, {"tasks": tasks}):
        with pytest.raises(Invalid) as refused:
            set_homework(giving, **first, **command)
        assert refused.value.rule == "no-homework-in-grade-1"
    with pytest.raises(Invalid) as refused:
        giving.ask(Homework.add_file, file=giving.handed_in(), name="a.pdf", **first)
    assert refused.value.rule == "no-homework-in-grade-1"
    # the choir has students of both grades
    with pytest.raises(Invalid):
        set_homework(giving, lesson_id=school.group_lesson_id, minutes=5)
    assert set_homework(giving, **first, minutes=None)["version"] == 0


@pytest.mark.usefixtures("in_either_store")
def test_a_file_is_added_under_a_safe_name_and_its_kind_is_found_from_its_content(giving: Giving) -> None:
    given = giving.ask(Homework.add_file, file=giving.handed_in(), name="C:\\мои\\Задание 5.PDF")
    (file,) = given["files"]
    assert (file["name"], file["media_type"], file["size"]) == ("Задание 5.PDF", "application/pdf", len(PDF))
    assert (file["added_by"], given["version"]) == (str(giving.school.teacher.person_id), 1)
    again = giving.ask(Homework.add_file, file=giving.handed_in(), name="Задание 5.PDF")
    assert (len(again["files"]), again["version"]) == (1, 1), "the same once more is nothing new"


@pytest.mark.parametrize(
    ("content", "name", "rule"),
    [
        (PDF, "a.exe", "file-kind"),
        (PDF, "a.docx", "file-ending"),
        (b"PK\x03\x04 no zip", "a.docx", "file-damaged"),
        (b"<script>", "a.txt", "file-ending"),
    ],
)
def test_other_files_are_refused_and_the_lesson_has_none(giving: Giving, content: bytes, name: str, rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        giving.ask(Homework.add_file, file=giving.handed_in(content), name=name)
    assert (refused.value.rule, refused.value.field) == (rule, "file")
    assert giving.ask(Homework.homework)["files"] == []


@pytest.mark.usefixtures("in_either_store")
def test_a_file_that_another_school_handed_in_is_not_there(giving: Giving, giving_elsewhere: Giving) -> None:
    theirs = giving_elsewhere.school
    theirs.service.files = giving.school.service.files
    file = giving_elsewhere.handed_in()
    with pytest.raises(Invalid) as refused:
        giving.ask(Homework.add_file, file=file, name="a.pdf")
    assert refused.value.rule == "file-missing"
    file_id = giving_elsewhere.with_file()
    for actor in (giving.school.teacher, giving.school.director, giving.school.student):
        with pytest.raises(NotFound):
            giving.ask(Homework.homework_file, actor, file_id=file_id)


@pytest.mark.usefixtures("in_either_store")
def test_a_file_is_taken_away_and_brought_back_and_both_stay_known(giving: Giving) -> None:
    file_id = giving.with_file()
    gone = giving.ask(Homework.remove_file, file_id=file_id)
    assert (gone["files"], [one["name"] for one in gone["removed_files"]]) == ([], ["Задание.pdf"])
    with pytest.raises(NotFound):
        giving.ask(Homework.homework_file, file_id=file_id)
    assert giving.ask(Homework.remove_file, file_id=file_id)["version"] == 2, "it is away already"
    back = giving.ask(Homework.restore_file, file_id=file_id)
    assert ([one["name"] for one in back["files"]], back["removed_files"]) == (["Задание.pdf"], [])
    assert giving.ask(Homework.restore_file, file_id=file_id)["version"] == 3, "it is there already"
    assert giving.ask(Homework.homework_file, file_id=back["files"][0]["id"])["media_type"] == "application/pdf"
    history = giving.ask(Homework.homework_history)["changes"]
    assert [(one["what"], one["file"]) for one in reversed(history)] == [
        ("file-added", "Задание.pdf"), ("file-removed", "Задание.pdf"), ("file-restored", "Задание.pdf"),
    ]  # fmt: skip


def test_a_lesson_has_so_many_files_and_no_more(giving: Giving) -> None:
    for number in range(MOST_FILES):
        giving.with_file(f"{number}.pdf")
    with pytest.raises(Conflict) as refused:
        giving.with_file("one more.pdf")
    assert refused.value.rule == "too-many-files"
    (first, *_) = giving.ask(Homework.homework)["files"]
    giving.ask(Homework.remove_file, file_id=first["id"])
    giving.with_file("one more.pdf")
    with pytest.raises(Conflict):
        giving.ask(Homework.restore_file, file_id=first["id"])


def test_a_file_is_for_who_has_the_lesson_and_for_nobody_else(giving: Giving) -> None:
    school = giving.school
    file_id = giving.with_file()
    readers = (school.teacher, school.homeroom, school.director, school.deputy, school.methodologist, school.student)
    for actor in (*readers, school.other_student, school.parent, school.other_parent):
        assert giving.ask(Homework.homework_file, actor, file_id=file_id)["size"] == len(PDF)
    first_grader = school.actor("student", person_id=school.first_grader)
    stranger, unknown = school.actor("parent"), school.actor("student")
    no_parent = school.actor("teacher", person_id=school.parent.person_id)
    for actor in (school.other_teacher, first_grader, stranger, unknown, no_parent):
        with pytest.raises(NotFound) as refused:
            giving.ask(Homework.homework_file, actor, file_id=file_id)
        assert refused.value.rule == "no-such-file"


def test_who_joins_before_the_homework_is_due_has_its_files_and_who_left_before_has_not(giving: Giving) -> None:
    school = giving.school
    file_id = giving.with_file()

    def was_in_course(since: int, until: int | None = None) -> None:
        member = courses_tables.CourseMember
        times = {"since": school.day(since), "until": None if until is None else school.day(until)}
        with school.service.unit_of_work.of(school.id) as session:
            own = (member.course_id == school.course_id, member.student_id == school.students[0])
            session.execute(update(member).where(*own).values(**times))

    for since, until, sees in ((3, None, True), (4, None, False), (-9, 0, True), (-9, -1, False)):
        was_in_course(since, until)
        for actor in (school.student, school.parent):
            if sees:  # the next lesson, in three days, is the day on which the homework is due
                assert giving.ask(Homework.homework_file, actor, file_id=file_id)
            else:
                with pytest.raises(NotFound):
                    giving.ask(Homework.homework_file, actor, file_id=file_id)


@pytest.mark.usefixtures("in_either_store")
def test_files_that_no_lesson_has_or_had_are_deleted_after_a_day(
    giving: Giving, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = giving.school
    removed = giving.with_file("away.pdf", b"%PDF-1.1")
    giving.ask(Homework.remove_file, file_id=removed)
    giving.with_file()
    unneeded = giving.handed_in(b"%PDF-1.2")
    store, place = school.service.files, Place(FILES, school.id)
    school.service.delete_unneeded_homework_files()
    assert store.read(place.key(unneeded))
    later = now() + timedelta(days=400)
    monkeypatch.setattr("services.gradebook.homework.entrypoints.now", lambda: later)
    monkeypatch.setattr("services.gradebook.handed_in.now", lambda: later)
    school.service.delete_unneeded_files()
    school.service.delete_unneeded_homework_files()
    with pytest.raises(FileMissing):
        store.read(place.key(unneeded))
    with school.service.unit_of_work.of(school.id) as session:
        hashes = list(session.scalars(select(HomeworkFile.sha256)))
    assert len(hashes) == 2
    for sha256 in hashes:
        assert store.read(place.key(sha256))


def test_the_diary_shows_what_a_lesson_has_to_its_students_and_parents_and_to_no_other_family(giving: Giving) -> None:
    school = giving.school
    giving.ask(Lessons.describe_lesson, version=1, homework="№ 5")
    set_homework(giving, minutes=20, links=[LINK])
    file_id = giving.with_file()
    for actor in (school.student, school.parent):
        days = diary(giving, actor)
        (lesson,) = [
            one for day in days for one in day["lessons"] if one["lesson_id"] == str(school.lesson_id)
        ]  # fmt: skip
        assert (lesson["minutes"], lesson["links"]) == (20, [LINK])
        assert [(one["id"], one["name"]) for one in lesson["files"]] == [(file_id, "Задание.pdf")]
        (due,) = [
            one for day in diary(giving, actor, offset=3) for lesson in day["lessons"] for one in lesson["due_homework"]
        ]
        assert (due["minutes"], due["links"], [one["id"] for one in due["files"]]) == (20, [LINK], [file_id])
    giving.ask(Homework.remove_file, file_id=file_id)
    assert file_id not in str(diary(giving))


def test_a_week_with_files_and_tasks_costs_as_many_statements_as_one_without(giving: Giving, engine: Engine) -> None:
    diary(giving)  # the bells of the year are read once and kept
    with statements(engine) as without:
        diary(giving)
    set_homework(giving, minutes=20, tasks=[{"student_ids": [giving.school.students[0]], "text": "№ 9"}])
    giving.with_file()
    with statements(engine) as sent:
        days = diary(giving)
    assert "№ 9" in str(days)
    assert len(sent) == len(without) == 3, sent


def test_a_personal_task_is_its_students_and_their_parents_alone(giving: Giving) -> None:
    school = giving.school
    task = {"student_ids": [school.students[0]], "text": "Повторить дроби"}
    found = set_homework(giving, tasks=[task])
    expected = {"student_id": str(school.students[0]), "text": "Повторить дроби", "due": school.day(3).isoformat()}
    assert found["tasks"] == [expected]
    for offset in (0, 3):
        for actor in (school.student, school.parent):
            assert "Повторить дроби" in str(diary(giving, actor, offset=offset))
        assert "Повторить дроби" not in str(diary(giving, school.other_student, 1, offset))
        assert "Повторить дроби" not in str(diary(giving, school.other_parent, 1, offset))
    (due,) = [
        one for day in diary(giving, offset=3) for lesson in day["lessons"] for one in lesson["due_homework"]
    ]  # fmt: skip
    assert (due["homework"], due["personal"]["text"]) == ("", "Повторить дроби")
    assert set_homework(giving, 1, tasks=[])["tasks"] == []
    assert "Повторить дроби" not in str(diary(giving))
    assert [one["tasks"] for one in giving.ask(Homework.homework_history)["changes"]] == [[], [expected]]


def test_a_task_that_is_due_with_the_homework_stands_beside_it_and_else_on_its_own_day(giving: Giving) -> None:
    school = giving.school
    giving.ask(Lessons.describe_lesson, version=1, homework="№ 5", homework_due=school.day(3))
    task = {"student_ids": [school.students[0]], "text": "Повторить дроби"}
    set_homework(giving, minutes=15, tasks=[task])

    def due_on(offset: int) -> list[tuple[str, str | None, int | None]]:
        (day,) = [one for one in diary(giving, offset=offset) if one["date"] == school.day(offset).isoformat()]
        given = [*day["due_homework"], *(one for lesson in day["lessons"] for one in lesson["due_homework"])]
        return [(one["homework"], (one.get("personal") or {}).get("text"), one.get("minutes")) for one in given]

    assert due_on(3) == [("№ 5", "Повторить дроби", 15)]
    later = next(day for day in range(4, 12) if school.day(day).isoweekday() != 7)
    school.save(Lesson, school.lesson_row(uuid4(), school.course_id, school.day(later)))
    set_homework(giving, 1, tasks=[{**task, "due": school.day(later)}])
    assert due_on(3) == [("№ 5", None, 15)]
    assert due_on(later) == [("", "Повторить дроби", None)]


def test_tasks_are_for_students_of_the_lesson_and_due_on_a_school_day(giving: Giving) -> None:
    school = giving.school
    sunday = next(day for day in map(school.day, range(4, 20)) if day.isoweekday() == 7)
    for task, rule in (
        ({"student_ids": [school.first_grader], "text": "a"}, "not-in-lesson"),
        ({"student_ids": [school.students[0]], "text": "a", "due": sunday}, "homework-due-day-off"),
    ):
        with pytest.raises(Invalid) as refused:
            set_homework(giving, tasks=[task])
        assert refused.value.rule == rule


def test_to_change_tasks_costs_the_same_however_many_they_are(giving: Giving, engine: Engine) -> None:
    school = giving.school
    with statements(engine) as one:
        set_homework(giving, tasks=[{"student_ids": school.students[:1], "text": "a"}])
    with statements(engine) as many:
        set_homework(giving, 1, tasks=[{"student_ids": [each], "text": str(each)} for each in school.students])
    assert len(one) == len(many) <= 12, many


def test_a_note_is_its_authors_alone(giving: Giving) -> None:
    school = giving.school
    giving.ask(Homework.set_note, text=" Спросить Анну ")
    giving.ask(Homework.set_note, school.homeroom, text="Классный час")
    assert giving.ask(Homework.note) == {"text": "Спросить Анну"}
    assert giving.ask(Homework.note, school.homeroom) == {"text": "Классный час"}
    for method in (Homework.homework, Homework.homework_history, Lessons.lesson):
        assert "Спросить" not in str(giving.ask(method, school.director))
    for method, more in ((Homework.note, {}), (Homework.set_note, {"text": "a"})):
        with pytest.raises(NotFound):
            giving.ask(method, school.other_teacher, **more)
        with pytest.raises(Forbidden):
            giving.ask(method, school.director, **more)
    giving.ask(Homework.set_note, text=" ")
    assert (giving.ask(Homework.note), school.count(LessonNote)) == ({"text": ""}, 1)


def test_the_day_says_what_each_lesson_has_and_when_the_next_one_is(giving: Giving, engine: Engine) -> None:
    school = giving.school
    giving.ask(Homework.set_homework, version=0, minutes=20, links=[LINK])
    giving.with_file()
    with statements(engine) as sent:
        found = giving.ask(Homework.homework_of_day, date=school.today)["lessons"]
    assert len(sent) == 2, sent
    by_id = {one["lesson_id"]: one for one in found}
    assert by_id[str(school.lesson_id)] == {
        "lesson_id": str(school.lesson_id), "minutes": 20, "links": 1, "files": 1, "tasks": 0,
        "next_lesson": school.day(3).isoformat(), "version": 2,
    }  # fmt: skip
    assert by_id[str(school.group_lesson_id)]["next_lesson"] is None
    with pytest.raises(Forbidden):
        giving.ask(
            Homework.homework_of_day, school.other_teacher, date=school.today,
            teacher_id=school.teacher.person_id,
        )  # fmt: skip


def test_nothing_is_there_of_a_lesson_or_a_file_that_does_not_exist(giving: Giving) -> None:
    nothing = UUID(int=7)
    for method in (Homework.homework, Homework.homework_history, Homework.note):
        with pytest.raises(NotFound):
            giving.ask(method, lesson_id=nothing)
    for method in (Homework.homework_file, Homework.remove_file, Homework.restore_file):
        with pytest.raises(NotFound):
            giving.ask(method, file_id=nothing)


def test_notices_of_homework_say_what_it_has_in_one_statement(giving: Giving, engine: Engine) -> None:
    school = giving.school
    notifications, lessons = school.service_actor("notifications"), [school.lesson_id, school.other_lesson_id]
    due = school.day(3).isoformat()
    giving.with_file("б.pdf")
    giving.with_file("а.pdf")
    giving.ask(Homework.remove_file, file_id=giving.with_file("в.pdf"))
    tasks = [{"student_ids": school.students[:2], "text": "№ 12", "due": due}]
    set_homework(giving, 4, links=[LINK], tasks=tasks)
    with statements(engine) as sent:
        found = giving.ask(Journal.notices, notifications, lesson_ids=lessons)["homework"]
    assert len(sent) == 2, "one for marks, one for homework"
    (full,) = [one for one in found if one["lesson_id"] == str(school.lesson_id)]
    (empty,) = [one for one in found if one["lesson_id"] == str(school.other_lesson_id)]
    of_students = sorted(map(str, school.students[:2]))
    assert (full["links"], full["files"]) == ([LINK], ["а.pdf", "б.pdf"])
    assert full["tasks"] == [{"student_id": student, "text": "№ 12", "due": due} for student in of_students]
    assert (empty["links"], empty["files"], empty["tasks"]) == ([], [], [])
