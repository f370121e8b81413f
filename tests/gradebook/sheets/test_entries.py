"""Cells of the grid: each entry is saved, or not, by itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from uuid_utils.compat import uuid7

from contracts.gradebook.marks import Marks
from contracts.gradebook.sheets import Sheets
from kernel.auth import Actor
from kernel.data import inbox
from kernel.errors import Forbidden, NotFound
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks import tables as marks_tables
from tests.gradebook.marks.test_columns import imported, values
from tests.gradebook.marks.test_entrypoints import body, change
from tests.kit.calls import call, statements
from tests.kit.databases import on_both

REASON = "typed wrongly"


def entry(school: Any, student: int, text: str, seen: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "key": uuid4(), "lesson_id": school.lesson_id, "student_id": school.students[student], "text": text,
        "seen": seen, **more,
    }  # fmt: skip


def enter(school: Any, *entries: dict[str, Any], actor: Actor | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = call(
        school.service, Sheets.enter_cells, actor or school.teacher, course_id=school.course_id, entries=list(entries)
    )["answers"]
    return found


def told(answer: dict[str, Any]) -> tuple[str, str | None, str | None]:
    """State, rule and text of an answer."""
    refusal, marks = answer["refusal"], answer["marks"]
    return answer["state"], refusal and refusal["rule"], marks and marks["text"]


@on_both
def test_cells_are_set_changed_taken_back_and_revived_by_their_whole_text(school: Any) -> None:
    (first, second) = enter(school, entry(school, 0, "4+"), entry(school, 1, "5/4", comment=" good "))
    assert [told(one) for one in (first, second)] == [("saved", None, "4+"), ("saved", None, "5/4")]
    assert (second["marks"]["comment"], second["marks"]["by"]) == ("good", str(school.teacher.person_id))
    (third, fourth) = enter(
        school, entry(school, 0, "5", "m1", reason=REASON), entry(school, 1, "", "m1", reason=REASON)
    )
    assert [told(one) for one in (third, fourth)] == [("saved", None, "5"), ("saved", None, "")]
    assert third["marks"]["version"] == 2
    (fifth,) = enter(school, entry(school, 1, "3", reason=REASON))
    assert (told(fifth), fifth["marks"]["version"]) == (("saved", None, "3"), 3)
    assert values(school) == {str(school.students[0]): "5", str(school.students[1]): "3"}
    assert school.count(marks_tables.Mark) == 2


def test_new_marks_of_a_column_are_one_event_and_each_change_one(school: Any) -> None:
    enter(school, entry(school, 0, "4"), entry(school, 1, "5"), entry(school, 2, "5", kind_id=school.control_id))
    posted = [body(one) for one in school.events("marks_posted")]
    assert sorted(len(one["marks"]) for one in posted) == [1, 2]
    enter(school, entry(school, 0, "5", "m1", reason=REASON), entry(school, 1, "", "m1", reason=REASON))
    assert len(school.events("mark_changed")) == 2


def test_the_wrong_keyboard_layout_is_understood(school: Any) -> None:
    (answer,) = enter(school, entry(school, 0, "pfx"))
    assert told(answer) == ("saved", None, "зач")


@pytest.mark.parametrize(
    ("text", "code"), [("y", "Н"), ("о 5", "О"), ("Н/Б", "Н"), ("H", "Н"), ("б", "Б"), ("5", None), ("", None)]
)
def test_what_is_attendances_is_told_and_not_kept(school: Any, text: str, code: str | None) -> None:
    (answer,) = enter(school, entry(school, 0, text))
    assert answer["state"] == "saved"
    assert answer["absence"] == (code and {"code": code, "seen": None})


def test_an_absence_that_was_seen_and_is_gone_from_the_text_is_to_be_withdrawn(school: Any) -> None:
    (answer,) = enter(school, entry(school, 0, "5", "a3"))
    assert (told(answer), answer["absence"]) == (("saved", None, "5"), {"code": None, "seen": 3})


def test_one_bad_entry_costs_that_entry_and_its_fault_has_a_place(school: Any) -> None:
    answers = enter(school, entry(school, 0, "5"), entry(school, 1, "4 ж"), entry(school, 2, "3"))
    assert [told(one) for one in answers] == [
        ("saved", None, "5"), ("refused", "cell-unreadable", None), ("saved", None, "3")
    ]  # fmt: skip
    refusal = answers[1]["refusal"]
    assert (refusal["field"], refusal["params"]["position"], refusal["params"]["piece"]) == ("text", 2, "ж")
    assert refusal["faults"][0]["params"]["position"] == 2
    assert values(school) == {str(school.students[0]): "5", str(school.students[2]): "3"}


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"text": "6"}, "mark-off-scale"),
        ({"text": ". ."}, "two-owed"),
        ({"text": "н б"}, "two-absences"),
        ({"text": "5", "seen": "v1"}, "seen-unreadable"),
        ({"text": "н", "comment": "why"}, "comment-without-mark"),
        ({"text": "5", "kind_id": uuid7()}, "no-such-kind of work"),
        ({"text": "5", "student_id": uuid7()}, "student-not-in-course"),
        ({"text": "5", "lesson_id": uuid7()}, "no-such-lesson"),
    ],
)
def test_what_cannot_be_entered_is_refused(school: Any, more: dict[str, Any], rule: str) -> None:
    (answer,) = enter(school, entry(school, 0, **{"text": "5", **more}))
    assert told(answer)[:2] == ("refused", rule)
    assert school.count(marks_tables.Mark) == 0


def test_the_rules_of_the_column_hold_for_each_cell(school: Any) -> None:
    future, of_others = {"lesson_id": school.future_lesson_id}, {"lesson_id": school.other_lesson_id}
    answers = enter(school, entry(school, 0, "5", **future), entry(school, 1, "5", **of_others), entry(school, 2, "5"))
    assert [told(one)[:2] for one in answers] == [
        ("refused", "lesson-in-future"), ("refused", "no-such-lesson"), ("saved", None)
    ]  # fmt: skip


def test_a_closed_term_says_until_when_it_was_open(school: Any) -> None:
    school.end_term(4)
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == school.lesson_id).values(date=school.day(-10)))
    (answer,) = enter(school, entry(school, 0, "5"))
    assert told(answer)[:2] == ("refused", "term-closed")
    assert set(answer["refusal"]["dates"]) == {"ended_on", "date"}


def test_grade_1_gets_no_marks_but_its_absences_are_told(school: Any) -> None:
    first = {"student_id": school.first_grader, "lesson_id": school.first_lesson_id}
    answers = call(
        school.service, Sheets.enter_cells, school.teacher, course_id=school.first_course_id,
        entries=[entry(school, 0, "5", **first)],
    )["answers"]  # fmt: skip
    assert told(answers[0])[:2] == ("refused", "no-marks-in-grade-1")
    answers = call(
        school.service, Sheets.enter_cells, school.teacher, course_id=school.first_course_id,
        entries=[entry(school, 0, "н", **first)],
    )["answers"]  # fmt: skip
    assert (answers[0]["state"], answers[0]["absence"]) == ("saved", {"code": "Н", "seen": None})


def test_two_teachers_in_one_cell_the_second_sees_the_first(school: Any) -> None:
    enter(school, entry(school, 0, "4"))
    (answer,) = enter(school, entry(school, 0, "5", reason=REASON))
    assert told(answer) == ("conflict", "stale", "4")
    assert answer["marks"]["by"] == str(school.teacher.person_id)
    assert answer["marks"]["at"]
    enter(school, entry(school, 0, "", "m1", reason=REASON))
    (answer,) = enter(school, entry(school, 0, "5", "m1", reason=REASON))
    assert told(answer) == ("conflict", "stale", "")
    assert values(school) == {str(school.students[0]): None}


def test_the_same_from_two_sides_is_no_conflict_and_no_history(school: Any) -> None:
    enter(school, entry(school, 0, "4"))
    (same, gone) = enter(school, entry(school, 0, "4", "m7"), entry(school, 1, "", "m3"))
    assert [told(same), told(gone)] == [("saved", None, "4"), ("saved", None, None)]
    assert school.count(marks_tables.MarkRevision) == 1


def test_a_change_says_why(school: Any) -> None:
    enter(school, entry(school, 0, "4"))
    changed = entry(school, 0, "5", "m1")
    (answer,) = enter(school, changed)
    assert told(answer) == ("refused", "reason-required", "4")
    (answer,) = enter(school, {**changed, "reason": REASON})
    assert told(answer) == ("saved", None, "5"), "a key of what was refused is free"


def test_a_key_is_carried_out_once(school: Any) -> None:
    sent = [entry(school, 0, "4"), entry(school, 1, "5")]
    first = enter(school, *sent)
    enter(school, entry(school, 0, "5", "m1", reason=REASON))
    assert enter(school, *sent) == first
    assert values(school) == {str(school.students[0]): "5", str(school.students[1]): "5"}
    (reused,) = enter(school, {**sent[1], "text": "2"})
    assert told(reused)[:2] == ("refused", "idempotency-key-reused")
    (others,) = enter(school, {**sent[1]}, actor=school.actor("teacher", person_id=school.teacher.person_id))
    assert told(others) == ("saved", None, "5"), "keys are an account's own"


def test_a_key_twice_in_a_request_counts_once_and_a_cell_twice_is_refused(school: Any) -> None:
    one = entry(school, 0, "4")
    answers = enter(school, one, one, {**one, "text": "5"}, entry(school, 0, "3"))
    assert [told(answer)[:2] for answer in answers] == [
        ("saved", None), ("saved", None), ("refused", "idempotency-key-reused"), ("refused", "cell-twice"),
    ]  # fmt: skip
    assert values(school) == {str(school.students[0]): "4"}


def test_killed_before_the_commit_nothing_stands_and_the_repetition_saves_all(
    school: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = [entry(school, student, "5") for student in range(3)]

    def killed(*_args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(inbox, "check_answered", killed)
        with pytest.raises(KeyboardInterrupt):
            enter(school, *sent)
    assert values(school) == {}
    assert [told(one) for one in enter(school, *sent)] == [("saved", None, "5")] * 3


def test_an_imported_mark_of_the_cell_is_the_one_that_is_changed(school: Any) -> None:
    imported(school, 0, "3")
    (answer,) = enter(school, entry(school, 0, "4", "m1", reason=REASON))
    assert told(answer) == ("saved", None, "4")
    assert school.count(marks_tables.Mark) == 1


def test_the_homeroom_teacher_enters_absences_and_no_marks(school: Any) -> None:
    answers = enter(school, entry(school, 0, "н"), entry(school, 1, "5"), actor=school.homeroom)
    assert [told(one)[:2] for one in answers] == [("saved", None), ("refused", "not-your-course")]
    assert answers[0]["absence"] == {"code": "Н", "seen": None}


def test_others_are_not_let_in(school: Any, another_school: Any) -> None:
    with pytest.raises(NotFound):
        enter(school, entry(school, 0, "5"), actor=school.other_teacher)
    with pytest.raises(NotFound):
        enter(school, entry(school, 0, "5"), actor=another_school.teacher)
    for actor in (school.parent, school.student, school.methodologist, school.director):
        with pytest.raises(Forbidden):
            enter(school, entry(school, 0, "5"), actor=actor)


def test_the_number_of_statements_is_the_same_for_one_entry_and_for_many(school: Any, engine: Any) -> None:
    enter(school, entry(school, 0, "4"))
    with statements(engine) as few:
        enter(school, entry(school, 0, "5", "m1", reason=REASON), entry(school, 1, "5"))
    change(school, school.post(2, "5"), value=None)
    with statements(engine) as many:
        enter(
            school,
            entry(school, 0, "4", "m2", reason=REASON),
            entry(school, 1, "", "m1", reason=REASON),
            entry(school, 2, "3", reason=REASON),
            *(entry(school, student, "4", kind_id=school.control_id) for student in range(3)),
        )
    assert len(many) == len(few) <= 9, many


def test_an_entry_is_kept_for_another_history_only_by_its_reason(school: Any) -> None:
    (first,) = enter(school, entry(school, 0, "4"))
    enter(school, entry(school, 0, "5", "m1", reason=f" {REASON} "))
    mark_id = UUID(first["marks"]["mark_id"])
    history = call(school.service, Marks.mark_history, school.teacher, mark_id=mark_id)["revisions"]
    assert [one["reason"] for one in history] == ["", REASON]


def test_who_stands_in_enters_marks_of_that_lesson_alone(school: Any) -> None:
    substitute = school.actor("teacher")
    with school.service.unit_of_work.of(school.id) as session:
        lesson = update(Lesson).where(Lesson.id == school.lesson_id)
        session.execute(lesson.values(teacher_id=substitute.person_id))
    future = entry(school, 1, "5", lesson_id=school.future_lesson_id)
    answers = enter(school, entry(school, 0, "5"), future, actor=substitute)
    assert [told(one)[:2] for one in answers] == [("saved", None), ("refused", "no-such-lesson")]
    with pytest.raises(NotFound):
        enter(school, future, actor=substitute)


def test_a_late_mark_says_why_where_the_policy_asks_and_is_kept_as_late(school: Any) -> None:
    school.vote(late_reason=True)
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == school.lesson_id).values(date=school.day(-3)))
    sent = entry(school, 0, "5")
    (answer,) = enter(school, sent)
    assert told(answer)[:2] == ("refused", "late-reason-required")
    (answer,) = enter(school, {**sent, "reason": "болезнь учителя"})
    assert told(answer) == ("saved", None, "5")
    mark_id = UUID(answer["marks"]["mark_id"])
    (first,) = call(school.service, Marks.mark_history, school.teacher, mark_id=mark_id)["revisions"]
    assert (first["due_on"], first["reason"]) == (school.day(-3).isoformat(), "болезнь учителя")


def test_entries_that_are_only_checked_say_what_would_become_of_them_and_write_nothing(school: Any) -> None:
    kept = school.post(0, "4")
    checked = [
        entry(school, 0, "5", "m1", reason=REASON), entry(school, 1, "ж"), entry(school, 2, "5"),
        entry(school, 0, "3", kind_id=school.control_id),
    ]  # fmt: skip
    command = {"course_id": school.course_id, "entries": checked, "check": True}
    answers = call(school.service, Sheets.enter_cells, school.teacher, **command)["answers"]
    assert [told(one) for one in answers] == [
        ("saved", None, "4"), ("refused", "cell-unreadable", None), ("saved", None, None), ("saved", None, None)
    ]  # fmt: skip
    assert school.count(marks_tables.MarkRevision) == school.count(marks_tables.Work) == 1
    (again,) = enter(school, {**checked[2], "text": "4"})
    assert told(again) == ("saved", None, "4"), "no key is kept"
    assert values(school)[str(school.students[0])] == kept["value"]
