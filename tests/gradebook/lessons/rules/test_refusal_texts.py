"""What a teacher is told when a mark, a lesson or a bundle is refused: the whole sentence, the rule and the field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from kernel.errors import Conflict, Invalid, Refused
from services.gradebook.bundles.rules import bundle
from services.gradebook.lessons.rules import lessons
from services.gradebook.lessons.rules.lessons import Description
from services.gradebook.marks.rules import cells, marks
from services.gradebook.policy.rules.scales import FIVE

ANNA, HER_MARK = UUID(int=1), UUID(int=2)
TENTH, ELEVENTH = date(2026, 9, 10), date(2026, 9, 11)
#: A result of a bundle.
RESULT: dict[str, Any] = {"value": "9", "status": "", "comment": ""}


def works(*scales: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"id": uuid4(), "min": lowest, "max": highest} for lowest, highest in scales]


REFUSALS: list[tuple[Callable[[], object], type[Refused], str, str | None, str]] = [
    (
        lambda: cells.mark_text(" 9 ", FIVE), Invalid, "mark-off-scale", "value",
        "There is no mark 9 on the scale 1–5.",
    ),
    (
        lambda: cells.mark_text("5 н", FIVE), Invalid, "absence-in-mark", "value",
        "Н is an absence code and no mark: absences are entered on the lesson's page “Who was absent”.",
    ),
    (
        lambda: cells.mark_text(".12.09", FIVE, "marks.0.value", TENTH), Invalid, "owed-work-in-mark",
        "marks.0.value",
        "The point .12.09.2026 is work that is still owed: here only marks are set, a point is written in the "
        "journal's cell.",
    ),
    (lambda: cells.mark_text(" ", FIVE), Invalid, "mark-missing", "value", "There is no mark."),
    (
        lambda: cells.mark_text("5/5/5/5/5 5", FIVE), Invalid, "marks-too-long", "value",
        "The marks 5/5/5/5/5/5 do not fit into a cell, which holds 10 characters at most.",
    ),
    (
        lambda: marks.check_lesson_was_held(ELEVENTH, TENTH), Invalid, "lesson-in-future", "lesson_id",
        "The lesson of 2026-09-11 is still to come: it takes no marks yet.",
    ),
    (
        lambda: marks.check_each_student_once([HER_MARK, ANNA, ANNA]), Invalid, "student-twice", "marks.2.student_id",
        "This student stands twice in the column.",
    ),
    (
        lambda: marks.check_member(ANNA, [HER_MARK], "marks.0.student_id"), Invalid, "student-not-in-course",
        "marks.0.student_id", "This student was not in this course on the day of the lesson.",
    ),
    (
        lambda: marks.check_column_is_free({ANNA: "student_id"}, {ANNA: HER_MARK}), Conflict, "mark-exists",
        "student_id", "This student has a mark in this column already: change that one.",
    ),
    (
        lambda: marks.change_reason(" ok "), Invalid, "reason-required", "reason", "Say why the mark is changed.",
    ),
    (
        lambda: marks.check_mark_changes(("5", ""), ("5", "")), Invalid, "mark-unchanged", "value",
        "The mark has this value and comment already.",
    ),
    (
        lambda: lessons.check_date_in_year(date(2027, 9, 1), date(2026, 9, 1), date(2027, 8, 31)), Invalid,
        "date-outside-year", "date", "A lesson of this course is held between 2026-09-01 and 2027-08-31.",
    ),
    (
        lambda: lessons.described(Description("", "", None), {"homework_due": ELEVENTH}, TENTH), Invalid,
        "due-without-homework", "homework", "Say which homework is due.",
    ),
    (
        lambda: lessons.described(Description("", "No. 5", None), {"homework_due": TENTH}, TENTH), Invalid,
        "homework-due-too-early", "homework_due", "Homework is due after 2026-09-10, the day of the lesson.",
    ),
    (lambda: lessons.week_of(date.max), Invalid, "date", "date", "Not a valid date."),
    (
        lambda: bundle.bundle_weight("10000", Decimal(1)), Invalid, "weight-out-of-range", None,
        "The weight of a kind of work lies between 0 and 10000, not 10000.",
    ),
    (
        lambda: bundle.bundle_mark({**RESULT, "comment": "!" * 501}, "item 7", 5, FIVE), Invalid, "comment-too-long",
        "comment", "Line item item 7: a comment has more than 500 letters.",
    ),
    (
        lambda: bundle.bundle_mark(RESULT, "item 7", 5, FIVE), Invalid, "mark-off-scale", "score",
        "Line item item 7: There is no mark 9 on the scale 1–5.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("act", "kind", "rule", "field", "text"), REFUSALS, ids=[case[2] for case in REFUSALS])
def test_a_refusal_says_what_is_wrong_where(
    act: Callable[[], object], kind: type[Refused], rule: str, field: str | None, text: str
) -> None:
    with pytest.raises(Refused) as refused:
        act()
    assert type(refused.value) is kind
    assert (refused.value.rule, refused.value.field, str(refused.value)) == (rule, field, text)


def test_the_edges_of_what_a_bundle_may_bring() -> None:
    assert bundle.bundle_mark({**RESULT, "value": "5", "comment": "!" * 500}, "item 7", 5, FIVE) == ("5", "!" * 500)
    assert bundle.bundle_weight("9999.9994", Decimal(1)) == Decimal("9999.999")
    assert bundle.bundle_weight("0", Decimal(1)) == 0
    assert bundle.bundle_scale(works(("0", "999")), FIVE)[0].span == "0–999"


def test_a_refused_mark_names_the_mark_there_is() -> None:
    with pytest.raises(Conflict) as refused:
        marks.check_column_is_free({ANNA: "student_id"}, {ANNA: HER_MARK})
    assert refused.value.params == {"student_id": ANNA, "mark_id": HER_MARK}
