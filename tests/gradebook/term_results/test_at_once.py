"""Two requests about the same term marks at the same moment: nothing twice, nothing lost, and the second is told."""

from __future__ import annotations

from typing import Any

from contracts.gradebook.term_marks import TermMarks
from kernel.errors import Conflict, LyceumError
from services.gradebook.term_marks.tables import TermMark, TermMarkRevision, TermSheet
from tests.gradebook.marks.test_at_once import at_once
from tests.gradebook.term_results.test_entrypoints import (
    WHY,
    all_checked,
    everybody,
    hand_in,
    of_class,
    one,
    set_marks,
    state,
    told,
)
from tests.kit.databases import on_both

pytestmark = on_both


def test_of_two_teachers_who_set_one_mark_the_second_is_told_of_the_first(school: Any) -> None:
    outcomes = at_once(*[lambda value=value: set_marks(school, one(school, 0, value, reason=WHY)) for value in "45"])
    assert sorted(told(found[0])[0] for found in outcomes) == ["conflict", "saved"]
    assert (school.count(TermMark), school.count(TermMarkRevision)) == (1, 1)


def test_marks_are_handed_in_once_though_two_do_it_at_once(school: Any) -> None:
    everybody(school)
    outcomes = at_once(*[lambda: hand_in(school)] * 3)
    assert {found[0]["state"] for found in outcomes} == {"set"}
    assert school.count(TermSheet) == 1
    assert len(school.events("term_marks_set")) == 1


def test_a_mark_is_either_set_before_the_lock_or_refused(school: Any) -> None:
    all_checked(school)

    def locks() -> object:
        try:
            return of_class(school, TermMarks.lock_term_marks, school.methodologist)
        except Conflict as refused:
            return refused

    change = one(school, 0, "5", reason=WHY, version=1)
    _, answers = at_once(locks, lambda: set_marks(school, change))
    # a change that came first has to be checked again, and nothing is locked then
    expected = {"saved": "set", "refused": "locked"}
    assert not isinstance(answers, LyceumError)
    assert state(school) == expected[answers[0]["state"]]
