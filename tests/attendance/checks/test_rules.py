"""What a lesson's check may hold."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from kernel.contract import Values
from kernel.errors import Conflict, Forbidden, Invalid
from services.attendance.absences.rules.entries import Entry
from services.attendance.checks.rules import check_is_held, check_not_ahead, entered

TODAY = date(2026, 3, 12)
ANNA, BORIS, VERA = (uuid4() for _ in range(3))


def absence(student, code="Н", minutes=None):
    return Values({"student_id": student, "code": code, "minutes": minutes})


def test_todays_lesson_can_be_checked_and_tomorrows_not():
    check_not_ahead(TODAY, TODAY)
    check_not_ahead(TODAY - timedelta(days=200), TODAY)
    with pytest.raises(Invalid, match="2026-03-13") as refused:
        check_not_ahead(TODAY + timedelta(days=1), TODAY)
    assert refused.value.rule == "lesson-ahead"


def test_a_cancelled_lesson_cannot_be_checked():
    for state in ("", "outside"):
        check_is_held(state)
    with pytest.raises(Conflict, match="cancelled") as refused:
        check_is_held("cancelled")
    assert refused.value.rule == "lesson-cancelled"


def test_absences_of_the_own_class_are_entered():
    assert entered([absence(ANNA), absence(BORIS, "О", 10)], {ANNA, BORIS, VERA}, {ANNA, BORIS}) == {
        ANNA: Entry("Н"),
        BORIS: Entry("О", 10),
    }


def test_a_student_who_is_not_in_the_lesson_is_refused():
    with pytest.raises(Invalid) as refused:
        entered([absence(ANNA), absence(VERA)], {ANNA}, {ANNA, VERA})
    assert (refused.value.rule, refused.value.field) == ("student-not-in-lesson", "absences.1.student_id")


def test_a_student_of_another_class_is_for_its_own_homeroom_teacher():
    with pytest.raises(Forbidden) as refused:
        entered([absence(VERA)], {ANNA, VERA}, {ANNA})
    assert (refused.value.rule, refused.value.field) == ("not-own-class", "absences.0.student_id")


def test_a_student_named_twice_is_refused():
    with pytest.raises(Invalid) as refused:
        entered([absence(ANNA), absence(ANNA, "Б")], {ANNA}, {ANNA})
    assert (refused.value.rule, refused.value.field) == ("student-twice", "absences.1.student_id")


def test_the_code_of_each_entry_is_checked_under_its_field():
    with pytest.raises(Invalid) as refused:
        entered([absence(ANNA), absence(BORIS, "X")], {ANNA, BORIS}, {ANNA, BORIS})
    assert refused.value.field == "absences.1.code"
