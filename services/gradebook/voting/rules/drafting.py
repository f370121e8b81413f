"""Drafts a version of the policy: it begins as what holds now, then its rules are changed one at a time.

Source: practice; schools take last year's regulation and change what the vote is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from kernel.errors import NotFound
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.applied import with_kinds
from services.gradebook.policy.rules.defaults import VOTE, default_policy
from services.gradebook.policy.rules.policy import NOT_YET, Policy, Rule, Scope, rules_of
from services.gradebook.policy.rules.schema import load_policy

#: The path of the dictionary of kinds of work, which is no rule but is drafted as one.
KINDS: Final = "kinds"


def drafted(policy: Policy, kinds: Iterable[tuple[str, Decimal]], number: int) -> Policy:
    """The draft that a version begins with: the last one as it is applied, so that it changes nothing (practice)."""
    return replace(with_kinds(policy, kinds), version=number, valid_from=NOT_YET, adopted_by="")


def with_rule(policy: Policy, path: str, value: Any, specials: Sequence[Mapping[str, Any]] = ()) -> Policy:
    """The policy with the rule at `path` as a document of plain values says it, with all its special rules (practice).

    What is as it was keeps its source, and what is as the default says has the default's; all else is the school's
    vote. Only the form is checked: `policy.checks` validates the content, when several rules may have been changed.
    Raises `Invalid` with the paths of wrong fields, `NotFound` for a path of no rule.
    """
    if path == KINDS:
        return replace(policy, kinds=load_policy({KINDS: value}).kinds)
    rules = dict(rules_of(policy))
    if path not in rules:
        raise NotFound("The policy has no rule {path}.", rule="no-such-rule", field="path", path=path)
    section, name = path.split(".")
    loaded = load_policy({section: {name: {"value": value, "specials": [dict(one) for one in specials]}}})
    rule = _sourced(dict(rules_of(loaded))[path], (rules[path], dict(rules_of(default_policy()))[path]))
    return replace(policy, **{section: replace(getattr(policy, section), **{name: rule})})


def _sourced(rule: Rule[Any], known: Iterable[Rule[Any]]) -> Rule[Any]:
    """The rule, its values that are among the known ones with the sources that they have there; the last known wins."""
    source = VOTE
    sources: dict[tuple[Scope, object], Source] = {}
    for one in known:
        if one.value == rule.value:
            source = one.source
        sources |= {(special.scope, special.value): special.source for special in one.specials}
    specials = tuple(
        replace(special, source=sources.get((special.scope, special.value), VOTE)) for special in rule.specials
    )
    return Rule(rule.value, source, specials)
