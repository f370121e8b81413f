"""A column that holds marks already: read, added to, changed and taken back in one command."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from uuid_utils.compat import uuid7

from cli.building import marks as building
from contracts.gradebook.marks import Marks
from kernel import context
from kernel.auth import Actor
from kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from services.gradebook.courses import tables as courses_tables
from services.gradebook.marks import tables as marks_tables
from tests.gradebook.marks.test_entrypoints import body, change, grown
from tests.kit.calls import call, statements
from tests.kit.databases import on_both

REASON = "typed wrongly"


def entry(school: Any, student: int, value: str | None, version: int | None = None, **more: Any) -> dict[str, Any]:
    return {"student_id": school.students[student], "value": value, "version": version, **more}


def set_column(school: Any, *entries: dict[str, Any], actor: Actor | None = None, **more: Any) -> list[dict[str, Any]]:
    command = {"lesson_id": school.lesson_id, "marks": list(entries), **more}
    found: list[dict[str, Any]] = call(school.service, Marks.set_column, actor or school.teacher, **command)["marks"]
    return found


def read(school: Any, actor: Actor | None = None) -> dict[str, Any]:
    return call(school.service, Marks.lesson_marks, actor or school.teacher, lesson_id=school.lesson_id)


def lesson_marks(school: Any, actor: Actor | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(school, actor)["marks"]
    return found


def values(school: Any) -> dict[str, str | None]:
    """Student → the value of the student's answer."""
    return {mark["student_id"]: mark["value"] for mark in lesson_marks(school)}


def imported(school: Any, student: int, value: str) -> dict[str, Any]:
    """A mark of an answer in a column that an import brought."""
    lesson = school.lesson_row(school.lesson_id, school.course_id, school.today)
    work = building.work(lesson, school.answer_id, source_id=str(uuid7()))
    mark = building.mark(work, lesson, school.students[student], value)
    school.save(marks_tables.Work, work)
    school.save(marks_tables.Mark, mark)
    return mark


@on_both
def test_d04_a_column_is_added_to_changed_and_taken_back_at_once(school: Any) -> None:
    first, second = school.post(0, "5", comment="good"), school.post(1, "3")
    saved = set_column(
        school, entry(school, 2, "4", comment=" new "), entry(school, 0, "4", 1), entry(school, 1, None, 1),
        reason=f" {REASON} ",
    )  # fmt: skip
    assert saved == [
        {**saved[0], "student_id": str(school.students[2]), "value": "4", "comment": "new", "version": 1},
        {**first, "value": "4", "version": 2},
        {**second, "value": None, "version": 2},
    ]
    assert sorted(lesson_marks(school), key=str) == sorted(saved, key=str)
    history = call(school.service, Marks.mark_history, school.teacher, mark_id=first["id"])["revisions"]
    states = [(state["value"], state["comment"], state["reason"]) for state in history]
    assert states == [("5", "good", ""), ("4", "good", REASON)]
    assert {state["changed_by"] for state in history} == {str(school.teacher.person_id)}
    (new,) = call(school.service, Marks.mark_history, school.teacher, mark_id=saved[0]["id"])["revisions"]
    assert (new["version"], new["reason"]) == (1, "")


def test_d04_new_marks_are_announced_together_and_each_change_by_itself(school: Any) -> None:
    changed = [school.post(student, "5") for student in (0, 1)]
    before = len(school.events("mark_posted", "marks_posted"))
    (new, *_) = set_column(
        school, entry(school, 2, "4"), entry(school, 0, "4", 1), entry(school, 1, None, 1), reason=REASON
    )
    (posted,) = school.events("mark_posted", "marks_posted")[before:]
    assert body(posted) == {"lesson_id": str(school.lesson_id), "marks": {new["student_id"]: new["id"]}}
    assert [body(one) for one in school.events("mark_changed")] == [
        {"mark_id": mark["id"], "lesson_id": mark["lesson_id"], "student_id": mark["student_id"], "version": 2}
        for mark in changed
    ]


