"""Marks of a student, and policies with a few rules voted otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from services.gradebook.explaining.explained import Explained, Source
from services.gradebook.explaining.given import GivenMark
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.policy import Group, Place, Policy, Rule, Scope, Special

VOTE = Source("vote", "4")
PLACE = Place(7, "Алгебра")
ONE_LESSON = Decimal(1)
NUMBERS = {"зач": 1, "незач": 0}


def voted(**rules: Any) -> Policy:
    """The default policy with `section__rule=value`; a whole `Rule` is taken as it is."""
    policy = default_policy(version=7)
    for path, value in rules.items():
        section, name = path.split("__")
        rule = value if isinstance(value, Rule) else Rule(value, VOTE)
        policy = replace(policy, **{section: replace(getattr(policy, section), **{name: rule})})
    return policy


def weights(**kinds: str) -> Rule[Decimal]:
    """Weights of some kinds of work; the others weigh 1."""
    return by_kind(Decimal(1), {kind: Decimal(weight) for kind, weight in kinds.items()})


def by_kind(value: Any, kinds: dict[str, Any]) -> Rule[Any]:
    return Rule(value, VOTE, tuple(Special(Scope(kinds=frozenset({kind})), one, VOTE) for kind, one in kinds.items()))


def in_grade_7(path: str, value: Any) -> Policy:
    """A rule voted for grade 7 alone."""
    section, name = path.split("__")
    rule = getattr(getattr(voted(), section), name)
    return voted(**{path: replace(rule, specials=(*rule.specials, Special(Scope(frozenset({7})), value, VOTE)))})


def group(code: str, weight: str | int, kinds: str, lowest: int = 0, highest: int = 0) -> Group:
    return Group(code, frozenset(kinds.split()), Decimal(weight), lowest, highest)


def mark(text: str | int, kind: str = "answer", **more: Any) -> GivenMark:
    """A mark; digits count as a number."""
    text = str(text)
    number = Decimal(text) if text.replace(".", "").isdecimal() else None
    if "weight" in more:
        more["weight"] = Decimal(more["weight"])
    return GivenMark(text, number, kind, **more)


def marks(texts: str, kind: str = "answer", **more: Any) -> list[GivenMark]:
    return [mark(text, kind, **more) for text in texts.split()]


def points(score: str | float | None, maximum: str | float, kind: str = "answer", **more: Any) -> GivenMark:
    """A work scored in points."""
    number = None if score is None else Decimal(str(score))
    return GivenMark(f"{score}/{maximum}", number, kind, maximum=Decimal(str(maximum)), **more)


def recomputed(found: Explained[GivenMark]) -> Fraction | None:
    """The mean of what an explanation says was used."""
    size = sum(Fraction(one.item.maximum) * Fraction(one.weight) for one in found.used)
    above = sum(Fraction(one.number) * Fraction(one.weight) for one in found.used)
    return above / size if size else None


def texts(items: Iterable[Any]) -> list[str]:
    """The marks used or left out, as the journal shows them."""
    return [str(one.item) for one in items]


def left_out(found: Explained[Any]) -> list[tuple[str, str]]:
    return [(str(one.item), one.rule) for one in found.left_out]


#: Weights with three places after the point.
WEIGHTS = st.integers(1, 9_000).map(lambda thousandths: Decimal(thousandths).scaleb(-3))
MARKS = st.builds(
    lambda number, kind, weight: mark(number, kind, weight=weight) if weight else mark(number, kind),
    st.integers(1, 5),
    st.sampled_from(["answer", "control", "homework", "test"]),
    st.none() | WEIGHTS,
)
