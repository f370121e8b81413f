"""What becomes of an entry beside what stands in its place already."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from kernel.errors import Invalid, Stale
from services.gradebook.marks.rules.columns import Entered, Outcome, comment_of, in_order, outcome


class Kept(NamedTuple):
    """A mark as it is kept."""

    value: str | None
    comment: str = ""
    version: int = 1


@pytest.mark.parametrize(
    ("kept", "entered", "comes_to"),
    [
        (None, Entered("5", "", None), Outcome.NEW),
        (None, Entered(None, "", None), Outcome.LEFT),
        (None, Entered(None, None, 3), Outcome.LEFT),
        (Kept("5"), Entered("5", None, 1), Outcome.LEFT),
        (Kept("5", "good"), Entered("5", None, 1), Outcome.LEFT),
        (Kept("5", "good"), Entered("5", " good ", 1), Outcome.LEFT),
        (Kept("5", "good"), Entered("5", "", 1), Outcome.CHANGED),
        (Kept("5"), Entered("4", None, 1), Outcome.CHANGED),
        (Kept("5"), Entered(None, None, 1), Outcome.CHANGED),
        (Kept(None, version=2), Entered("4", None, 2), Outcome.CHANGED),
        (Kept(None, "was good", version=2), Entered(None, "was good", 1), Outcome.LEFT),
        (Kept(None, "was good", version=2), Entered(None, " ", 1), Outcome.LEFT),
    ],
)
def test_an_entry_is_new_changes_or_leaves_what_is_kept(kept: Kept | None, entered: Entered, comes_to: Outcome) -> None:
    assert outcome(kept, entered, "marks.0.") is comes_to


@pytest.mark.parametrize("version", [None, 1, 7])
def test_the_same_from_two_sides_is_no_conflict(version: int | None) -> None:
    assert outcome(Kept("5", "good", 2), Entered("5", "good", version), "marks.0.") is Outcome.LEFT


@pytest.mark.parametrize(
    ("kept", "entered", "told"),
    [
        (Kept("4"), Entered("5", "", None), "Meanwhile 4 was saved here; you entered 5."),
        (Kept("4", version=2), Entered("5", "", 1), "Meanwhile 4 was saved here; you entered 5."),
        (Kept("4", "at the board", 2), Entered("4", "", 1),
         "Meanwhile 4 (at the board) was saved here; you entered 4."),
        (Kept("4", version=2), Entered("4", "well", 1), "Meanwhile 4 was saved here; you entered 4 (well)."),
        (Kept("4", "same", 2), Entered("5", "same", 1), "Meanwhile 4 was saved here; you entered 5."),
        (Kept("4", version=2), Entered(None, "", 1), "Meanwhile 4 was saved here; you emptied the field."),
        (Kept("4", "well", 2), Entered(None, "", 1), "Meanwhile 4 was saved here; you emptied the field."),
        (Kept(None, version=2), Entered("5", "", 1), "Meanwhile the mark was taken back here; you entered 5."),
        (Kept(None, version=2), Entered("5", "", None), "Meanwhile the mark was taken back here; you entered 5."),
        (None, Entered("5", "well", 1), "Meanwhile the mark was taken back here; you entered 5."),
    ],
)  # fmt: skip
def test_a_change_by_somebody_else_is_told_with_both_values(kept: Kept | None, entered: Entered, told: str) -> None:
    with pytest.raises(Stale) as refused:
        outcome(kept, entered, "marks.3.")
    assert str(refused.value) == told
    assert (refused.value.rule, refused.value.field) == ("stale", "marks.3.version")


@pytest.mark.parametrize("kept", [None, Kept(None, "another", 2)])
def test_a_comment_alone_is_refused(kept: Kept | None) -> None:
    with pytest.raises(Invalid, match=r"^A comment needs a mark\.$") as refused:
        outcome(kept, Entered(None, "at the board", kept.version if kept else None), "marks.0.")
    assert (refused.value.rule, refused.value.field) == ("comment-without-mark", "marks.0.comment")


def test_a_comment_left_out_stays_and_an_empty_one_goes() -> None:
    assert comment_of(Kept("5", "good"), Entered("4", None, 1)) == "good"
    assert comment_of(Kept("5", "good"), Entered("4", " ", 1)) == ""
    assert comment_of(None, Entered("4", None, None)) == ""


def test_what_is_wrong_in_itself_is_told_before_what_somebody_else_changed() -> None:
    stale, invalid = Stale("meanwhile"), Invalid("no mark")
    assert in_order([stale, invalid, stale]) == [invalid, stale, stale]
