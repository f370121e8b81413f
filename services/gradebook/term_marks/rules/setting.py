"""What a teacher may set as a term mark, and when a reason is asked (domain, §3)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from kernel.errors import Conflict, Invalid
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import EXEMPT, NOT_ATTESTED, mark_on, scale_at
from services.gradebook.term_marks.rules.thresholds import term_table
from services.gradebook.windows.rules.edit_windows import EditWindow

_SHORTEST_REASON = 3


def targets(policy: Policy, place: Place) -> tuple[str, ...]:
    """The term marks that a student can aim at, the best first; none where no marks are given (domain, §10)."""
    if not policy.scales.marked.at(place).value:
        return ()
    table = term_table(policy, place).value
    return tuple(table.text(line) for line in range(len(table.thresholds)))


def choices(policy: Policy, place: Place) -> tuple[str, ...]:
    """The term marks that can be set in a place, the best first, then `н/а` and `осв` (domain, §3)."""
    table = term_table(policy, place).value
    return (*(table.text(line) for line in range(len(table.thresholds))), NOT_ATTESTED, EXEMPT)


def term_mark_text(text: str, policy: Policy, place: Place, field: str) -> str:
    """A typed term mark as the journal shows it: Latin look-alikes and all spellings of the words are understood.

    Raises `Invalid` for what is no term mark of the place. Source: practice.
    """
    known = choices(policy, place)
    found = mark_on(scale_at(policy, place), text.strip())
    if found is None or found.text not in known:
        raise Invalid(
            "“{text}” is no term mark here: choose one of {choices}.",
            rule="no-such-term-mark",
            field=field,
            text=text.strip(),
            choices=", ".join(known),
        )
    return found.text


def check_begun(starts_on: date, today: date, title: str) -> None:
    """Refuse marks of a term that has not begun (practice)."""
    if today < starts_on:
        raise Conflict(
            "“{term}” begins on {starts_on}: its marks cannot be set before.",
            rule="term-not-begun",
            field="term_id",
            term=title,
            starts_on=starts_on,
        )


def check_window(window: EditWindow, now: datetime, title: str) -> None:
    """Refuse changes of a closed term's marks; the refusal says who can open them (domain, §3).

    `window` is that of the term's last day: the methodologist opens it with the lessons of that day.
    """
    if not window.is_open(now):
        raise Conflict(
            "The marks of “{term}” could be set until {date}. The methodologist can open them again.",
            rule="term-closed",
            field="term_id",
            term=title,
            date=window.open_day(now),
        )


def check_not_locked(window: EditWindow, now: datetime, locked_at: datetime | None, class_name: str) -> None:
    """Refuse changes of locked marks, unless the methodologist opened them after they were locked (clause 4.2)."""
    if locked_at is None or any(one.holds(now) and one.opened_at >= locked_at for one in window.openings):
        return
    raise Conflict(
        "The marks of class {class_name} are locked. The methodologist can open them again.",
        rule="term-marks-locked",
        field="student_id",
        class_name=class_name,
    )


def check_stays(left_on: date | None) -> None:
    """Refuse a mark for a student who left the course before the term's end (practice)."""
    if left_on is not None:
        raise Conflict(
            "The student left the course on {date} and gets no mark of this term.",
            rule="left-the-course",
            field="student_id",
            date=left_on,
        )


class Computed(Protocol):
    """A computed mark."""

    @property
    def text(self) -> str | None:
        """As the journal shows it; None where nothing is computed."""

    @property
    def allowed(self) -> tuple[str, ...]:
        """The marks that may be set without a reason."""


def check_reason(computed: Computed, value: str | None, before: str | None, reason: str, field: str) -> str:
    """The stripped reason of a term mark (domain, §3).

    One is asked where the mark is not among those that the computed one allows, and where another mark stood there.
    Raises `Invalid`.
    """
    given = reason.strip()
    if len(given) >= _SHORTEST_REASON:
        return given
    if value is not None and value not in computed.allowed:
        raise Invalid(
            "The journal computes {computed}: say why {value} is set.",
            rule="term-mark-differs",
            field=field,
            computed=computed.text or "—",
            value=value,
        )
    if before is not None and before != value:
        raise Invalid("Say why the mark is changed.", rule="reason-required", field=field)
    return given
