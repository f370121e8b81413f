"""Decides, by the rules, what becomes of entries of term marks, and of the states of the classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.entries import CONFLICT, REFUSED, SAVED
from contracts.gradebook import term_marks as contract
from contracts.gradebook.term_marks import TermMarkEntry
from kernel.errors import Refused, Stale
from services.gradebook.marks.rules import columns
from services.gradebook.rows import View
from services.gradebook.term_marks.rules import setting, states
from services.gradebook.term_results import course_terms, recording, views
from services.gradebook.windows.rules.edit_windows import EditWindow


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of an entry."""

    entry: TermMarkEntry
    write: recording.Write | None = None
    refusal: Refused | None = None


def decided(found: course_terms.CourseTerm, window: EditWindow, entry: TermMarkEntry) -> Decision:
    """What becomes of an entry, by the rules."""
    try:
        return Decision(entry, write=_write(found, window, entry))
    except Refused as refusal:
        return Decision(entry, refusal=refusal)


def _write(found: course_terms.CourseTerm, window: EditWindow, entry: TermMarkEntry) -> recording.Write | None:
    """The term mark to be written; None if the entry changes nothing. Raises `Refused`."""
    student_id, before = entry.student_id, found.set.get(entry.student_id)
    found.check_student(student_id, window)
    value = entry.value
    if value is not None:
        value = setting.term_mark_text(value, found.policy, found.place(student_id), "value")
    entered = columns.Entered(value, entry.comment, entry.version)
    if columns.outcome(before, entered, "") is columns.Outcome.LEFT:
        return None
    computed = found.computed(student_id)
    seen = before.value if before is not None and before.first_shown is not None else None
    reason = setting.check_reason(computed, value, seen, entry.reason, "reason")
    comment = columns.comment_of(before, entered)
    shown = found.state_of(found.class_of(student_id)) != contract.OPEN
    return recording.Write(student_id, value, computed.text, reason, comment, before, shown)


def answer(found: course_terms.CourseTerm, decision: Decision, saved: dict[UUID, View]) -> View:
    """The answer of an entry; `saved` are the views of the marks that are being saved."""
    student_id, refusal = decision.entry.student_id, decision.refusal
    before = found.set.get(student_id)
    mark = saved.get(student_id)
    shown = views.saved_term_mark(mark) if mark else before and views.term_mark(before)
    outcome = SAVED
    if refusal is not None:
        outcome = CONFLICT if isinstance(refusal, Stale) else REFUSED
    return {"student_id": student_id, "state": outcome, "refusal": views.refusal(refusal), "mark": shown}


def steps_after(found: course_terms.CourseTerm, writes: Sequence[recording.Write]) -> list[recording.Step]:
    """The states that change as marks do."""
    left = found.missing({one.student_id: one.value for one in writes})
    steps = []
    for class_id in sorted({one for write in writes if (one := found.class_of(write.student_id)) is not None}):
        state = found.state_of(class_id)
        after = states.after_marks(state, left[class_id])
        if after != state:
            steps.append(recording.Step(found.page.id, class_id, after, found.sheet_of(class_id)))
    return steps
