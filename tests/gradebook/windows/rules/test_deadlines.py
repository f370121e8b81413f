"""By when topic, homework, marks and attendance are due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.clock import local_date
from kernel.errors import Invalid
from services.gradebook.calendar.rules.school_days import Holidays, SchoolCalendar
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.policy import Kind, Place, Policy, Rule, Scope, Special
from services.gradebook.windows.rules.deadlines import (
    IN_TIME,
    Duty,
    Late,
    deadline,
    due_days,
    kind_of_work,
    late_entry,
)

POLICY = replace(default_policy(), time_zone="Europe/Moscow")
AUTUMN = Holidays("осенние каникулы", date(2026, 10, 26), date(2026, 11, 3))
SCHOOL = SchoolCalendar(frozenset(range(1, 7)), (AUTUMN,), {date(2026, 11, 4): "День народного единства"})
FRIDAY = date(2026, 10, 23)


@pytest.mark.parametrize(
    ("duty", "clause"),
    [(Duty.TOPIC, "3.2"), (Duty.HOMEWORK, "3.2"), (Duty.MARKS, "3.2"), (Duty.ATTENDANCE, "3.3")],
)
def test_the_regulation_sets_the_day_of_the_lesson(duty: Duty, clause: str) -> None:
    due = deadline(duty, FRIDAY, POLICY, SCHOOL)
    assert due.day == FRIDAY
    assert due.at == datetime(2026, 10, 23, 21, tzinfo=UTC)  # midnight in Moscow
    assert due.source == Source("regulation", clause)


@pytest.mark.parametrize(
    ("kind", "day"),
    [
        ("answer", FRIDAY),
        ("homework", FRIDAY),
        ("test", date(2026, 11, 6)),  # Saturday, then after the holidays Thursday and Friday
        ("control", date(2026, 11, 11)),
        ("essay", date(2026, 11, 14)),
    ],
)
def test_marks_of_written_work_are_due_after_school_days_by_kind(kind: str, day: date) -> None:
    assert deadline(Duty.MARKS, FRIDAY, POLICY, SCHOOL, Place(7, "russian", kind)).day == day


def test_the_kind_of_work_moves_no_other_deadline() -> None:
    for duty in (Duty.TOPIC, Duty.HOMEWORK, Duty.ATTENDANCE):
        assert deadline(duty, FRIDAY, POLICY, SCHOOL, Place(7, "russian", "essay")).day == FRIDAY


def keeping(**rules: Rule[int]) -> Policy:
    return replace(POLICY, keeping=replace(POLICY.keeping, **rules))


def test_each_duty_has_its_own_rule() -> None:
    later = keeping(
        topic_days=Rule(1, Source("vote", "1")),
        homework_days=Rule(2, Source("vote", "2")),
        mark_days=Rule(3, Source("vote", "3")),
        attendance_days=Rule(4, Source("vote", "4")),
    )
    found = {duty: deadline(duty, date(2026, 9, 1), later, SCHOOL) for duty in Duty}
    assert {duty: (due.day.day, due.source.clause) for duty, due in found.items()} == {
        Duty.TOPIC: (2, "1"), Duty.HOMEWORK: (3, "2"), Duty.MARKS: (4, "3"), Duty.ATTENDANCE: (5, "4"),
    }  # fmt: skip


def test_a_special_rule_holds_in_its_place() -> None:
    special = Special(Scope(subjects=frozenset({"pe"})), 2, Source("vote"))
    later = keeping(topic_days=Rule(0, Source("regulation", "3.2"), (special,)))
    assert deadline(Duty.TOPIC, FRIDAY, later, SCHOOL, Place(7, "pe")).day == date(2026, 11, 5)
    assert deadline(Duty.TOPIC, FRIDAY, later, SCHOOL, Place(7, "russian")).day == FRIDAY


def test_a_closing_term_ends_the_time_for_its_marks() -> None:
    place, closes = Place(7, "russian", "essay"), date(2026, 10, 28)
    due = deadline(Duty.MARKS, FRIDAY, POLICY, SCHOOL, place, closes)
    assert (due.day, due.at) == (closes, datetime(2026, 10, 28, 21, tzinfo=UTC))
    assert due.source == POLICY.keeping.term_open_days.source
    assert deadline(Duty.MARKS, FRIDAY, POLICY, SCHOOL, place, date(2026, 11, 15)).day == date(2026, 11, 14)
    assert deadline(Duty.TOPIC, FRIDAY, POLICY, SCHOOL, place, FRIDAY - timedelta(1)).day == FRIDAY


def test_the_act_of_a_term_that_closes_is_named_for_the_place() -> None:
    special = Special(Scope(grades=frozenset({9})), 1, Source("vote", "9"))
    voted = keeping(term_open_days=Rule(3, Source("practice"), (special,)))
    for grade, source in ((9, Source("vote", "9")), (8, Source("practice"))):
        due = deadline(Duty.MARKS, FRIDAY, voted, SCHOOL, Place(grade, "russian", "essay"), date(2026, 10, 28))
        assert due.source == source
    on_the_day = deadline(Duty.MARKS, FRIDAY, voted, SCHOOL, Place(9, "russian", "essay"), date(2026, 11, 14))
    assert on_the_day.source == Source("practice")  # the rule of the essay: the term takes nothing from it


def test_the_instant_of_the_deadline_is_late() -> None:
    due = deadline(Duty.TOPIC, FRIDAY, POLICY, SCHOOL)
    assert due.missed(due.at)
    assert not due.missed(due.at - timedelta(microseconds=1))


def test_the_zone_of_the_school_decides_when_its_day_ends() -> None:
    kamchatka = replace(POLICY, time_zone="Asia/Kamchatka")
    assert deadline(Duty.TOPIC, FRIDAY, kamchatka, SCHOOL).at == datetime(2026, 10, 23, 12, tzinfo=UTC)


def test_a_deadline_says_its_day_and_its_act() -> None:
    same = deadline(Duty.ATTENDANCE, FRIDAY, POLICY, SCHOOL).sentence
    assert same.said("ru") == "Срок — день урока, 23.10.2026. Основание: регламент электронного журнала, п. 3.3."
    assert same.said("en") == (
        "Due on the day of the lesson, 2026-10-23. By the regulation of the electronic journal, clause 3.3."
    )
    control = deadline(Duty.MARKS, FRIDAY, POLICY, SCHOOL, Place(kind="control")).sentence
    assert control.said("ru") == "Срок — 11.11.2026: учебных дней после урока — 7. Основание: обычай школ."
    assert control.said("en") == "Due on 2026-11-11: school days after the lesson – 7. By the usage of schools."
    closed = deadline(Duty.MARKS, FRIDAY, POLICY, SCHOOL, Place(kind="control"), date(2026, 10, 28)).sentence
    assert closed.said("ru") == (
        "Срок — 28.10.2026: в этот день закрывается учебный период. Основание: обычай школ."
    )  # fmt: skip
    assert closed.said("en") == "Due on 2026-10-28, the day on which the term is closed. By the usage of schools."


def test_only_what_is_due_on_a_later_day_needs_a_calendar() -> None:
    assert [due_days(duty, POLICY) for duty in Duty] == [0, 0, 0, 0]
    assert due_days(Duty.MARKS, POLICY, Place(kind="control")) == 7


def test_what_is_in_time_keeps_no_reason() -> None:
    assert late_entry(None, "перенос", POLICY) == IN_TIME == Late(None, "")


def test_a_late_entry_keeps_its_deadline_and_what_was_said() -> None:
    assert late_entry(FRIDAY, "  ", POLICY) == Late(FRIDAY, "")
    assert late_entry(FRIDAY, " болезнь ", POLICY) == Late(FRIDAY, "болезнь")


def test_a_reason_is_asked_where_the_school_voted_it() -> None:
    special = Special(Scope(grades=frozenset({9})), True, Source("vote"))
    voted = replace(POLICY, keeping=replace(POLICY.keeping, late_reason=Rule(False, Source("practice"), (special,))))
    assert late_entry(FRIDAY, "", voted, Place(8)) == Late(FRIDAY, "")
    assert late_entry(None, "", voted, Place(9)) == IN_TIME
    assert late_entry(FRIDAY, " акт ", voted, Place(9)) == Late(FRIDAY, "акт")
    for given_reason in ("", "   ", " ок "):
        with pytest.raises(Invalid) as refused:
            late_entry(FRIDAY, given_reason, voted, Place(9))
        assert (refused.value.rule, refused.value.field) == ("late-reason-required", "reason")
        assert str(refused.value) == "This was due on 2026-10-23: say why it comes later."


def test_a_kind_that_the_school_does_not_know_is_an_ordinary_mark() -> None:
    assert kind_of_work(POLICY, "essay") == Kind("essay", "Сочинение", written=True)
    assert kind_of_work(POLICY, "homework").homework
    assert kind_of_work(POLICY, "pottery") == Kind("pottery", "pottery")
    assert kind_of_work(POLICY, None) == Kind("", "")


DAYS = st.dates(date(2026, 9, 1), date(2027, 5, 31))
KINDS = st.sampled_from([kind.code for kind in POLICY.kinds])
DUTIES = st.sampled_from(Duty)


@given(DUTIES, KINDS, DAYS, DAYS)
def test_a_later_lesson_is_never_due_earlier(duty: Duty, kind: str, one: date, two: date) -> None:
    first, second = sorted((one, two))
    place = Place(kind=kind)
    assert deadline(duty, first, POLICY, SCHOOL, place).at <= deadline(duty, second, POLICY, SCHOOL, place).at


@given(DUTIES, KINDS, DAYS, DAYS, st.integers(0, 20))
def test_more_holidays_never_make_anything_due_earlier(
    duty: Duty, kind: str, day: date, first: date, length: int
) -> None:
    freer = replace(SCHOOL, holidays=(AUTUMN, Holidays("карантин", first, first + timedelta(length))))
    place = Place(kind=kind)
    assert deadline(duty, day, POLICY, freer, place).at >= deadline(duty, day, POLICY, SCHOOL, place).at


@given(DUTIES, KINDS, DAYS)
def test_a_deadline_is_the_end_of_its_day(duty: Duty, kind: str, day: date) -> None:
    due = deadline(duty, day, POLICY, SCHOOL, Place(kind=kind))
    assert local_date(due.at - timedelta(microseconds=1), POLICY.time_zone) == due.day >= day