def test_d04_what_says_the_same_is_left_alone_and_needs_no_reason(school: Any) -> None:
    kept = [school.post(0, "зач", comment="good"), school.post(1, "5")]
    saved = set_column(
        school, entry(school, 0, "pfx", 1, comment="good"), entry(school, 1, "5"), entry(school, 2, None)
    )
    assert saved == kept
    assert school.count(marks_tables.MarkRevision) == 2
    assert not school.events("mark_changed")


def test_d04_students_left_out_keep_their_marks(school: Any) -> None:
    school.post(0, "5")
    set_column(school, entry(school, 1, "4"))
    assert values(school) == {str(school.students[0]): "5", str(school.students[1]): "4"}


def test_d04_a_mark_taken_back_is_set_again_by_its_version(school: Any) -> None:
    taken = change(school, school.post(0, "2"), value=None)
    (again,) = set_column(school, entry(school, 0, "4", taken["version"]), reason=REASON)
    assert (again["id"], again["value"], again["version"]) == (taken["id"], "4", 3)
    assert school.count(marks_tables.Mark) == 1


@pytest.mark.parametrize(
    ("entries", "more", "rule", "fields"),
    [
        ([(0, "6", 1)], {"reason": REASON}, "mark-off-scale", {"marks.0.value"}),
        ([(1, "н", None), (0, "6", 1), (2, "4", None)], {"reason": REASON}, "absence-in-mark",
         {"marks.0.value", "marks.1.value"}),
        ([(0, "4", 1)], {}, "reason-required", {"reason"}),
        ([(0, None, 1)], {"reason": " x "}, "reason-required", {"reason"}),
        ([(0, "4", 1), (1, "9", None)], {}, "mark-off-scale", {"marks.1.value", "reason"}),
        ([(1, "4", None), (1, "5", None)], {}, "student-twice", {"marks.1.student_id"}),
    ],
)  # fmt: skip
def test_d04_all_that_is_wrong_is_told_at_once_and_nothing_is_written(
    school: Any, entries: list[Any], more: dict[str, Any], rule: str, fields: set[str]
) -> None:
    school.post(0, "5")
    with pytest.raises(Invalid) as refused:
        set_column(school, *(entry(school, *one) for one in entries), **more)
    assert refused.value.rule == rule
    told = {fault.field for fault in refused.value.faults} or {refused.value.field}
    assert told == fields
    assert values(school) == {str(school.students[0]): "5"}
    assert school.count(marks_tables.MarkRevision) == 1
    assert not school.events("marks_posted", "mark_changed")


def test_d04_changes_by_others_are_told_for_each_student_with_what_is_there_now(school: Any) -> None:
    first, second = school.post(0, "5"), school.post(1, "4")
    now = [change(school, first, value="3"), change(school, second, value=None)]
    with pytest.raises(Stale) as refused:
        set_column(school, entry(school, 2, "5"), entry(school, 0, "4", 1), entry(school, 1, "5", 1), reason=REASON)
    told = {fault.field: str(fault.text) for fault in refused.value.faults}
    assert told == {
        "marks.1.version": "Meanwhile 3 was saved here; you entered 4.",
        "marks.2.version": "Meanwhile the mark was taken back here; you entered 5.",
    }
    assert sorted(refused.value.params["present"]["marks"], key=str) == sorted(now, key=str)
    assert school.count(marks_tables.Mark) == 2, "nothing of it was saved"


def test_d04_a_mark_that_somebody_else_set_meanwhile_is_a_conflict(school: Any) -> None:
    theirs = school.post(0, "5")
    with pytest.raises(Stale, match="Meanwhile 5 was saved here; you entered 4") as refused:
        set_column(school, entry(school, 0, "4"))
    assert refused.value.params["present"] == {"marks": [theirs]}


@on_both
def test_d04_an_imported_mark_is_the_one_that_is_changed(school: Any) -> None:
    brought = imported(school, 0, "4")
    (changed, new) = set_column(school, entry(school, 0, "5", 1), entry(school, 1, "3"), reason=REASON)
    assert (changed["id"], changed["value"]) == (str(brought["id"]), "5")
    assert values(school) == {str(school.students[0]): "5", new["student_id"]: "3"}


