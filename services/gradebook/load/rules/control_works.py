"""Which lessons hold control works."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from services.gradebook.policy.rules.policy import Policy

#: How topics of lessons and names of kinds of work begin that tell of a control work.
_BEGINNINGS: Final = ("контрольн", "control work", "к/р", "кр №")


def control_work(topic: str, planned: Iterable[str], kinds: Iterable[str], policy: Policy) -> str:
    """What a lesson's control work is called; empty if it holds none (practice).

    A lesson holds one if the plan's topic that it covers has one (`planned`), if it has a column of a kind of work that
    the policy counts as control works or whose name says so (`kinds`), or if its own topic begins with the words.
    """
    named = {kind.name.casefold() for kind in policy.kinds if kind.control}
    of_column = (kind for kind in kinds if kind.casefold() in named or _says_so(kind))
    found = [*filter(None, planned), *of_column, *([topic] if _says_so(topic) else [])]
    return found[0] if found else ""


def _says_so(words: str) -> bool:
    return words.strip().casefold().startswith(_BEGINNINGS)
