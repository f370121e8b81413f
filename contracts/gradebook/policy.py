"""The school's policy: its rules on marks as a document in versions, each of which decides the days from a date on."""

from __future__ import annotations

from contracts.roles import STAFF
from kernel import fields
from kernel.contract import Command, Empty, Interface, Rpc, View

#: What a rule's value is, as JSON has it.
_VALUE = {
    "description": "As in the policy's document: numbers with decimals are texts with a point, tables lists of lines."
}


class SaidView(View):
    """A sentence or a name in both languages."""

    ru = fields.Str(required=True)
    en = fields.Str(required=True)


class SpecialRuleView(View):
    """An exception from a rule: where it holds, and what. An empty list of grades, subjects or kinds means all."""

    grades = fields.List(fields.Int(), required=True)
    subjects = fields.List(fields.Str(), required=True)
    kinds = fields.List(fields.Str(), required=True, metadata={"description": "Codes of kinds of work."})
    value = fields.Raw(required=True, metadata=_VALUE)
    where = fields.Nested(SaidView, required=True)
    words = fields.Nested(SaidView, required=True)
    source = fields.Nested(SaidView, required=True, metadata={"description": "The act and its clause."})


class RuleView(View):
    """A rule of the policy in words, and what it is where a school voted nothing."""

    path = fields.Str(required=True, metadata={"description": "Such as `terms.thresholds`."})
    name = fields.Nested(SaidView, required=True)
    value = fields.Raw(required=True, metadata=_VALUE)
    words = fields.Nested(SaidView, required=True)
    meaning = fields.Nested(
        SaidView, required=True, metadata={"description": "What the rule does with this value, in a sentence."}
    )
    source = fields.Nested(SaidView, required=True, metadata={"description": "The act and its clause."})
    specials = fields.List(fields.Nested(SpecialRuleView), required=True)
    differs = fields.Bool(required=True, metadata={"description": "From the default."})
    default = fields.Nested(SaidView, required=True, metadata={"description": "The default, with its exceptions."})


class DepartureView(View):
    """A rule that is laxer than a clause of the regulation, the sanitary rules or a ministry's letter say."""

    path = fields.Str(required=True, metadata={"description": "Of the rule."})
    words = fields.Nested(
        SaidView, required=True, metadata={"description": "What the act says, and what the rule says instead."}
    )


class PolicyKindView(View):
    """A kind of work in the policy's dictionary."""

    code = fields.Str(required=True)
    name = fields.Str(required=True)


class ScaleView(View):
    """A scale that a school can vote."""

    code = fields.Str(required=True)
    name = fields.Nested(SaidView, required=True)


class PolicyOn(Command):
    """The version that decides a day; today's, if none is given."""

    date = fields.Date(load_default=None, allow_none=True)


class PolicyView(View):
    """A version of the policy: all rules in words. Number 0 is the default, which a school has that voted nothing."""

    number = fields.Int(required=True)
    valid_from = fields.Date(required=True, allow_none=True, metadata={"description": "Null for the default."})
    time_zone = fields.Str(required=True)
    rules = fields.List(fields.Nested(RuleView), required=True)
    departures = fields.List(
        fields.Nested(DepartureView),
        required=True,
        metadata={"description": "The council may vote them; what nobody may vote is a fault of the draft."},
    )
    kinds = fields.List(fields.Nested(PolicyKindView), required=True)
    scales = fields.List(fields.Nested(ScaleView), required=True)


class PolicyVersionView(View):
    """A version in the list of all: who drafted and adopted it when, by which decision, and what it changed."""

    number = fields.Int(required=True)
    valid_from = fields.Date(required=True, allow_none=True, metadata={"description": "Null while it is a draft."})
    decision = fields.Str(required=True)
    note = fields.Str(required=True)
    drafted_by = fields.UUID(required=True)
    drafted_at = fields.DateTime(required=True)
    adopted_by = fields.UUID(required=True, allow_none=True)
    adopted_at = fields.DateTime(required=True, allow_none=True)
    replaced_by = fields.Int(
        required=True,
        allow_none=True,
        metadata={"description": "The number of a later version with the same first day: this one decides no day."},
    )
    changes = fields.List(
        fields.Nested(SaidView),
        required=True,
        metadata={"description": "What differs from the version before it; of the first, from the default."},
    )


class PolicyVersionsView(View):
    """All versions, the newest first; a draft is the first."""

    versions = fields.List(fields.Nested(PolicyVersionView), required=True)
    in_force = fields.Int(required=True, metadata={"description": "The number of the version that decides today."})


class Policies(Interface, service="gradebook"):
    """The school's policy"""

    policy = Rpc(PolicyOn, PolicyView, "The policy that decides a day, in words.", STAFF)
    policy_versions = Rpc(Empty, PolicyVersionsView, "All versions of the policy, with their differences.", STAFF)
