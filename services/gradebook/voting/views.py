"""Views of drafts and of what they would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from contracts.gradebook.voting import MOST_SHIFTS
from kernel.errors import NotFound, Stale
from kernel.phrases import Sentence
from services.gradebook.policy import views as policy_views
from services.gradebook.policy.queries import VersionRow
from services.gradebook.policy.rules.checks import policy_faults
from services.gradebook.policy.rules.policy import Policy
from services.gradebook.rows import View
from services.gradebook.voting.rules.preview import OfGrade, Preview, Shift


class Shifted(NamedTuple):
    """A student's mean and term mark in a course, as they are computed now and as they would be."""

    student_id: UUID
    course_id: UUID
    course: str
    mean_before: str | None
    mean_after: str | None
    mark_before: str | None
    mark_after: str | None


class Effect(NamedTuple):
    """What a draft would change: in words, in figures, and for whom. `cut`: there are more marks than were computed."""

    sentences: Sequence[Sentence]
    by_grade: Sequence[OfGrade]
    shifts: Sequence[Shifted]
    cut: bool


_NOTHING: Final[View] = {"records": 0, "effects": [], "by_grade": [], "shifts": [], "count": 0, "more": 0, "cut": False}


def draft(row: VersionRow, before: Policy, after: Policy) -> View:
    """The draft with all rules in words, what it changes of the version before it, and its faults."""
    return {
        **policy_views.policy(after),
        "version": row.version,
        "note": row.note,
        "drafted_by": row.drafted_by,
        "drafted_at": row.drafted_at,
        "changes": policy_views.changes(before, after),
        "faults": [
            {"path": fault.field, "rule": fault.rule, "text": fault.text.to_wire()} for fault in policy_faults(after)
        ],
    }


def no_draft() -> NotFound:
    """The refusal where nothing is drafted."""
    return NotFound("No version of the policy is drafted at present.", rule="no-such-draft")


def changed_first(present: View | None) -> Stale:
    """The refusal of what starts from an older draft, with the present one; null where there is none any more."""
    if present is None:
        return Stale(
            "The draft is no more: somebody has adopted or discarded it meanwhile.",
            rule="stale",
            field="version",
            present=None,
        )
    return Stale("Someone changed the draft first.", rule="stale", field="version", present=present)


def preview(
    draft_: Policy,
    before: Policy,
    grades: Sequence[int],
    grade: int | None,
    effect: Effect | None,
    part: int = 0,
) -> View:
    """What a draft would change: in words, and if marks were computed, in these; `grade` is none for the school.

    Those whose marks change are told in parts of `MOST_SHIFTS`, of which `part` is the one to tell, 0 the first.
    """
    shown = {
        "number": draft_.version,
        "changes": policy_views.changes(before, draft_),
        "grades": list(grades),
        "grade": grade,
        "part": part,
        **_NOTHING,
    }
    if effect is None:
        return shown
    first, end = part * MOST_SHIFTS, (part + 1) * MOST_SHIFTS
    return {
        **shown,
        "records": sum(one.records for one in effect.by_grade),
        "effects": [policy_views.said(sentence) for sentence in effect.sentences],
        "by_grade": [one._asdict() for one in effect.by_grade],
        "shifts": [one._asdict() for one in effect.shifts[first:end]],
        "count": len(effect.shifts),
        "more": max(0, len(effect.shifts) - end),
        "cut": effect.cut,
    }


def effect(found: Preview, cut: bool, titles: Mapping[str, str]) -> Effect:
    """A preview without the steps of its figures; `titles` are those of the courses, by their references."""
    shifts = {id(one): one for one in (*found.term_marks, *found.means)}.values()
    return Effect(found.sentences, found.by_grade, tuple(_shifted(one, titles) for one in shifts), cut)


def _shifted(shift: Shift, titles: Mapping[str, str]) -> Shifted:
    was, becomes = shift.before, shift.after
    return Shifted(
        UUID(shift.record.student),
        UUID(shift.record.course),
        titles[shift.record.course],
        None if was.mean.figure is None else str(was.mean.figure),
        None if becomes.mean.figure is None else str(becomes.mean.figure),
        was.text,
        becomes.text,
    )
