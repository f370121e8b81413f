"""Views of drafts and of what they would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from contracts.gradebook.voting import MOST_SHIFTS
from kernel.errors import NotFound, Stale
from services.gradebook.policy import views as policy_views
from services.gradebook.policy.queries import VersionRow
from services.gradebook.policy.rules.checks import policy_faults
from services.gradebook.policy.rules.policy import Policy
from services.gradebook.rows import View
from services.gradebook.voting.queries import CourseOfTerm
from services.gradebook.voting.rules.preview import Preview, Shift

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
    computed: tuple[Preview, bool] | None,
    courses: Iterable[CourseOfTerm],
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
    if computed is None:
        return shown
    found, cut = computed
    titles = {str(course.id): course.title for course in courses}
    shifts = list({id(one): one for one in (*found.term_marks, *found.means)}.values())
    first, end = part * MOST_SHIFTS, (part + 1) * MOST_SHIFTS
    return {
        **shown,
        "records": sum(one.records for one in found.by_grade),
        "effects": [policy_views.said(sentence) for sentence in found.sentences],
        "by_grade": [one._asdict() for one in found.by_grade],
        "shifts": [_shift(one, titles) for one in shifts[first:end]],
        "count": len(shifts),
        "more": max(0, len(shifts) - end),
        "cut": cut,
    }


def _shift(shift: Shift, titles: Mapping[str, str]) -> View:
    was, becomes = shift.before, shift.after
    return {
        "student_id": UUID(shift.record.student),
        "course_id": UUID(shift.record.course),
        "course": titles[shift.record.course],
        "mean_before": None if was.mean.figure is None else str(was.mean.figure),
        "mean_after": None if becomes.mean.figure is None else str(becomes.mean.figure),
        "mark_before": was.text,
        "mark_after": becomes.text,
    }
