"""Policies to test with: the default one with some rules changed, by hand or by chance."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.policy import Kind, Policy, Rule, Scope, Special, rules_of

VOTE = Source("vote")
DEFAULT = default_policy()
RULES = dict(rules_of(DEFAULT))
#: Rule → the type of its value.
TYPES = {
    f"{part.name}.{name}": get_args(hint)[0]
    for part in fields(Policy)
    if is_dataclass(getattr(DEFAULT, part.name))
    for name, hint in get_type_hints(type(getattr(DEFAULT, part.name))).items()
}

_PLAIN = {
    bool: st.booleans(),
    int: st.integers(0, 12),
    Decimal: st.decimals(0, 12, places=2),
    str: st.sampled_from(["", "five", "answer", "essay", "письменные", "{0} {x}"]),
}
SOURCES = st.builds(Source, st.sampled_from(["vote", "regulation", "приказ № 5 {x}"]), st.sampled_from(["", "3.2"]))
SCOPES = st.builds(
    Scope,
    st.frozensets(st.integers(1, 11), max_size=2),
    st.frozensets(st.sampled_from(["Физика", "Химия"]), max_size=2),
    st.frozensets(st.sampled_from(["essay", "control"]), max_size=2),
)
KINDS = st.builds(Kind, st.sampled_from(["answer", "essay", "quiz"]), st.sampled_from(["Ответ", "Эссе"]), st.booleans())


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type that rules have, sensible or not."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint in _PLAIN:
        return _PLAIN[hint]
    if origin is frozenset:
        return st.frozensets(values(inner[0]), max_size=3)
    if origin is tuple and inner[-1] is ...:
        return st.lists(values(inner[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values, inner))
    if issubclass(hint, Enum):
        return st.sampled_from(hint)
    return st.builds(hint, **{name: values(of) for name, of in get_type_hints(hint).items()})


@cache
def rules(path: str) -> st.SearchStrategy[Rule[Any]]:
    of = values(TYPES[path])
    specials = st.lists(st.builds(Special, SCOPES, of, SOURCES), max_size=3).map(tuple)
    return st.builds(Rule, of, SOURCES, specials)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """The default policy with up to three rules changed; not all of them could be carried out."""
    policy = replace(
        DEFAULT,
        version=draw(st.integers(0, 9)),
        valid_from=draw(st.dates(date(2020, 1, 1), date(2030, 12, 31))),
        adopted_by=draw(st.sampled_from(["", "решение № 4"])),
        time_zone=draw(st.sampled_from(["Europe/Moscow", "Asia/Omsk"])),
        kinds=draw(st.just(DEFAULT.kinds) | st.lists(KINDS, max_size=2).map(tuple)),
    )
    for path in draw(st.lists(st.sampled_from(sorted(RULES)), max_size=3, unique=True)):
        policy = with_rule(policy, path, draw(rules(path)))
    return policy


def with_rule(policy: Policy, path: str, rule: Rule[Any]) -> Policy:
    """The policy with another rule at `path`."""
    section, name = path.split(".")
    return replace(policy, **{section: replace(getattr(policy, section), **{name: rule})})


def with_value(path: str, value: object, policy: Policy = DEFAULT) -> Policy:
    """The policy with another value of the rule at `path`, by vote."""
    section, name = path.split(".")
    rule = getattr(getattr(policy, section), name)
    return with_rule(policy, path, replace(rule, value=value, source=VOTE))


def with_special(path: str, scope: Scope, value: object, policy: Policy = DEFAULT) -> Policy:
    """The policy with one more special rule at `path`, by vote."""
    section, name = path.split(".")
    rule = getattr(getattr(policy, section), name)
    return with_rule(policy, path, replace(rule, specials=(*rule.specials, Special(scope, value, VOTE))))


def grades(*numbers: int) -> Scope:
    return Scope(grades=frozenset(numbers))


def kinds(*codes: str) -> Scope:
    return Scope(kinds=frozenset(codes))
