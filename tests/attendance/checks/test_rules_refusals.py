"""What a refused check is told: the sentence, the rule's slug and the field, in full."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from kernel.contract import Values
from kernel.errors import Conflict, Forbidden, Invalid, LyceumError
from services.attendance.checks.rules import check_not_ahead, check_term_open, entered

DAY = date(2026, 3, 12)
ANNA, BORIS = UUID(int=1), UUID(int=2)


def enter(*students: UUID) -> None:
    """A check of a lesson of two classes by the homeroom teacher of Anna; Boris is of the other class."""
    entered([Values({"student_id": one, "code": "Н", "minutes": None}) for one in students], {ANNA, BORIS}, {ANNA})


@pytest.mark.parametrize(
    ("refused", "kind", "rule", "field", "message"),
    [
        (
            lambda: check_not_ahead(date(2026, 3, 13), DAY),
            Invalid,
            "lesson-ahead",
            "lesson_id",
            "The lesson is on 2026-03-13: it can be checked from that day on.",
        ),
        (
            lambda: check_term_open(
                Values({"by": "term", "term": "I", "ended_on": date(2025, 10, 24), "last_day": date(2025, 10, 27)})
            ),
            Conflict,
            "term-closed",
            "lesson_id",
            "“I” ended on 2025-10-24: who was absent could be entered until 2025-10-27. "
            "The methodologist can open the lesson again.",
        ),
        (
            lambda: enter(ANNA, UUID(int=3)),
            Invalid,
            "student-not-in-lesson",
            "absences.1.student_id",
            "This student was not in the lesson.",
        ),
        (
            lambda: enter(BORIS),
            Forbidden,
            "not-own-class",
            "absences.0.student_id",
            "Only the homeroom teacher of this student's class enters the student's absences.",
        ),
        (
            lambda: enter(ANNA, ANNA),
            Invalid,
            "student-twice",
            "absences.1.student_id",
            "This student is named twice.",
        ),
    ],
)
def test_a_refusal_says_what_is_wrong_where(
    refused: Callable[[], None], kind: type[LyceumError], rule: str, field: str, message: str
) -> None:
    with pytest.raises(kind) as refusal:
        refused()
    assert (refusal.value.rule, refusal.value.field, str(refusal.value)) == (rule, field, message)


def test_the_days_that_the_policy_gives_for_a_topic_do_not_close_attendance() -> None:
    check_term_open(Values({"by": "days", "term": "I", "ended_on": date(2025, 10, 24), "last_day": date(2025, 10, 3)}))
    check_term_open(None)
