"""The policy as it is applied: with the kinds of work that the school uses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from services.gradebook.policy.rules.defaults import VOTE
from services.gradebook.policy.rules.policy import Kind, Place, Policy, Scope, Special


def with_kinds(policy: Policy, kinds: Iterable[tuple[str, Decimal]]) -> Policy:
    """The policy as it is applied: with the kinds of work that the school uses, each given with its weight (practice).

    A version decides the weights of the kinds that it names; those that it does not name, as an import has brought them
    later, keep their own. The default (version 0) decides none.
    """
    named = {kind.name: kind for kind in policy.kinds}
    added: list[Kind] = []
    weights: dict[Scope, Decimal] = {}
    for name, weight in kinds:
        kind = named.get(name) or Kind(name, name)
        if name not in named:
            added.append(kind)
        elif policy.version:
            continue
        if weight != policy.means.weight.at(Place(kind=kind.code)).value:
            weights[Scope(kinds=frozenset({kind.code}))] = weight
    rule = policy.means.weight
    specials = tuple(special for special in rule.specials if special.scope not in weights)
    specials += tuple(Special(scope, weight, VOTE) for scope, weight in weights.items())
    return replace(
        policy,
        kinds=(*policy.kinds, *added),
        means=replace(policy.means, weight=replace(rule, specials=specials)),
    )
