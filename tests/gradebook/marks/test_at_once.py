"""Two people at the same thing at the same moment: one after the other, nothing twice, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from kernel import context
from kernel.errors import Conflict, LyceumError, Stale
from services.gradebook.lessons import tables as lessons_tables
from services.gradebook.marks import tables as marks_tables
from tests.kit.calls import call
from tests.kit.databases import on_both

pytestmark = on_both


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What comes of each deed, refusals included, all of them begun together."""
    ready = Barrier(len(deeds))

    def done(deed: Callable[[], Any]) -> Any:
        ready.wait(10)
        try:
            return deed()
        except LyceumError as refusal:
            return refusal

    with ThreadPoolExecutor(len(deeds)) as threads:
        return [future.result(30) for future in [threads.submit(done, deed) for deed in deeds]]


def refusals(outcomes: list[Any]) -> list[type[Any]]:
    return [type(outcome) for outcome in outcomes if isinstance(outcome, LyceumError)]


def test_a_mark_posted_twice_at_once_is_there_once(school: Any) -> None:
    outcomes = at_once(*[lambda: school.post(0, "5")] * 4)
    assert refusals(outcomes) == [Conflict] * 3
    assert school.count(marks_tables.Mark) == len(school.events("mark_posted")) == 1


def test_a_command_sent_again_and_again_at_once_is_carried_out_once(school: Any) -> None:
    """A doubled click: each gets the one answer, or is told that the other is still being carried out."""

    def again() -> Any:
        key = context.Call(
            tenant_id=school.id, account_id=school.teacher.account_id, idempotency_key="one-click",
            operation="gradebook.post_mark", fingerprint="f",
        )  # fmt: skip
        with context.handling(key):
            return school.post(0, "5")

    outcomes = at_once(*[again] * 6)
    answers = [outcome for outcome in outcomes if not isinstance(outcome, LyceumError)]
    assert answers
    assert all(answer == answers[0] for answer in answers)
    assert school.count(marks_tables.Mark) == len(school.events("mark_posted")) == 1


def test_two_students_marked_at_once_stand_in_one_column(school: Any) -> None:
    outcomes = at_once(lambda: school.post(0, "5"), lambda: school.post(1, "4"), lambda: school.post(2, "3"))
    assert refusals(outcomes) == []
    assert school.count(marks_tables.Work) == 1
    assert school.count(marks_tables.Mark) == 3


def test_of_two_changes_at_once_the_second_is_told_that_it_came_late(school: Any) -> None:
    posted = school.post(0, "2")

    def change(value: str) -> Any:
        command = {"mark_id": posted["id"], "value": value, "reason": "typed wrongly", "version": 1}
        return call(school.service, Marks.change_mark, school.teacher, **command)

    outcomes = at_once(lambda: change("3"), lambda: change("4"))
    (late,) = [outcome for outcome in outcomes if isinstance(outcome, Stale)]
    (changed,) = [outcome for outcome in outcomes if isinstance(outcome, dict)]
    assert late.params["present"] == changed
    assert school.count(marks_tables.MarkRevision) == 2


def test_d04_of_two_columns_saved_at_once_the_second_is_told_what_the_first_saved(school: Any) -> None:
    school.post(0, "2")

    def save(value: str) -> Any:
        entries = [{"student_id": school.students[student], "value": value, "version": version}
                   for student, version in ((0, 1), (1, None))]  # fmt: skip
        command = {"lesson_id": school.lesson_id, "marks": entries, "reason": "typed wrongly"}
        return call(school.service, Marks.set_column, school.teacher, **command)

    outcomes = at_once(lambda: save("3"), lambda: save("4"))
    (late,) = [outcome for outcome in outcomes if isinstance(outcome, Stale)]
    (saved,) = [outcome for outcome in outcomes if isinstance(outcome, dict)]
    assert sorted(late.params["present"]["marks"], key=str) == sorted(saved["marks"], key=str)
    assert school.count(marks_tables.MarkRevision) == 3


@pytest.mark.parametrize("by_column", [False, True])
def test_d04_a_mark_changed_while_its_column_is_saved_is_told(school: Any, by_column: bool) -> None:
    """Whoever comes second, by the column or by the mark itself."""
    posted = school.post(0, "2")

    def column() -> Any:
        entries = [{"student_id": school.students[0], "value": "3", "version": 1}]
        command = {"lesson_id": school.lesson_id, "marks": entries, "reason": "typed wrongly"}
        return call(school.service, Marks.set_column, school.teacher, **command)

    def mark() -> Any:
        command = {"mark_id": posted["id"], "value": "4", "reason": "typed wrongly", "version": 1}
        return call(school.service, Marks.change_mark, school.teacher, **command)

    outcomes = at_once(*((column, mark) if by_column else (mark, column)))
    assert refusals(outcomes) == [Stale]
    assert school.count(marks_tables.MarkRevision) == 2


@pytest.mark.parametrize("number", [None, 5])
def test_a_lesson_entered_twice_at_once_is_there_once(school: Any, number: int | None) -> None:
    before = school.count(lessons_tables.Lesson)
    command = {"course_id": school.course_id, "date": school.day(-3), "number": number, "works_anyway": True}
    outcomes = at_once(*[lambda: call(school.service, Lessons.add_lesson, school.teacher, **command)] * 3)
    assert refusals(outcomes) == [Conflict] * 2
    assert school.count(lessons_tables.Lesson) == before + 1
