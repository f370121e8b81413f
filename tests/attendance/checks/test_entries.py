"""Absences of single students, as the journal's grid sends them: each is saved, or not, by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update
from uuid_utils.compat import uuid7

from contracts.attendance.checks import Checks
from kernel.auth import Actor
from kernel.errors import Forbidden
from services.attendance.absences.tables import AbsenceRevision
from services.attendance.checks.tables import LessonCheck
from services.gradebook.lessons.tables import Lesson
from tests.attendance.asking import absences_of, check, checks, codes, recorded
from tests.kit.calls import call, statements
from tests.kit.databases import on_both
from tests.kit.people import TODAY
from tests.kit.voting import vote


def entry(lesson_id: Any, student: Actor, code: str | None, seen: int | None = None, **more: Any) -> dict[str, Any]:
    return {
        "key": uuid4(), "lesson_id": lesson_id, "student_id": student.person_id, "code": code, "seen": seen, **more
    }  # fmt: skip


def enter(service: Any, actor: Actor, *entries: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = call(service, Checks.enter_absences, actor, entries=list(entries))["answers"]
    return found


def told(answer: dict[str, Any]) -> tuple[str, str | None, str | None]:
    refusal, absence = answer["refusal"], answer["absence"]
    return answer["state"], refusal and refusal["rule"], absence and absence["code"]


@on_both
def test_absences_are_entered_changed_and_withdrawn_one_by_one(service: Any, school: Any) -> None:
    first, second = enter(
        service, school.homeroom_a, entry(school.lesson, school.anna, "н"), entry(school.lesson, school.boris, "О")
    )
    assert [told(first), told(second)] == [("saved", None, "Н"), ("saved", None, "О")]
    assert (first["absence"]["version"], first["absence"]["by"]) == (1, str(school.homeroom_a.person_id))
    changed, gone = enter(
        service,
        school.homeroom_a,
        entry(school.lesson, school.anna, "У", 1),
        entry(school.lesson, school.boris, None, 1),
    )
    assert [told(changed), told(gone)] == [("saved", None, "У"), ("saved", None, None)]
    (again,) = enter(service, school.homeroom_a, entry(school.lesson, school.boris, "Б"))
    assert (told(again), again["absence"]["version"]) == (("saved", None, "Б"), 3)
    assert codes(checks(service, school.homeroom_a, school.lesson)[str(school.lesson)]) == {
        str(school.anna.person_id): "У", str(school.boris.person_id): "Б",
    }  # fmt: skip
    assert [one["code"] for one in absences_of(service, school.mother, school.anna)] == ["У"]
    assert len(recorded(service, school)) == 5


def test_the_first_one_checks_the_class_and_none_checks_it_again(service: Any, school: Any) -> None:
    enter(service, school.homeroom_a, entry(school.lesson, school.anna, "Н"))
    enter(service, school.homeroom_a, entry(school.lesson, school.boris, "Н"))
    assert len(recorded(service, school, "lesson_checked")) == 1
    with service.unit_of_work.of(school.id) as session:
        assert [one.version for one in session.query(LessonCheck)] == [1]


def test_withdrawing_what_never_was_checks_nothing(service: Any, school: Any) -> None:
    (answer,) = enter(service, school.homeroom_a, entry(school.lesson, school.anna, None))
    assert told(answer) == ("saved", None, None)
    assert checks(service, school.homeroom_a, school.lesson) == {}


def test_two_in_one_cell_the_second_sees_the_first(service: Any, school: Any) -> None:
    check(service, school.homeroom_a, school.lesson, (school.anna, "Н"))
    (answer,) = enter(service, school.homeroom_a, entry(school.lesson, school.anna, "Б"))
    assert told(answer) == ("conflict", "stale", "Н")
    (same,) = enter(service, school.homeroom_a, entry(school.lesson, school.anna, "Н", 7))
    assert told(same) == ("saved", None, "Н")
    enter(service, school.homeroom_a, entry(school.lesson, school.anna, None, 1))
    (answer,) = enter(service, school.homeroom_a, entry(school.lesson, school.anna, "Б", 1))
    assert told(answer) == ("conflict", "stale", None)
    with service.unit_of_work.of(school.id) as session:
        assert [one.code for one in session.query(AbsenceRevision).order_by(AbsenceRevision.version)] == ["Н", None]


def test_lateness_keeps_the_minutes_that_a_check_has_said(service: Any, school: Any) -> None:
    check(service, school.homeroom_a, school.lesson, (school.anna, "О", 10))
    (answer,) = enter(service, school.homeroom_a, entry(school.lesson, school.anna, "О", 1))
    assert (told(answer), answer["absence"]["minutes"]) == (("saved", None, "О"), 10)


def test_a_key_is_carried_out_once(service: Any, school: Any) -> None:
    sent = entry(school.lesson, school.anna, "Н")
    first = enter(service, school.homeroom_a, sent)
    enter(service, school.homeroom_a, entry(school.lesson, school.anna, None, 1))
    assert enter(service, school.homeroom_a, sent) == first
    assert absences_of(service, school.mother, school.anna) == []
    (reused,) = enter(service, school.homeroom_a, {**sent, "code": "Б"})
    assert told(reused) == ("refused", "idempotency-key-reused", None)


def test_one_bad_entry_costs_that_entry(service: Any, school: Any) -> None:
    answers = enter(
        service, school.homeroom_a,
        entry(school.lesson, school.anna, "Ж"), entry(school.lesson, school.gleb, "Н"),
        entry(uuid7(), school.anna, "Н"), entry(school.tomorrows_lesson, school.anna, "Н"),
        entry(school.lesson, school.boris, "Н"), entry(school.lesson, school.boris, "Б"),
    )  # fmt: skip
    assert [told(one)[:2] for one in answers] == [
        ("refused", "absence-code-unknown"), ("refused", "student-not-in-lesson"), ("refused", "no-such-lesson"),
        ("refused", "lesson-ahead"), ("saved", None), ("refused", "cell-twice"),
    ]  # fmt: skip


def test_the_lessons_teacher_enters_them_only_where_the_school_voted_it(service: Any, school: Any) -> None:
    sent = entry(school.lesson, school.anna, "Н")
    (answer,) = enter(service, school.teacher, sent)
    assert told(answer) == ("refused", "not-own-class", None)
    vote(school, teachers_enter_absences=True)
    (answer,) = enter(service, school.teacher, sent)
    assert told(answer) == ("saved", None, "Н")
    (answer,) = enter(service, school.other_teacher, entry(school.lesson, school.anna, "Б", 1))
    assert told(answer) == ("refused", "no-such-lesson", None)
    (answer,) = enter(service, school.homeroom_b, entry(school.shared_lesson, school.vera, "Н"))
    assert told(answer) == ("refused", "not-own-class", None)


def test_the_number_of_statements_is_the_same_for_one_entry_and_for_many(
    service: Any, school: Any, engine: Any
) -> None:
    with statements(engine) as few:
        enter(service, school.homeroom_a, entry(school.lesson, school.anna, "Н"))
    with statements(engine) as many:
        enter(
            service, school.homeroom_a, entry(school.shared_lesson, school.vera, "Н"),
            entry(school.lesson, school.boris, "Н"), entry(school.lesson, school.vera, "Н"),
        )  # fmt: skip
    assert len(many) <= len(few) + 1, "a lesson that is checked already takes none for that"


@pytest.mark.parametrize("who", ["mother", "anna"])
def test_families_enter_nothing(service: Any, school: Any, who: str) -> None:
    with pytest.raises(Forbidden):
        enter(service, getattr(school, who), entry(school.lesson, school.anna, None))


def test_a_lesson_that_is_cancelled_or_closed_with_its_term_takes_no_absences(service: Any, school: Any) -> None:
    of_term = school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=20), 1)
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        cancelled = update(Lesson).where(Lesson.id == school.lesson)
        session.execute(cancelled.values(state="cancelled"))
    school.end_term(5)
    answers = enter(
        service, school.homeroom_a, entry(school.lesson, school.anna, "Н"), entry(of_term, school.anna, "Н")
    )
    assert [told(one)[:2] for one in answers] == [("refused", "lesson-cancelled"), ("refused", "term-closed")]
