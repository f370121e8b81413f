"""Voting a policy: the methodologist drafts a version, its effects are seen before the vote, the director adopts it."""

from __future__ import annotations

from marshmallow import validate

from contracts.gradebook.calendar import GRADES
from contracts.gradebook.policy import PolicyVersionView, PolicyView, SaidView
from contracts.roles import DIRECTORS, KEEPERS, METHODOLOGISTS
from kernel import fields
from kernel.contract import Command, Done, Empty, Interface, Rpc, View

#: Most exceptions of a rule.
MOST_SPECIALS = 40
#: Students whose changed mean or term mark a preview lists at once, and most parts of such a list.
MOST_SHIFTS = 100
MOST_PARTS = 10_000

_VERSION = {"description": "The version this change starts from."}


class PolicyFaultView(View):
    """Why a draft cannot be carried out as it is, at the rule."""

    path = fields.Str(required=True, metadata={"description": "Such as `terms.thresholds.specials.0.value`."})
    rule = fields.Str(required=True, metadata={"description": "A stable slug."})
    text = fields.Dict(required=True)


class PolicyDraftView(PolicyView):
    """The draft: its rules in words, what it changes, and every fault for which it cannot be adopted yet."""

    version = fields.Int(required=True)
    note = fields.Str(required=True)
    drafted_by = fields.UUID(required=True)
    drafted_at = fields.DateTime(required=True)
    changes = fields.List(fields.Nested(SaidView), required=True)
    faults = fields.List(fields.Nested(PolicyFaultView), required=True)


class GivenSpecial(Command):
    """An exception from a rule. An empty list of grades, subjects or kinds means all."""

    grades = fields.List(
        fields.Int(validate=validate.Range(GRADES[0], GRADES[-1])),
        load_default=list,
        validate=validate.Length(max=len(GRADES)),
    )
    subjects = fields.List(
        fields.Str(validate=validate.Length(1, 200)), load_default=list, validate=validate.Length(max=50)
    )
    kinds = fields.List(
        fields.Str(validate=validate.Length(1, 200)), load_default=list, validate=validate.Length(max=50)
    )
    value = fields.Raw(required=True, allow_none=True)


class ChangeDraft(Command):
    """A rule of the draft as it is to be, with all its exceptions; or the draft's note; or both."""

    path = fields.Str(load_default="", validate=validate.Length(max=100), metadata={"description": "Of the rule."})
    value = fields.Raw(load_default=None, allow_none=True, metadata={"description": "As in the policy's document."})
    specials = fields.List(fields.Nested(GivenSpecial), load_default=list, validate=validate.Length(max=MOST_SPECIALS))
    note = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=1000))
    version = fields.Int(required=True, metadata=_VERSION)


class DraftVersion(Command):
    """The draft as it was seen."""

    version = fields.Int(required=True, metadata=_VERSION)


class AdoptPolicy(Command):
    """The draft becomes the school's policy from a day on, by a decision of the school."""

    valid_from = fields.Date(required=True)
    decision = fields.Str(
        required=True,
        validate=validate.Length(3, 200),
        metadata={"description": "Such as the number and date of the minutes of the teachers' council."},
    )
    version = fields.Int(required=True, metadata=_VERSION)


class PreviewPolicy(Command):
    """What the draft would change in the present terms of the school, or of a grade."""

    grade = fields.Int(
        load_default=None,
        allow_none=True,
        validate=validate.Range(GRADES[0], GRADES[-1]),
        metadata={"description": "The whole school, if none is given."},
    )
    part = fields.Int(
        load_default=0,
        validate=validate.Range(0, MOST_PARTS),
        metadata={
            "description": f"Of the list of those whose marks change, in parts of {MOST_SHIFTS}; 0 is the first."
        },
    )


class ShiftView(View):
    """A student's mean and term mark in a course, as they are computed now and as they would be."""

    student_id = fields.UUID(required=True)
    course_id = fields.UUID(required=True)
    course = fields.Str(required=True)
    mean_before = fields.Str(required=True, allow_none=True)
    mean_after = fields.Str(required=True, allow_none=True)
    mark_before = fields.Str(required=True, allow_none=True)
    mark_after = fields.Str(required=True, allow_none=True)


class GradeEffectView(View):
    """How much a draft would change in a grade."""

    grade = fields.Int(required=True, allow_none=True)
    records = fields.Int(required=True, metadata={"description": "Students of courses that were computed."})
    means = fields.Int(required=True)
    term_marks = fields.Int(required=True)
    breaches_appearing = fields.Int(required=True, metadata={"description": "Entries that would be late."})
    breaches_disappearing = fields.Int(required=True, metadata={"description": "Entries that would no longer be late."})


class PolicyPreviewView(View):
    """What a draft would change: in words, in figures, and for whom."""

    number = fields.Int(required=True)
    changes = fields.List(fields.Nested(SaidView), required=True)
    grade = fields.Int(required=True, allow_none=True, metadata={"description": "Null for the whole school."})
    part = fields.Int(required=True)
    grades = fields.List(
        fields.Int(), required=True, metadata={"description": "Those that have marks in their present terms."}
    )
    records = fields.Int(required=True, metadata={"description": "Students of courses that were computed."})
    effects = fields.List(fields.Nested(SaidView), required=True)
    by_grade = fields.List(fields.Nested(GradeEffectView), required=True)
    shifts = fields.List(fields.Nested(ShiftView), required=True, metadata={"description": "Of this part."})
    count = fields.Int(required=True, metadata={"description": "Shifts of all parts."})
    more = fields.Int(required=True, metadata={"description": "Shifts of the parts after this one."})
    cut = fields.Bool(required=True, metadata={"description": "Whether there are more marks than were computed."})


class Voting(Interface, service="gradebook"):
    """Voting a policy"""

    policy_draft = Rpc(Empty, PolicyDraftView, "The draft of the next version of the policy.", KEEPERS)
    draft_policy = Rpc(
        Empty, PolicyDraftView, "Draft a version of the policy, which begins as the last one.", METHODOLOGISTS
    )
    change_draft = Rpc(ChangeDraft, PolicyDraftView, "Change a rule of the drafted policy.", METHODOLOGISTS)
    discard_draft = Rpc(DraftVersion, Done, "Discard the drafted policy.", METHODOLOGISTS)
    preview_policy = Rpc(
        PreviewPolicy,
        PolicyPreviewView,
        "What the drafted policy would change in marks of the school or a grade.",
        KEEPERS,
    )
    adopt_policy = Rpc(AdoptPolicy, PolicyVersionView, "Adopt the drafted policy from a date on.", DIRECTORS)