@on_both
def test_d04_of_several_marks_of_one_kind_the_one_entered_here_comes_first_and_is_changed(school: Any) -> None:
    imported(school, 0, "2")
    own = school.post(0, "4")
    assert [mark["value"] for mark in lesson_marks(school)] == ["4", "2"]
    (changed,) = set_column(school, entry(school, 0, "5", 1), reason=REASON)
    assert changed["id"] == own["id"]


def test_d04_who_left_the_course_keeps_a_mark_that_can_be_changed_and_gets_no_new_one(school: Any) -> None:
    stranger = uuid7()
    lesson = school.lesson_row(school.lesson_id, school.course_id, school.today)
    work = building.work(lesson, school.answer_id, source_id="journal-1")
    school.save(marks_tables.Work, work)
    school.save(marks_tables.Mark, building.mark(work, lesson, stranger, "4"))
    (changed,) = set_column(school, {"student_id": stranger, "value": "5", "version": 1}, reason=REASON)
    assert changed["value"] == "5"
    with pytest.raises(Invalid) as refused:
        set_column(school, {"student_id": uuid7(), "value": "5"})
    assert refused.value.rule == "student-not-in-course"


def test_d04_a_mark_in_grade_one_can_only_be_taken_back(school: Any) -> None:
    lesson = school.lesson_row(school.first_lesson_id, school.first_course_id, school.today)
    work = building.work(lesson, school.answer_id, source_id="journal-1")
    school.save(marks_tables.Work, work)
    school.save(marks_tables.Mark, building.mark(work, lesson, school.first_grader, "4"))
    own = {"lesson_id": school.first_lesson_id, "reason": REASON}
    with pytest.raises(Invalid) as refused:
        set_column(school, {"student_id": school.first_grader, "value": "5", "version": 1}, **own)
    assert refused.value.rule == "no-marks-in-grade-1"
    (taken,) = set_column(school, {"student_id": school.first_grader, "value": None, "version": 1}, **own)
    assert taken["value"] is None


def test_d04_a_lesson_to_come_and_a_kind_that_is_not_there_are_refused(school: Any) -> None:
    with pytest.raises(Invalid) as refused:
        set_column(school, entry(school, 0, "5"), lesson_id=school.future_lesson_id)
    assert refused.value.rule == "lesson-in-future"
    with pytest.raises(NotFound):
        set_column(school, entry(school, 0, "5"), kind_id=uuid4())


def test_d13_one_kind_is_the_answer_in_a_lesson(school: Any) -> None:
    found = call(school.service, Marks.kinds, school.parent)["kinds"]
    assert [kind["id"] for kind in found if kind["is_answer"]] == [str(school.answer_id)]
    assert len(found) == 2


# --- what it costs, who may, repetition


