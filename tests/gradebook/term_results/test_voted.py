"""Term marks by a policy that a school has voted: least number of marks, vetoes, the disputed zone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from uuid_utils.compat import uuid7

from contracts.gradebook.term_marks import TermMarks
from services.gradebook.lessons.tables import Lesson
from services.gradebook.policy.rules.defaults import VOTE, policy_with
from services.gradebook.policy.rules.policy import LeastMarks, Rule, Veto
from tests.gradebook.sheets.test_entries import enter, entry
from tests.gradebook.term_results.test_entrypoints import course_page, one, set_marks, told
from tests.kit.calls import call
from tests.kit.voting import adopt
from tests.noon import NOON_ZONE


def vote(school: Any, **rules: Any) -> None:
    """The school's policy says this on term marks, as long as there are lessons."""
    usual = policy_with("five", NOON_ZONE)
    terms = replace(usual.terms, **{name: Rule(value, VOTE) for name, value in rules.items()})
    adopt(school.service, replace(usual, terms=terms), school.day(-200), school.methodologist, school.director)


def computed(school: Any) -> dict[str, Any]:
    """What is computed for the first student."""
    row = next(row for row in course_page(school)["rows"] if row["student_id"] == str(school.students[0]))
    found: dict[str, Any] = row["computed"]
    return found


def told_why(school: Any) -> str:
    """How the figure comes about, in words."""
    command = {"course_id": school.course_id, "term_id": school.term_id, "student_id": school.students[0]}
    return str(call(school.service, TermMarks.explained_term_mark, school.parent, **command))


def test_too_few_marks_give_none_and_the_figure_says_how_many_are_needed(school: Any) -> None:
    vote(school, least_marks=(LeastMarks(Decimal(0), 4),))
    enter(school, entry(school, 0, "5/4"), entry(school, 0, "4", kind_id=school.control_id))
    assert computed(school)["text"] == "н/а"
    assert "Отметок за период: 3, а нужно не меньше 4: «н/а»." in told_why(school)
    (before,) = set_marks(school, one(school, 0, "4"))
    assert told(before)[:2] == ("refused", "term-mark-differs")
    earlier = uuid7()
    school.save(Lesson, school.lesson_row(earlier, school.course_id, school.day(-1)))
    enter(school, entry(school, 0, "5", lesson_id=earlier))
    assert (computed(school)["text"], computed(school)["mean"]) == ("5", "4.50")


def test_a_veto_holds_the_mark_down_until_the_work_is_put_right(school: Any) -> None:
    vote(school, vetoes=(Veto(3, frozenset({"control"}), 2),))
    enter(school, entry(school, 0, "5/5"), entry(school, 0, "2", kind_id=school.control_id))
    assert (computed(school)["text"], computed(school)["mean"]) == ("3", "4.00")
    enter(school, entry(school, 0, "3", "m1", kind_id=school.control_id, reason="Переписано"))
    assert (computed(school)["text"], computed(school)["mean"]) == ("4", "4.33")


def test_within_the_disputed_zone_the_teacher_decides_without_a_reason(school: Any) -> None:
    enter(school, entry(school, 0, "5/4"), entry(school, 0, "4", kind_id=school.control_id))
    (answer,) = set_marks(school, one(school, 0, "5"))
    assert told(answer)[:2] == ("refused", "term-mark-differs")
    vote(school, disputed=Decimal("0.2"))
    assert (computed(school)["text"], computed(school)["mean"]) == ("4", "4.33")
    (answer,) = set_marks(school, one(school, 0, "5"))
    assert told(answer) == ("saved", None, "5")
