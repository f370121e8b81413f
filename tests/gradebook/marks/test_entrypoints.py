"""Marks: posted one by one and by column, changed, with history and events."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import Connection, Engine, event, update
from uuid_utils.compat import uuid7

from cli.building import marks as building
from contracts.gradebook.marks import Marks
from kernel import context
from kernel.auth import Actor
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Stale
from kernel.texts import Text
from services.gradebook.courses import tables as courses_tables
from services.gradebook.marks import tables as marks_tables
from services.gradebook.policy import tables as policy_tables
from services.gradebook.service import GradebookService
from tests.kit.calls import call, statements


def body(announced: Any) -> dict[str, Any]:
    decoded: dict[str, Any] = msgspec.json.decode(announced.body)
    return decoded


def test_a_posted_mark_is_kept_with_its_first_state_and_announced(school: Any) -> None:
    posted = school.post(0, " 5 ", comment=" well done ")
    assert posted == {
        "id": posted["id"], "lesson_id": str(school.lesson_id), "student_id": str(school.students[0]),
        "kind_id": str(school.answer_id), "value": "5", "comment": "well done",
        "date": school.today.isoformat(), "version": 1,
    }  # fmt: skip
    history = call(school.service, Marks.mark_history, school.teacher, mark_id=posted["id"])
    (state,) = history["revisions"]
    assert (state["version"], state["value"], state["comment"], state["reason"]) == (1, "5", "well done", "")
    assert state["changed_by"] == str(school.teacher.person_id)
    (event,) = school.events("mark_posted")
    assert body(event) == {
        "mark_id": posted["id"], "lesson_id": str(school.lesson_id), "student_id": str(school.students[0]),
    }  # fmt: skip
    assert event.aggregate == f"mark_id:{posted['id']}"


def test_a_mark_of_a_named_kind_opens_a_column_of_its_own(school: Any) -> None:
    answer = school.post(0, "5")
    control = school.post(0, "4", kind_id=school.control_id)
    again = school.post(1, "3", kind_id=school.control_id)
    assert answer["kind_id"] == str(school.answer_id)
    assert control["kind_id"] == again["kind_id"] == str(school.control_id)
    assert school.count(marks_tables.Work) == 2


def test_a_mark_off_the_scale_is_refused(school: Any) -> None:
    with pytest.raises(Invalid) as refused:
        school.post(0, "6")
    assert (refused.value.rule, refused.value.field) == ("mark-off-scale", "value")
    assert school.count(marks_tables.Mark) == school.count(marks_tables.Work) == 0


def test_the_schools_own_scale_holds(school: Any) -> None:
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(policy_tables.Setting).values(lowest=0, highest=6))
    assert school.post(0, "6")["value"] == "6"
    assert school.post(1, "0")["value"] == "0"
    with pytest.raises(Invalid, match="0–6") as refused:
        school.post(2, "7")
    assert refused.value.rule == "mark-off-scale"


@pytest.mark.parametrize(
    ("typed", "stored"), [("4—", "4-"), ("pfx", "зач"), ("OCB", "осв"), ("y/f", "н/а"), ("4, 5", "4/5")]
)
def test_a_mark_is_typed_in_the_language_of_cells_and_kept_as_it_is_written(
    school: Any, typed: str, stored: str
) -> None:
    posted = school.post(0, typed)
    assert posted["value"] == stored
    assert change(school, posted, value="5+")["value"] == "5+"


@pytest.mark.parametrize(("typed", "rule"), [("н", "absence-in-mark"), (".", "owed-work-in-mark")])
def test_what_belongs_elsewhere_is_refused_and_nothing_written(school: Any, typed: str, rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        school.post(0, typed)
    assert (refused.value.rule, refused.value.field) == (rule, "value")
    assert school.count(marks_tables.Mark) == school.count(marks_tables.Work) == 0


def test_no_mark_is_set_in_grade_one(school: Any) -> None:
    command = {"lesson_id": school.first_lesson_id, "student_id": school.first_grader, "value": "осв"}
    with pytest.raises(Invalid) as refused:
        call(school.service, Marks.post_mark, school.teacher, **command)
    assert refused.value.rule == "no-marks-in-grade-1"


def test_a_first_grader_in_a_mixed_group_gets_no_mark_and_the_older_student_does(school: Any) -> None:
    lesson = {"lesson_id": school.group_lesson_id, "value": "5"}
    call(school.service, Marks.post_mark, school.teacher, student_id=school.students[0], **lesson)
    with pytest.raises(Invalid) as refused:
        call(school.service, Marks.post_mark, school.teacher, student_id=school.first_grader, **lesson)
    assert refused.value.rule == "no-marks-in-grade-1"


def test_of_a_column_of_several_grades_the_first_graders_alone_are_refused(school: Any) -> None:
    marks = [{"student_id": one, "value": "5"} for one in (school.students[0], school.first_grader)]
    command = {"lesson_id": school.group_lesson_id, "marks": marks}
    with pytest.raises(Invalid) as refused:
        call(school.service, Marks.post_marks, school.teacher, **command)
    assert (refused.value.field, refused.value.rule) == ("marks.1.student_id", "no-marks-in-grade-1")


def test_a_lesson_to_come_takes_no_mark(school: Any) -> None:
    with pytest.raises(Invalid) as refused:
        school.post(0, lesson_id=school.future_lesson_id)
    assert (refused.value.rule, refused.value.field) == ("lesson-in-future", "lesson_id")


@pytest.mark.parametrize("offset", [-30, -1, 1])
def test_only_those_in_the_course_on_the_lessons_date_get_marks(school: Any, offset: int) -> None:
    joined, left = uuid7(), uuid7()
    later = school.member_row(school.course_id, joined, since=offset)
    gone = school.member_row(school.course_id, left) | {"until": school.day(offset)}
    school.save(courses_tables.CourseMember, later, gone)
    for student, was_there in ((joined, offset <= 0), (left, offset >= 0)):
        command = {"lesson_id": school.lesson_id, "student_id": student, "value": "4"}
        if was_there:
            call(school.service, Marks.post_mark, school.teacher, **command)
        else:
            with pytest.raises(Invalid) as refused:
                call(school.service, Marks.post_mark, school.teacher, **command)
            assert refused.value.rule == "student-not-in-course"


def test_a_second_mark_in_a_column_is_a_conflict_that_names_student_and_mark(school: Any) -> None:
    first = school.post(0, "5")
    with pytest.raises(Conflict) as refused:
        school.post(0, "4")
    assert refused.value.params == {"student_id": str(school.students[0]), "mark_id": first["id"]}


def test_a_kind_of_work_that_is_not_there_is_not_found(school: Any) -> None:
    with pytest.raises(NotFound):
        school.post(0, kind_id=uuid4())


def test_without_a_kind_for_answers_one_has_to_be_named(school: Any) -> None:
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(marks_tables.KindOfWork.__table__.update().values(is_answer=False))
    with pytest.raises(NotFound) as refused:
        school.post(0)
    assert refused.value.rule == "kind-required"


# --- columns


def column(school: Any, *entries: tuple[int, str], **more: Any) -> dict[str, Any]:
    marks = [{"student_id": school.students[index], "value": value} for index, value in entries]
    command = {"lesson_id": school.lesson_id, "marks": marks, **more}
    return call(school.service, Marks.post_marks, school.teacher, **command)


def test_a_column_is_posted_in_order_with_history_and_one_event(school: Any) -> None:
    posted = column(school, (2, "3"), (0, "5"), (1, "н/а"))["marks"]
    assert [(mark["student_id"], mark["value"]) for mark in posted] == [
        (str(school.students[2]), "3"), (str(school.students[0]), "5"), (str(school.students[1]), "н/а"),
    ]  # fmt: skip
    assert school.count(marks_tables.Mark) == school.count(marks_tables.MarkRevision) == 3
    (announced,) = school.events("marks_posted")
    assert body(announced) == {
        "lesson_id": str(school.lesson_id),
        "marks": {mark["student_id"]: mark["id"] for mark in posted},
    }
    assert not school.events("mark_posted")


@pytest.mark.parametrize(
    ("entries", "rule", "field"),
    [
        ([(0, "5"), (1, "6")], "mark-off-scale", "marks.1.value"),
        ([(0, "5"), (1, "4"), (0, "3")], "student-twice", "marks.2.student_id"),
    ],
)
def test_a_column_with_one_fault_writes_nothing(school: Any, entries: Any, rule: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        column(school, *entries)
    assert (refused.value.rule, refused.value.field) == (rule, field)
    assert school.count(marks_tables.Mark) == school.count(marks_tables.Work) == 0
    assert not school.events("mark_posted", "marks_posted")


def test_a_column_with_a_student_who_has_a_mark_writes_nothing(school: Any) -> None:
    school.post(1, "5")
    with pytest.raises(Conflict) as refused:
        column(school, (0, "5"), (1, "4"))
    assert refused.value.params["student_id"] == str(school.students[1])
    assert school.count(marks_tables.Mark) == 1


def keyed(school: Any) -> context.Call:
    """A call with an idempotency key."""
    return context.Call(
        tenant_id=school.id, account_id=school.teacher.account_id, idempotency_key="k1", operation="gradebook.post_mark"
    )


def grown(school: Any, students: int) -> None:
    school.students += [uuid7() for _ in range(students - len(school.students))]
    rows = [school.member_row(school.course_id, student_id) for student_id in school.students[3:]]
    school.save(courses_tables.CourseMember, *rows)


def test_thirty_marks_cost_as_many_statements_as_one(school: Any, another_school: Any, engine: Engine) -> None:
    for one in (school, another_school):
        grown(one, 30)
    with statements(engine) as for_one:
        column(school, (0, "5"))
    with statements(engine) as for_thirty, context.handling(keyed(another_school)):
        column(another_school, *((index, "4") for index in range(30)))
    (announced,) = another_school.events("marks_posted")
    assert another_school.count(marks_tables.MarkRevision) == len(body(announced)["marks"]) == 30
    assert len(for_one) == 3, "what locks the lesson, what decides, what saves"
    assert len(for_thirty) == 4, "beside them what claims the key; the answer is kept by what saves"


# --- changes


def change(school: Any, mark: dict[str, Any], actor: Actor | None = None, **more: Any) -> dict[str, Any]:
    command = {
        "mark_id": mark["id"],
        "value": "4",
        "reason": "typed wrongly",
        "version": mark["version"],
        **more,
    }
    return call(school.service, Marks.change_mark, actor or school.teacher, **command)


def test_a_change_keeps_who_when_and_why_and_is_announced(school: Any) -> None:
    posted = school.post(0, "5", comment="good")
    changed = change(school, posted)
    assert changed == posted | {"value": "4", "version": 2}
    history = call(school.service, Marks.mark_history, school.director, mark_id=posted["id"])["revisions"]
    states = [(state["version"], state["value"], state["comment"], state["reason"]) for state in history]
    assert states == [(1, "5", "good", ""), (2, "4", "good", "typed wrongly")]
    (event,) = school.events("mark_changed")
    assert body(event) == {
        "mark_id": posted["id"], "lesson_id": posted["lesson_id"], "student_id": posted["student_id"],
        "version": 2,
    }  # fmt: skip


def test_a_mark_is_taken_back_and_set_again(school: Any) -> None:
    taken = change(school, school.post(0, "2"), value=None)
    assert (taken["value"], taken["version"]) == (None, 2)
    again = change(school, taken, value="3", comment="second try")
    assert (again["value"], again["comment"], again["version"]) == ("3", "second try", 3)


def test_a_stale_change_is_told_the_present_state_and_changes_nothing(school: Any) -> None:
    posted = school.post(0, "5")
    changed = change(school, posted)
    with pytest.raises(Stale) as refused:
        change(school, posted, value="3")
    assert refused.value.params["present"] == changed
    assert school.count(marks_tables.MarkRevision) == 2


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"value": "7"}, "mark-off-scale"),
        ({"value": "Б"}, "absence-in-mark"),
        ({"value": "4.5"}, "mark-with-fraction"),
        ({"reason": "    "}, "reason-required"),
        ({"value": "5"}, "mark-unchanged"),
        ({"reason": "x"}, "schema"),
    ],
)
def test_a_change_against_a_rule_is_refused(school: Any, more: dict[str, Any], rule: str) -> None:
    posted = school.post(0, "5")
    with pytest.raises(Invalid) as refused:
        change(school, posted, **more)
    assert refused.value.rule == rule
    assert school.count(marks_tables.MarkRevision) == 1


def test_a_mark_cannot_be_smuggled_into_grade_one_by_a_change(school: Any) -> None:
    lesson = school.lesson_row(school.first_lesson_id, school.first_course_id, school.today)
    work = building.work(lesson, school.answer_id)
    mark = building.mark(work, lesson, school.first_grader, None)
    school.save(marks_tables.Work, work)
    school.save(marks_tables.Mark, mark)
    with pytest.raises(Invalid) as refused:
        change(school, mark, value="5")
    assert refused.value.rule == "no-marks-in-grade-1"


# --- who may


def test_only_the_courses_teacher_posts_and_changes(school: Any) -> None:
    posted = school.post(0, "5")
    command = {"lesson_id": school.lesson_id, "student_id": school.students[1], "value": "5"}
    outcomes: list[tuple[Actor, type[Refused]]] = [
        (school.other_teacher, NotFound),  # may not read the course either
        (school.homeroom, Forbidden),
        (school.director, Forbidden),
        (school.deputy, Forbidden),
        (school.methodologist, Forbidden),
        (school.parent, Forbidden),
        (school.student, Forbidden),
        (school.actor("operator"), Forbidden),
        (school.actor("plan_head"), Forbidden),
        (school.service_actor("printing"), Forbidden),
        (school.service_actor("identity"), Forbidden),
    ]
    for actor, refusal in outcomes:
        with pytest.raises(refusal) as refused:
            call(school.service, Marks.post_mark, actor, **command)
        assert type(refused.value) is refusal, actor
        with pytest.raises(refusal):
            change(school, posted, actor)
    assert school.count(marks_tables.MarkRevision) == 1


def test_another_teachers_lesson_is_refused_in_the_words_of_one_that_does_not_exist(school: Any) -> None:
    command = {"student_id": school.students[0], "value": "5"}
    words = []
    for lesson_id in (school.lesson_id, uuid4()):
        with pytest.raises(NotFound) as refused:
            call(school.service, Marks.post_mark, school.other_teacher, lesson_id=lesson_id, **command)
        words.append((refused.value.message, refused.value.rule, refused.value.params == {
            "what": Text("lesson"), "id": str(lesson_id),
        }))  # fmt: skip
    assert words[0] == words[1]
    assert words[0][2]


def test_an_id_of_another_school_does_not_exist(school: Any, another_school: Any) -> None:
    posted = another_school.post(0, "5")
    with pytest.raises(NotFound):
        school.post(0, lesson_id=another_school.lesson_id)
    with pytest.raises(NotFound):
        school.post(0, kind_id=another_school.control_id)
    with pytest.raises(Invalid) as refused:
        school.post(0, student_id=another_school.students[0])
    assert refused.value.rule == "student-not-in-course"
    with pytest.raises(NotFound):
        change(school, posted)
    with pytest.raises(NotFound):
        call(school.service, Marks.mark_history, school.director, mark_id=posted["id"])
    assert school.count(marks_tables.Mark) == 0


def test_a_teacher_of_both_schools_acts_in_one_of_them_at_a_time(school: Any, another_school: Any) -> None:
    """A person of another school with the teacher's very id is not the teacher here."""
    twin = Actor(another_school.id, school.teacher.person_id, uuid4(), uuid4(), frozenset({"teacher"}))
    with pytest.raises(NotFound):
        call(
            school.service, Marks.post_mark, twin,
            lesson_id=school.lesson_id, student_id=school.students[0], value="5",
        )  # fmt: skip


