"""Whose member a student is from which day on."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.gradebook.courses.rules.membership import (
    InClass,
    Membership,
    WholeClass,
    ended_before,
    first_day,
    follow,
    last_before,
)

START, END = date(2026, 9, 1), date(2027, 5, 26)
DAY = date(2026, 12, 1)
CLASS_A, CLASS_B, COURSE_A, COURSE_B, GROUP, ANNA = (uuid4() for _ in range(6))
WHOLE = [WholeClass(COURSE_A, CLASS_A, START, END), WholeClass(COURSE_B, CLASS_B, START, END)]
DAYS = st.dates(date(2026, 8, 1), date(2027, 6, 30))


def member(course_id: UUID, class_id: UUID | None, since: date = START, until: date | None = None) -> Membership:
    return Membership(uuid4(), course_id, ANNA, since, until, class_id)


def test_who_moves_leaves_one_class_the_day_before_and_joins_the_other_on_the_day() -> None:
    old, group = member(COURSE_A, CLASS_A), member(GROUP, CLASS_A)
    changes = follow([InClass(ANNA, CLASS_B, DAY)], WHOLE, [old, group])
    assert changes.ended == [(old.id, DAY - timedelta(days=1)), (group.id, DAY - timedelta(days=1))]
    assert changes.begun == [(COURSE_B, ANNA, DAY)]
    assert changes.never == []


def test_nothing_changes_for_who_is_where_the_courses_say() -> None:
    assert not follow([InClass(ANNA, CLASS_A, START)], WHOLE, [member(COURSE_A, CLASS_A)])
    assert not follow([InClass(ANNA, CLASS_A, DAY)], WHOLE, [member(COURSE_A, CLASS_A)])


def test_who_is_enrolled_before_the_year_joins_with_its_first_day() -> None:
    changes = follow([InClass(ANNA, CLASS_A, date(2024, 9, 1))], WHOLE, [])
    assert changes.begun == [(COURSE_A, ANNA, START)]


def test_who_comes_after_the_year_does_not_join_its_courses() -> None:
    assert follow([InClass(ANNA, CLASS_A, END)], WHOLE, []).begun == [(COURSE_A, ANNA, END)]
    assert not follow([InClass(ANNA, CLASS_A, END + timedelta(days=1))], WHOLE, [])


def test_a_group_across_classes_lasts_while_the_student_is_in_the_school() -> None:
    choir = member(GROUP, None)
    assert not follow([InClass(ANNA, CLASS_B, DAY)], [], [choir])
    assert follow([InClass(ANNA, None, DAY)], [], [choir]).ended == [(choir.id, DAY - timedelta(days=1))]


def test_who_comes_back_joins_again() -> None:
    before = member(COURSE_A, CLASS_A, until=date(2026, 10, 1))
    changes = follow([InClass(ANNA, CLASS_A, DAY)], WHOLE, [before])
    assert changes.begun == [(COURSE_A, ANNA, DAY)]
    assert changes.ended == []


def test_a_membership_that_would_have_begun_later_goes() -> None:
    later, ended = member(COURSE_A, CLASS_A, since=DAY), member(COURSE_A, CLASS_A, until=date(2026, 11, 1))
    assert ended_before([later, ended], DAY) == ([], [later.id])


def test_the_first_day_is_never_before_the_years() -> None:
    assert first_day(START, None) == START
    assert first_day(START, DAY) == DAY
    assert first_day(START, date(2020, 1, 1)) == START


@given(DAYS, st.none() | DAYS, DAYS)
def test_an_ended_membership_ends_before_the_day_and_never_later_than_it_did(
    since: date, until: date | None, day: date
) -> None:
    last = last_before(since, until, day)
    if last is None:
        assert since >= day
    else:
        assert last < day
        assert until is None or last <= until
