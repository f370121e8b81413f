"""What a record says of a student: there, late, away, or that nobody looked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Conflict
from services.attendance.absences.rules.records import Change, LessonRecord, Standing, changed, ids, in_order
from services.attendance.codes.rules import Code, Reason
from tests.attendance.lessons import LESSONS, B, N, O, P, U, lesson, lesson_id

MONDAY, TUESDAY = date(2025, 9, 1), date(2025, 9, 2)


@pytest.mark.parametrize(
    ("letter", "standing", "missed", "reason"),
    [
        (".", Standing.PRESENT, False, None),
        ("?", Standing.UNKNOWN, False, None),
        ("Н", Standing.ABSENT, True, Reason.UNEXCUSED),
        ("У", Standing.ABSENT, True, Reason.EXCUSED),
        ("Б", Standing.ABSENT, True, Reason.ILLNESS),
        ("О", Standing.LATE, False, None),
        ("П", Standing.ON_BUSINESS, False, Reason.SCHOOL_BUSINESS),
    ],
)
def test_each_code_says_whether_the_student_was_there(letter, standing, missed, reason):
    record = lesson(MONDAY, 1, letter)
    assert (record.standing, record.missed, record.reason) == (standing, missed, reason)


def test_checked_and_nobody_absent_is_not_the_same_as_not_checked():
    assert lesson(MONDAY, 1, ".").standing is not lesson(MONDAY, 1, "?").standing


def test_a_code_that_is_neither_absence_nor_lateness_nor_business_is_presence():
    distant = Code("Д", "дистанционно", counts_as_absent=False)
    assert replace(lesson(MONDAY, 1), code=distant).standing is Standing.PRESENT


def test_what_was_announced_says_nothing_of_whether_the_student_came():
    assert lesson(MONDAY, 1, "?", announced=B).standing is Standing.UNKNOWN
    assert lesson(MONDAY, 1, ".", announced=B).standing is Standing.PRESENT
    assert lesson(MONDAY, 1, "?", announced=B).reason is None


def test_standings_have_names_that_do_not_change():
    assert [one.value for one in Standing] == ["present", "late", "absent", "on_business", "unknown"]


def test_a_code_without_check_is_no_record():
    with pytest.raises(ValueError, match=r"^a lesson that was not checked has no code$"):
        LessonRecord(lesson_id(MONDAY, 1), MONDAY, 1, "Физика", checked=False, code=N)


@pytest.mark.parametrize("code", [None, N, P])
def test_minutes_without_lateness_are_no_record(code):
    with pytest.raises(ValueError, match=r"^only lateness has minutes$"):
        LessonRecord(lesson_id(MONDAY, 1), MONDAY, 1, "Физика", checked=True, code=code, minutes=0)


@pytest.mark.parametrize("minutes", [0, -40])
def test_lateness_of_no_minute_is_no_record(minutes):
    with pytest.raises(ValueError, match=r"^lateness lasts a minute at least$"):
        LessonRecord(lesson_id(MONDAY, 1), MONDAY, 1, "Физика", checked=True, code=O, minutes=minutes)
    assert LessonRecord(lesson_id(MONDAY, 1), MONDAY, 1, "Физика", checked=True, code=O, minutes=1).minutes == 1


def test_lateness_may_lack_its_minutes():
    record = LessonRecord(lesson_id(MONDAY, 1), MONDAY, 1, "Физика", checked=True, code=O)
    assert record.standing is Standing.LATE


def test_records_are_put_in_order_of_day_and_lesson():
    zeroth, unnumbered = lesson(TUESDAY, 0), replace(lesson(TUESDAY, 99), number=None)
    first, second, earlier = lesson(TUESDAY, 1), lesson(TUESDAY, 2), lesson(MONDAY, 6)
    assert in_order([second, zeroth, earlier, first, unnumbered]) == (earlier, unnumbered, zeroth, first, second)


def test_two_groups_taught_at_the_same_time_are_put_in_order_of_their_lessons():
    one = lesson(MONDAY, 3)
    other = replace(one, lesson_id=lesson_id(MONDAY, 4))
    assert in_order([other, one]) == in_order([one, other]) == (one, other)


def test_a_lesson_that_stands_twice_is_no_input():
    with pytest.raises(ValueError, match=r"^a lesson stands twice among the records of a student$"):
        in_order([lesson(MONDAY, 1, "Н"), lesson(MONDAY, 2), lesson(MONDAY, 1, ".")])


@given(LESSONS, st.randoms())
def test_the_order_in_which_records_come_does_not_matter(records, shuffled):
    mixed = records.copy()
    shuffled.shuffle(mixed)
    assert in_order(mixed) == in_order(records)
    assert set(ids(in_order(mixed))) == {record.lesson_id for record in records}


def test_a_change_is_of_its_lesson_alone_and_keeps_the_order():
    records = [lesson(TUESDAY, 1, "Н"), lesson(MONDAY, 1, "Н")]
    after = changed(records, [Change(lesson_id(MONDAY, 1), N, U)])
    assert after == (records[0], lesson(MONDAY, 1, "У"))


@pytest.mark.parametrize(
    ("before", "after", "minutes"),
    [(O, None, None), (O, N, None), (O, Code("ОУ", "опоздал", counts_as_absent=False, late=True), 5)],
)
def test_minutes_go_with_the_lateness_they_belonged_to(before, after, minutes):
    (record,) = changed([lesson(MONDAY, 1, "О")], [Change(lesson_id(MONDAY, 1), before, after)])
    assert (record.code, record.minutes) == (after, minutes)


@pytest.mark.parametrize("letter", [".", "У", "Б"])
def test_a_change_of_what_was_changed_since_is_refused(letter):
    with pytest.raises(Conflict) as refusal:
        changed([lesson(MONDAY, 1, letter)], [Change(lesson_id(MONDAY, 1), N, None)])
    assert (refusal.value.rule, refusal.value.field) == ("absence-changed-since", "lesson_id")
    assert str(refusal.value) == f"The absence in the lesson {lesson_id(MONDAY, 1)} was changed since."


@given(LESSONS)
def test_without_changes_records_stay_as_they_are(records):
    assert changed(records, []) == tuple(records)