@pytest.mark.parametrize("reader", ["teacher", "homeroom", "director", "deputy", "methodologist", "parent", "student"])
def test_a_marks_history_is_read_by_staff_of_the_course_and_the_family(school: Any, reader: str) -> None:
    posted = school.post(0, "5")
    history = call(school.service, Marks.mark_history, getattr(school, reader), mark_id=posted["id"])
    assert [state["value"] for state in history["revisions"]] == ["5"]


def test_why_a_mark_was_changed_is_read_by_staff_alone(school: Any) -> None:
    posted = school.post(0, "5")
    change(school, posted, reason="typed wrongly", comment="see the notebook")
    teacher_and_parent = school.actor("teacher", "parent", person_id=school.parent.person_id)
    readers = {"director": 1, "homeroom": 1, "teacher": 1, "parent": 0, "student": 0}
    actors = {**{name: getattr(school, name) for name in readers}, "as the family": teacher_and_parent}
    for name, actor in actors.items():
        history = call(school.service, Marks.mark_history, actor, mark_id=posted["id"])["revisions"]
        assert [one["reason"] for one in history] == ["", "typed wrongly" if readers.get(name) else ""], name
        assert history[1]["comment"] == "see the notebook"


def test_a_marks_history_does_not_exist_for_others(school: Any) -> None:
    posted = school.post(0, "5")
    others = [school.other_teacher, school.other_parent, school.other_student]
    others += [school.actor("parent", person_id=school.students[0])]
    for actor in others:
        with pytest.raises(NotFound):
            call(school.service, Marks.mark_history, actor, mark_id=posted["id"])
    for actor in (school.actor("operator"), school.service_actor("printing")):
        with pytest.raises(Forbidden):
            call(school.service, Marks.mark_history, actor, mark_id=posted["id"])


# --- repetition


def test_a_repeated_command_answers_as_the_first_time_and_posts_once(school: Any) -> None:
    answers = []
    for _ in range(2):
        with context.handling(keyed(school)):
            answers.append(school.post(0, "5"))
    assert answers[0] == answers[1]
    assert school.count(marks_tables.Mark) == len(school.events("mark_posted")) == 1


def test_nothing_is_kept_or_announced_when_the_transaction_fails(school: Any, service: GradebookService) -> None:
    def fail(_connection: Connection) -> None:
        raise RuntimeError("the power went")

    engine = service.unit_of_work.engine
    event.listen(engine, "commit", fail)
    try:
        with pytest.raises(RuntimeError, match="the power went"):
            column(school, (0, "5"))
    finally:
        event.remove(engine, "commit", fail)
    assert school.count(marks_tables.Mark) == school.count(marks_tables.Work) == 0
    assert not school.events("mark_posted", "marks_posted")
