"""Excuses: what an accepted one changes, what it leaves, and what a rejection gives back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from services.attendance.absences.rules.ranges import Chosen, Days
from services.attendance.absences.rules.records import Change, changed
from services.attendance.codes.rules import Code, Dictionary
from services.attendance.excuses.rules import Excuse, effect, excused
from tests.attendance.lessons import CODES, LESSONS, B, N, U, lesson, lesson_id, lessons

MONDAY, TUESDAY = date(2025, 9, 8), date(2025, 9, 9)
FAMILY = Excuse(Days(MONDAY, MONDAY), "Ездили к врачу")
ILLNESS = Excuse(Days(MONDAY, MONDAY), "Температура", ill=True)


def letters(records: object) -> str:
    return "".join(one.code.code if one.code else "." if one.checked else "?" for one in records)


@pytest.mark.parametrize("text", ["", "  ", "да", " да "])
def test_an_excuse_without_text_is_refused(text):
    with pytest.raises(Invalid) as refusal:
        Excuse(Days(MONDAY, MONDAY), text)
    assert (refusal.value.rule, refusal.value.field) == ("excuse-text-required", "text")
    assert str(refusal.value) == "Say why the student was absent."


def test_three_letters_are_text_and_an_excuse_is_of_no_illness_unless_it_says_so():
    assert not Excuse(Days(MONDAY, MONDAY), "ОРЗ").ill


@pytest.mark.parametrize(("excuse", "after"), [(FAMILY, "У.УБОП?УУ"), (ILLNESS, "Б.УБОП?ББ")])
def test_only_unexcused_absences_change(excuse, after):
    records = lessons({MONDAY: "Н.УБОП?НН"})
    assert letters(excused(records, [excuse], CODES)) == after


def test_only_covered_lessons_change():
    records = lessons({MONDAY: "ННН", TUESDAY: "ННН"})
    assert letters(excused(records, [FAMILY], CODES)) == "УУУННН"
    of_lessons = Excuse(Days(MONDAY, TUESDAY, frozenset({2})), "Ездили к врачу")
    assert letters(excused(records, [of_lessons], CODES)) == "НУННУН"
    chosen = Excuse(Chosen(frozenset({lesson_id(TUESDAY, 3)})), "Ездили к врачу")
    assert letters(excused(records, [chosen], CODES)) == "НННННУ"


def test_minutes_of_lateness_stay():
    records = [lesson(MONDAY, 1, "О", 7)]
    assert excused(records, [FAMILY], CODES) == tuple(records)


def test_the_effect_of_accepting_is_listed_by_lesson():
    records = [*lessons({TUESDAY: "Н"}), *lessons({MONDAY: "НБН"})]
    assert effect(records, [], [FAMILY], CODES) == (
        Change(lesson_id(MONDAY, 1), N, U),
        Change(lesson_id(MONDAY, 3), N, U),
    )
    assert effect(records, [FAMILY], [FAMILY], CODES) == ()
    assert effect(records, [], [], CODES) == ()


def test_rejecting_what_was_accepted_gives_back_what_was_entered():
    records = lessons({MONDAY: "Н.Б"})
    assert effect(records, [ILLNESS], [], CODES) == (Change(lesson_id(MONDAY, 1), B, N),)


def test_illness_says_more_than_another_reason_whichever_came_first():
    records = lessons({MONDAY: "НН"})
    for accepted in ([FAMILY, ILLNESS], [ILLNESS, FAMILY]):
        assert letters(excused(records, accepted, CODES)) == "ББ"


def test_an_absence_that_two_excuses_cover_stays_excused_when_one_is_rejected():
    records = lessons({MONDAY: "НН"})
    first = Excuse(Days(MONDAY, MONDAY, frozenset({1})), "Ездили к врачу")
    assert effect(records, [FAMILY, first], [FAMILY], CODES) == ()
    assert effect(records, [FAMILY, first], [first], CODES) == (Change(lesson_id(MONDAY, 2), U, N),)
    assert effect(records, [FAMILY, ILLNESS], [FAMILY], CODES) == (
        Change(lesson_id(MONDAY, 1), B, U),
        Change(lesson_id(MONDAY, 2), B, U),
    )


def test_a_school_without_a_code_of_illness_excuses_illness_as_any_reason():
    own = Dictionary((Code("НП", "неуважительная причина"), Code("УП", "уважительная причина", excused=True)))
    records = changed([lesson(MONDAY, 1)], [Change(lesson_id(MONDAY, 1), None, own.unexcused)])
    assert letters(excused(records, [ILLNESS], own)) == "УП"


EXCUSES = st.builds(
    lambda start, length, numbers, ill: Excuse(Days(start, start + timedelta(days=length), numbers), "Болел", ill),
    st.dates(date(2025, 9, 1), date(2025, 12, 1)),
    st.integers(0, 60),
    st.frozensets(st.integers(1, 7), max_size=3),
    st.booleans(),
)
ACCEPTED = st.lists(EXCUSES, max_size=4)


@given(LESSONS, ACCEPTED, EXCUSES)
def test_accepting_and_withdrawing_changes_nothing(records, accepted, excuse):
    was = excused(records, accepted, CODES)
    now = changed(was, effect(records, accepted, [*accepted, excuse], CODES))
    assert now == excused(records, [*accepted, excuse], CODES)
    assert changed(now, effect(records, [*accepted, excuse], accepted, CODES)) == was


@given(LESSONS, ACCEPTED, EXCUSES)
def test_accepting_twice_is_accepting_once(records, accepted, excuse):
    once, twice = [*accepted, excuse], [*accepted, excuse, excuse]
    assert excused(records, once, CODES) == excused(records, twice, CODES)
    assert effect(records, once, twice, CODES) == ()
    assert excused(excused(records, once, CODES), once, CODES) == excused(records, once, CODES)


@given(LESSONS, ACCEPTED, st.randoms())
def test_neither_the_order_of_records_nor_of_excuses_matters(records, accepted, shuffled):
    mixed, others = records.copy(), accepted.copy()
    shuffled.shuffle(mixed)
    shuffled.shuffle(others)
    assert effect(mixed, [], others, CODES) == effect(records, [], accepted, CODES)


@given(LESSONS, ACCEPTED)
def test_excuses_change_no_presence_and_excuse_covered_absences_alone(records, accepted):
    for before, after in zip(records, excused(records, accepted, CODES)):
        covered = any(one.range.covers(before) for one in accepted)
        assert before.standing is after.standing
        assert (before == after) == (before.code != N or not covered)
    effects = effect(records, [], accepted, CODES)
    assert {one.before for one in effects} <= {N}
    assert {one.after for one in effects} <= {U, B}