def test_d04_thirty_marks_new_changed_and_taken_back_cost_as_many_statements_as_three(
    school: Any, another_school: Any, engine: Engine
) -> None:
    counts = []
    for one, students in ((school, 3), (another_school, 30)):
        grown(one, 30)
        for student in range(students // 3 * 2):
            one.post(student, "3")
        third = students // 3
        entries = [
            *(entry(one, student, "4", 1) for student in range(third)),
            *(entry(one, student, None, 1) for student in range(third, 2 * third)),
            *(entry(one, student, "5") for student in range(2 * third, students)),
        ]
        with statements(engine) as sent:
            set_column(one, *entries, reason=REASON)
        counts.append(len(sent))
        assert one.count(marks_tables.MarkRevision) == 2 * (students // 3 * 2) + third
    assert counts == [5, 5], "what locks the lesson, what decides, the marks there, their changes, what is added"


def test_d04_reading_the_marks_of_a_lesson_costs_two_statements(school: Any, engine: Engine) -> None:
    for student in range(3):
        school.post(student, "3")
    with statements(engine) as sent:
        lesson_marks(school)
    assert len(sent) == 2


def test_d04_only_the_courses_teacher_sets_a_column(school: Any) -> None:
    outcomes: list[tuple[Actor, type[Refused]]] = [
        (school.other_teacher, NotFound),
        (school.homeroom, Forbidden),
        (school.director, Forbidden),
        (school.methodologist, Forbidden),
        (school.parent, Forbidden),
        (school.student, Forbidden),
        (school.actor("operator"), Forbidden),
        (school.service_actor("printing"), Forbidden),
    ]
    for actor, refusal in outcomes:
        with pytest.raises(refusal) as refused:
            set_column(school, entry(school, 0, "5"), actor=actor)
        assert type(refused.value) is refusal, actor
    assert school.count(marks_tables.Mark) == 0


@pytest.mark.parametrize("reader", ["teacher", "homeroom", "director", "deputy", "methodologist"])
def test_d04_staff_of_the_course_read_the_marks_of_a_lesson(school: Any, reader: str) -> None:
    posted = school.post(0, "5")
    found = read(school, getattr(school, reader))
    assert (found["marks"], found["may_write"]) == ([posted], reader == "teacher")
    open_now = {"closed": None, "opened_until": None, "late": None}
    assert found["windows"] == [{"kind_id": str(one), **open_now} for one in (school.control_id, school.answer_id)]


@pytest.mark.parametrize(("until", "reads"), [(-1, False), (0, True), (5, True)])
def test_d04_a_teacher_who_was_replaced_reads_the_marks_of_lessons_until_then(
    school: Any, until: int, reads: bool
) -> None:
    posted = school.post(0, "5")
    with school.service.unit_of_work.of(school.id) as session:
        row = session.get_one(courses_tables.CourseTeacher, (school.id, school.course_id, school.teacher.person_id))
        row.until = school.day(until)
    if reads:
        found = read(school)
        assert (found["marks"], found["may_write"]) == ([posted], True)
    else:
        with pytest.raises(NotFound):
            read(school)
        with pytest.raises(Forbidden, match="You taught this course until"):
            set_column(school, entry(school, 0, "4", 1), reason=REASON)


def test_d04_the_marks_of_a_lesson_do_not_exist_for_others(school: Any, another_school: Any) -> None:
    school.post(0, "5")
    for actor in (school.other_teacher, another_school.director):
        with pytest.raises(NotFound):
            lesson_marks(school, actor)
    for actor in (school.parent, school.student, school.actor("operator"), school.service_actor("printing")):
        with pytest.raises(Forbidden):
            lesson_marks(school, actor)


def test_d04_another_schools_column_does_not_exist(school: Any, another_school: Any) -> None:
    theirs = another_school.post(0, "5")
    for lesson, kind, student in (
        (another_school.lesson_id, None, school.students[0]),
        (school.lesson_id, another_school.control_id, school.students[0]),
    ):
        with pytest.raises(NotFound):
            set_column(school, {"student_id": student, "value": "4"}, lesson_id=lesson, kind_id=kind)
    with pytest.raises(Invalid) as refused:
        set_column(school, {"student_id": UUID(theirs["student_id"]), "value": None, "version": 1}, reason=REASON)
    assert refused.value.rule == "student-not-in-course"


def test_d04_a_column_sent_twice_with_one_key_is_saved_once(school: Any) -> None:
    school.post(0, "5")
    key = context.Call(
        tenant_id=school.id, account_id=school.teacher.account_id, idempotency_key="k1",
        operation="gradebook.set_column",
    )  # fmt: skip
    answers = []
    for _ in range(2):
        with context.handling(key):
            answers.append(set_column(school, entry(school, 0, "4", 1), entry(school, 1, "5"), reason=REASON))
    assert answers[0] == answers[1]
    assert school.count(marks_tables.MarkRevision) == 3


def test_d04_a_member_of_a_mixed_group_goes_by_the_own_grade(school: Any) -> None:
    lesson = {"lesson_id": school.group_lesson_id}
    set_column(school, entry(school, 0, "5"), **lesson)
    with pytest.raises(Invalid) as refused:
        set_column(school, {"student_id": school.first_grader, "value": "5"}, **lesson)
    assert refused.value.rule == "no-marks-in-grade-1"
