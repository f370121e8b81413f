"""Two requests with the same cells at the same moment: nothing twice, nothing lost, and the second is told."""

from __future__ import annotations

from typing import Any

from services.gradebook.marks import tables as marks_tables
from tests.gradebook.marks.test_at_once import at_once
from tests.gradebook.sheets.test_entries import REASON, enter, entry, told
from tests.kit.databases import on_both

pytestmark = on_both


def test_of_two_teachers_in_one_cell_one_is_told_of_the_other(school: Any) -> None:
    outcomes = at_once(*[lambda text=text: enter(school, entry(school, 0, text, reason=REASON)) for text in "45"])
    assert sorted(told(one[0])[0] for one in outcomes) == ["conflict", "saved"]
    assert school.count(marks_tables.MarkRevision) == 1


def test_a_request_sent_again_and_again_at_once_is_carried_out_once(school: Any) -> None:
    sent = [entry(school, student, "5") for student in range(3)]
    outcomes = at_once(*[lambda: enter(school, *sent)] * 4)
    assert all(one == outcomes[0] for one in outcomes)
    assert school.count(marks_tables.MarkRevision) == 3
    assert len(school.events("marks_posted")) == 1


def test_two_columns_of_one_lesson_that_are_begun_at_once_are_two(school: Any) -> None:
    kinds = (None, school.control_id)
    outcomes = at_once(*[lambda kind=kind: enter(school, entry(school, 0, "5", kind_id=kind)) for kind in kinds])
    assert [told(one[0])[0] for one in outcomes] == ["saved", "saved"]
    assert school.count(marks_tables.Work) == 2
