"""What may end without a question: what happens from one bundle to the next, no more."""

from __future__ import annotations

import pytest

from services.identity.bundles.rules.question import Ending, Question, question_of, together

NOTHING = {kind: Ending(0, 300) for kind in ("people", "classes", "enrolments")}


@pytest.mark.parametrize(
    ("ended", "present", "is_much"),
    [(0, 0, False), (1, 1, False), (1, 300, False), (2, 3, True), (30, 300, False), (31, 300, True), (300, 300, True)],
)
def test_a_tenth_may_end_and_a_single_one(ended: int, present: int, is_much: bool) -> None:
    assert Ending(ended, present).is_much is is_much
    for kind in NOTHING:
        asked = question_of({**NOTHING, kind: Ending(ended, present)}, 0, None)
        assert (asked is not None) is is_much


def test_a_namesake_and_a_new_name_are_always_asked_about() -> None:
    assert question_of(NOTHING, 0, None) is None
    assert question_of(NOTHING, 1, None) == Question(0, 0, 0, 1, None)
    assert question_of(NOTHING, 0, "Школа № 2") == Question(0, 0, 0, 0, "Школа № 2")


def test_several_schools_are_one_question() -> None:
    assert together([]) is None
    one, other = Question(1, 2, 3, 0, "А"), Question(10, 20, 30, 4, None)
    assert together([one, other]) == Question(11, 22, 33, 4, "А")
    named = Question(0, 0, 0, 0, "Б")
    assert together([one, named]) == Question(1, 2, 3, 0, "А, Б")
    assert together([other]) == other


def test_a_question_is_sent_as_it_is_asked() -> None:
    asked = Question(1, 2, 3, 4, "А")
    assert asked.to_wire() == {"people": 1, "classes": 2, "enrolments": 3, "replaced": 4, "name": "А"}
