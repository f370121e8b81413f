"""Plan against fact: what is due, the lag in lessons, fulfilment, and proposals to catch up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.gradebook.calendar.rules.school_days import Holidays, SchoolCalendar
from services.gradebook.plans.rules.progress import (
    LATE,
    Progress,
    began_late,
    due_hours,
    progress,
    proposal,
    school_days_of,
)
from services.gradebook.plans.rules.teaching import DROPPED, JOINED, Planned
from tests.gradebook.plans.rules.test_teaching import planned

MONDAY = date(2026, 9, 7)
#: Two weeks of school with one of holidays between them.
TERMS = [(MONDAY, MONDAY + timedelta(days=6)), (MONDAY + timedelta(days=14), MONDAY + timedelta(days=20))]


WEEK = SchoolCalendar(frozenset(range(1, 6)))
DAYS = school_days_of(TERMS, WEEK)


@pytest.mark.parametrize(
    ("after", "due"), [(-5, 0), (0, 0), (1, 3), (5, 17), (6, 17), (13, 17), (15, 20), (19, 34), (100, 34)]
)
def test_hours_are_due_evenly_over_the_school_days_of_the_terms(after: int, due: int) -> None:
    assert due_hours(Decimal(34), DAYS, MONDAY + timedelta(days=after)) == due


def test_without_terms_nothing_is_due() -> None:
    assert due_hours(Decimal(34), [], MONDAY) == 0


def test_terms_that_overlap_count_their_days_once() -> None:
    assert school_days_of([*TERMS, TERMS[0]], WEEK) == DAYS


def test_the_calendar_of_the_grade_says_which_days_are_school_days() -> None:
    six, holiday = SchoolCalendar(frozenset(range(1, 7))), Holidays("каникулы", MONDAY, MONDAY + timedelta(days=3))
    assert len(school_days_of(TERMS, six)) == 12
    friday = MONDAY + timedelta(days=4)
    rest = school_days_of(TERMS, SchoolCalendar(WEEK.week, (holiday,)))
    assert rest[0] == friday
    assert due_hours(Decimal(6), rest, friday) == 0
    assert due_hours(Decimal(6), rest, friday + timedelta(days=1)) == 1


def test_a_course_is_behind_by_what_is_due_and_not_passed() -> None:
    found = progress([planned("A", "2", covered=2), planned("B", "3", covered=1), planned("C", "4")], due=5)
    assert found == Progress(Decimal(9), 5, Decimal(3), Decimal(0), 0)
    assert (found.behind, found.fulfilled) == (2, 60)


def test_a_course_may_be_ahead() -> None:
    found = progress([planned("A", covered=1), planned("B", covered=1)], due=1)
    assert (found.behind, found.fulfilled) == (-1, 200)


def test_nothing_is_fulfilled_while_nothing_is_due() -> None:
    assert progress([planned("A")], due=0).fulfilled is None


def test_per_cents_are_rounded_half_up() -> None:
    assert progress([planned("A", covered=1), planned("B", "200")], due=8).fulfilled == 13


def test_skipped_topics_are_counted_and_are_not_passed() -> None:
    found = progress([planned("A"), planned("B", covered=1)], due=2)
    assert (found.skipped, found.passed, found.behind) == (1, 1, 1)


def test_measures_free_lessons_until_they_are_carried_out() -> None:
    dropped, joined = planned("Резерв", "2", measure=DROPPED), planned("C", measure=JOINED)
    assert progress([planned("B", covered=1), joined, dropped], due=5).freed == 3
    both = [planned("B", covered=1), planned("C", covered=1, measure=JOINED)]
    found = progress(both, due=2)
    assert (found.passed, found.freed, found.behind) == (2, 0, 0)


@pytest.mark.parametrize(("days", "late"), [(0, False), (LATE.days, False), (LATE.days + 1, True)])
def test_a_journal_begins_late_where_its_first_lesson_is_long_after_the_year_s(days: int, late: bool) -> None:
    assert began_late(MONDAY + timedelta(days=days), TERMS) is late


def test_a_journal_without_lessons_or_terms_did_not_begin_late() -> None:
    assert not began_late(None, TERMS)
    assert not began_late(MONDAY, [])


def proposed(topics: list[Planned], behind: int) -> list[tuple[str, str]]:
    words = {one.id: one.topic for one in topics}
    return [(words[one.topic_id], one.measure) for one in proposal(topics, Decimal(behind))]


def test_reserves_are_dropped_first_the_last_ones_first() -> None:
    topics = [planned("A", covered=1), planned("Резерв 1"), planned("B"), planned("C"), planned("Резерв 2")]
    assert proposed(topics, 1) == [("Резерв 2", "dropped")]
    assert proposed(topics, 2) == [("Резерв 2", "dropped"), ("Резерв 1", "dropped")]
    assert proposed(topics, 3)[2:] == [("C", "joined")]
    assert proposed(topics, 0) == []


def test_only_single_lessons_of_one_section_without_control_work_are_joined() -> None:
    topics = [
        planned("A", "2"), planned("B"), planned("Контроль", control="К/р"), planned("C", section="II"),
        planned("D", section="II"), planned("E", section="II"), planned("F", section="III"),
    ]  # fmt: skip
    assert proposed(topics, 9) == [("D", "joined")], "each is in one pair at most"


def test_what_the_teacher_has_decided_is_not_proposed_again() -> None:
    topics = [planned("A"), planned("B", measure=JOINED), planned("Резерв", measure=DROPPED)]
    assert proposed(topics, 5) == []


def test_topics_on_both_sides_of_a_joined_one_are_not_joined() -> None:
    assert proposed([planned("A"), planned("B", measure=JOINED), planned("C")], 5) == []


def test_what_was_taught_or_skipped_is_not_proposed() -> None:
    assert proposed([planned("Резерв"), planned("A", "3", covered=1), planned("B")], 5) == []
