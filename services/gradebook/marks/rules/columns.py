"""What becomes of an entry in a column in which the student may have a mark already (domain, §3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final, NamedTuple, Protocol

from kernel.errors import Invalid, Refused, Stale

_LONGEST_HIDDEN: Final = timedelta(days=366)


class Kept(Protocol):
    """A mark as it is kept; `value` is None if it was taken back."""

    @property
    def value(self) -> str | None:
        """What stands in the cell."""

    @property
    def comment(self) -> str:
        """What the family reads beside it."""

    @property
    def version(self) -> int:
        """Which state of the mark this is."""


class Entered(NamedTuple):
    """What is to stand in a student's place, and the version that was seen there; None where nothing was seen.

    Without `value` the place is to be empty. Without `comment` the comment stays as it is.
    """

    value: str | None
    comment: str | None
    version: int | None


class Outcome(Enum):
    """What an entry comes to."""

    LEFT = auto()
    NEW = auto()
    CHANGED = auto()


def comment_of(kept: Kept | None, entered: Entered) -> str:
    """The comment that is to stand beside the mark: one that is left out stays (practice)."""
    if entered.comment is None:
        return kept.comment if kept else ""
    return entered.comment.strip()


def outcome(kept: Kept | None, entered: Entered, prefix: str) -> Outcome:
    """What an entry comes to beside what is kept in its place.

    What says the same as is kept leaves it, whoever wrote it. Raises `Invalid` for a comment without a mark, and
    `Stale` if somebody else changed the place meanwhile; their fields begin with `prefix`. Source: domain, §3.
    """
    comment = comment_of(kept, entered)
    value = kept.value if kept else None
    if value is None and entered.value is None:
        if comment and (kept is None or comment != kept.comment):
            raise Invalid("A comment needs a mark.", rule="comment-without-mark", field=f"{prefix}comment")
        return Outcome.LEFT
    if kept and (value, kept.comment) == (entered.value, comment):
        return Outcome.LEFT
    if entered.version != (kept.version if kept else None):
        raise _stale(kept, entered.value, comment, f"{prefix}version")
    return Outcome.CHANGED if kept else Outcome.NEW


def check_visible_from(moment: datetime | None, now: datetime) -> None:
    """Refuse to hide a column from families for longer than a year, as that would be for ever (practice)."""
    if moment is not None and moment > now + _LONGEST_HIDDEN:
        raise Invalid("A column is hidden for a year at most.", rule="visible-too-late", field="visible_from")


def in_order(refusals: Sequence[Refused]) -> list[Refused]:
    """Refusals of entries as they are told (practice).

    What is wrong in itself comes first, since sending it again does not help.
    """
    return sorted(refusals, key=lambda refusal: isinstance(refusal, Stale))


def _stale(kept: Kept | None, value: str | None, comment: str, field: str) -> Stale:
    """Names what is kept and what was entered, each with its comment where they differ in it."""
    if kept is None or kept.value is None:
        return Stale("Meanwhile the mark was taken back here; you entered {entered}.", field=field, entered=value)
    if value is None:
        return Stale("Meanwhile {saved} was saved here; you emptied the field.", field=field, saved=kept.value)
    differ = kept.comment != comment
    saved = _said(kept.value, kept.comment) if differ else kept.value
    entered = _said(value, comment) if differ else value
    return Stale("Meanwhile {saved} was saved here; you entered {entered}.", field=field, saved=saved, entered=entered)


def _said(value: str, comment: str) -> str:
    return f"{value} ({comment})" if comment else value
