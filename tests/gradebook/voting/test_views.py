"""What is told of a preview: those whose marks change first, and no more than a page can show."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from contracts.gradebook.voting import MOST_SHIFTS
from services.gradebook.explaining.given import GivenMark
from services.gradebook.policy.rules.policy import NOT_YET, LeastMarks, Place
from services.gradebook.voting import views
from services.gradebook.voting.rules.preview import CourseRecord, Journal, preview
from tests.gradebook.policy.policies import DEFAULT, with_value
from tests.gradebook.voting.rules.test_preview import NOW, WEEK

COURSE = uuid4()
DRAFT = replace(with_value("terms.least_marks", (LeastMarks(Decimal(0), 1),)), version=1, valid_from=NOT_YET)


def record(number: int, texts: str) -> CourseRecord:
    given = tuple(GivenMark(text, Decimal(text)) for text in texts)
    return CourseRecord(str(UUID(int=number)), str(COURSE), Place(7, "Алгебра"), Decimal(1), given)


def shown(count: int, part: int = 0) -> dict[str, Any]:
    records = [record(number, "5") for number in range(count)]
    found = preview(Journal(records, (), (), NOW, WEEK), DEFAULT, DRAFT)
    effect = views.effect(found, False, {str(COURSE): "Алгебра 7А"})
    return views.preview(DRAFT, DEFAULT, [7], 7, effect, part)


def test_no_more_students_are_listed_than_a_page_can_show_and_the_others_are_counted() -> None:
    few, many, rest = shown(2), shown(MOST_SHIFTS + 3), shown(MOST_SHIFTS + 3, part=1)
    assert (len(few["shifts"]), few["more"], few["records"]) == (2, 0, 2)
    assert (len(many["shifts"]), many["more"]) == (MOST_SHIFTS, 3)
    assert (len(rest["shifts"]), rest["more"], rest["count"]) == (3, 0, MOST_SHIFTS + 3)
    assert {one["student_id"] for one in many["shifts"]} & {one["student_id"] for one in rest["shifts"]} == set()
    assert shown(2, part=5)["shifts"] == []


def test_a_shift_tells_what_was_and_what_would_be() -> None:
    (shift,) = shown(1)["shifts"]
    assert shift == {
        "student_id": UUID(int=0), "course_id": COURSE, "course": "Алгебра 7А", "mean_before": "5.00",
        "mean_after": "5.00", "mark_before": "н/а", "mark_after": "5",
    }  # fmt: skip


def test_without_a_grade_only_the_rules_are_told() -> None:
    found = views.preview(DRAFT, DEFAULT, [], None, None)
    assert (found["grade"], found["records"], found["effects"], found["shifts"]) == (None, 0, [], [])
    assert found["changes"][0]["en"].startswith("Least number of marks")
