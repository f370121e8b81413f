"""What entries make of works that are owed, how cells show them, and when families are reminded."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest

from kernel.errors import Invalid, Stale
from services.gradebook.marks.rules.cells import OwedToken, Written, cell_written, column_written
from services.gradebook.marks.rules.owed import (
    DONE,
    OWED,
    WITHDRAWN,
    Outcome,
    is_overdue,
    outcome,
    reminded_now,
    text,
)
from services.gradebook.policy.rules.scales import FIVE

LESSON, DUE, LATER = date(2026, 12, 1), date(2026, 12, 12), date(2026, 12, 20)


class Kept(NamedTuple):
    due: date | None = DUE
    state: str = OWED
    version: int = 1


def made(
    kept: Kept | None, due: date | str | None, *, mark: bool = False, now: bool = False, seen: int | None = None
) -> Outcome | None:
    written = None if isinstance(due, str) else OwedToken(due)
    return outcome(kept, written, has_mark=mark, marked_now=now, seen=seen, field="seen")


NONE = "none"


@pytest.mark.parametrize(
    ("kept", "due", "more", "expected"),
    [
        (None, NONE, {}, None),
        (Kept(state=DONE), NONE, {}, None),
        (None, DUE, {}, Outcome(DUE, OWED)),
        (None, None, {}, Outcome(None, OWED)),
        (Kept(state=DONE), DUE, {}, Outcome(DUE, OWED)),
        (Kept(state=WITHDRAWN), DUE, {"mark": True, "now": True}, Outcome(DUE, OWED)),
        (Kept(), DUE, {}, None),
        (Kept(), LATER, {"seen": 1}, Outcome(LATER, OWED)),
        (Kept(), NONE, {"mark": True, "now": True}, Outcome(DUE, DONE)),
        (Kept(), NONE, {"mark": True, "seen": 1}, Outcome(DUE, DONE)),
        (Kept(), NONE, {"seen": 1}, Outcome(DUE, WITHDRAWN)),
        (Kept(), NONE, {"now": True, "seen": 1}, Outcome(DUE, WITHDRAWN)),
    ],
)
def test_an_entry_opens_moves_closes_or_leaves_what_is_owed(
    kept: Kept | None, due: date | str | None, more: dict[str, int], expected: Outcome | None
) -> None:
    assert made(kept, due, **more) == expected


@pytest.mark.parametrize(
    ("kept", "due", "more", "said"),
    [
        (Kept(), LATER, {}, "Meanwhile .12.12.2026 was noted here as owed; you entered .20.12.2026."),
        (Kept(version=2), NONE, {"seen": 1}, "Meanwhile .12.12.2026 was noted here as owed; you entered none."),
        (Kept(), NONE, {"mark": True}, "Meanwhile .12.12.2026 was noted here as owed; you entered none."),
        (Kept(), NONE, {"now": True}, "Meanwhile .12.12.2026 was noted here as owed; you entered none."),
        (Kept(state=DONE), DUE, {"seen": 1}, "Meanwhile nothing is owed here any more; you entered .12.12.2026."),
    ],
)
def test_what_somebody_else_noted_is_not_overwritten(
    kept: Kept, due: date | str | None, more: dict[str, int], said: str
) -> None:
    with pytest.raises(Stale) as stale:
        made(kept, due, **more)
    assert (str(stale.value), stale.value.field) == (said, "seen")


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        (None, "."), (DUE, ".12.12"), (date(2027, 5, 3), ".03.05"), (date(2027, 9, 3), ".03.09.2027"),
        (date(2026, 8, 31), ".31.08.2026"),
    ],
)  # fmt: skip
def test_a_cell_shows_a_date_without_its_year_within_the_school_year(due: date | None, shown: str) -> None:
    assert text(due, LESSON) == shown


@pytest.mark.parametrize("due", [None, DUE, date(2027, 5, 3), date(2027, 9, 3)])
def test_what_a_cell_shows_is_read_as_the_same(due: date | None) -> None:
    assert cell_written(text(due, LESSON), FIVE, day=LESSON).owed == OwedToken(due)


def test_a_cell_may_hold_an_absence_marks_and_a_point() -> None:
    assert cell_written("н 2 .12.12", FIVE, day=LESSON) == Written("2", "Н", OwedToken(DUE))
    assert column_written("2 •", FIVE, day=LESSON) == Written("2", None, OwedToken())
    for field in ("", "н", ". ."):
        with pytest.raises(Invalid):
            column_written(field, FIVE, day=LESSON)


def test_work_is_overdue_on_the_day_after_its_date() -> None:
    assert [is_overdue(due, DUE) for due in (None, DUE, LATER, LESSON)] == [False, False, False, True]


def test_families_are_reminded_of_what_is_due_tomorrow_and_today_from_the_morning_on() -> None:
    assert reminded_now(datetime(2026, 12, 11, 7, 59, tzinfo=UTC)) is None
    assert reminded_now(datetime(2026, 12, 11, 8, 0, tzinfo=UTC)) == (date(2026, 12, 11), DUE)
