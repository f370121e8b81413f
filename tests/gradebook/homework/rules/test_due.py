"""When homework is due."""

from datetime import date

import pytest

from services.gradebook.homework.rules.due import due_day

THURSDAY, MONDAY = date(2026, 11, 5), date(2026, 11, 9)


@pytest.mark.parametrize(
    ("homework", "set_day", "next_lesson", "due"),
    [
        ("No. 5", None, THURSDAY, THURSDAY),
        ("No. 5", MONDAY, THURSDAY, MONDAY),
        ("No. 5", MONDAY, None, MONDAY),
        ("No. 5", None, None, None),
        ("", None, THURSDAY, None),
    ],
)
def test_d10_homework_is_due_on_the_day_that_was_set_or_else_at_the_next_lesson(
    homework: str, set_day: date | None, next_lesson: date | None, due: date | None
) -> None:
    assert due_day(homework, set_day, next_lesson) == due
