"""What a lesson's check may hold, and what repeating it changes."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Forbidden, Invalid
from services.attendance.rules.checks import (
    WITHDRAWN,
    Entry,
    changes,
    check_days,
    check_not_ahead,
    entered,
)

TODAY = date(2026, 3, 12)
ANNA, BORIS, VERA = (uuid4() for _ in range(3))


def absence(student, code="Н", minutes=None):
    return {"student_id": student, "code": code, "minutes": minutes}


def test_todays_lesson_can_be_checked_and_tomorrows_not():
    check_not_ahead(TODAY, TODAY)
    check_not_ahead(TODAY - timedelta(days=200), TODAY)
    with pytest.raises(Invalid, match="2026-03-13") as refused:
        check_not_ahead(TODAY + timedelta(days=1), TODAY)
    assert refused.value.rule == "lesson-ahead"


def test_a_range_of_days_runs_forward_and_is_at_most_a_year():
    check_days(TODAY, TODAY)
    check_days(TODAY, TODAY + timedelta(days=366))
    with pytest.raises(Invalid) as refused:
        check_days(TODAY, TODAY - timedelta(days=1))
    assert refused.value.rule == "range-reversed"
    with pytest.raises(Invalid) as refused:
        check_days(TODAY, TODAY + timedelta(days=367))
    assert refused.value.rule == "range-too-long"


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


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({}, {}, {}),
        ({}, {ANNA: Entry("Н")}, {ANNA: Entry("Н")}),
        ({ANNA: Entry("Н")}, {ANNA: Entry("Н")}, {}),
        ({ANNA: Entry("Н")}, {ANNA: Entry("Б")}, {ANNA: Entry("Б")}),
        ({ANNA: Entry("О", 5)}, {ANNA: Entry("О", 10)}, {ANNA: Entry("О", 10)}),
        ({ANNA: Entry("Н")}, {}, {ANNA: WITHDRAWN}),
        ({ANNA: WITHDRAWN}, {}, {}),
        ({ANNA: WITHDRAWN}, {ANNA: Entry("Н")}, {ANNA: Entry("Н")}),
        ({ANNA: Entry("Н")}, {BORIS: Entry("Н")}, {ANNA: WITHDRAWN, BORIS: Entry("Н")}),
    ],
)
def test_only_what_is_new_other_or_gone_changes(before, now, expected):
    assert changes(before, now) == expected


ENTRIES = st.sampled_from([WITHDRAWN, Entry("Н"), Entry("Б"), Entry("О", 5), Entry("О", 10)])
STUDENTS = st.sampled_from([ANNA, BORIS, VERA])


@given(
    st.dictionaries(STUDENTS, ENTRIES),
    st.dictionaries(STUDENTS, ENTRIES.filter(lambda entry: entry != WITHDRAWN)),
)
def test_what_changes_makes_the_last_check_of_the_one_before_and_is_nothing_more(before, now):
    changed = changes(before, now)
    after = {student: entry for student, entry in (before | changed).items() if entry != WITHDRAWN}
    assert after == now
    assert all(before.get(student) != entry for student, entry in changed.items())
    assert changes(before | changed, now) == {}
