"""Kinds of work on pages: which one a form shows first, and short names for the heads of columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

_WORD = re.compile(r"\w+")


def in_choice(kinds: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The kinds as they are offered: the answer in a lesson first, each once."""
    return sorted(kinds, key=lambda kind: not kind.get("is_answer"))


def chosen(kinds: list[dict[str, Any]], given: Collection[str], wanted: str | None) -> dict[str, Any] | None:
    """The kind to show of a lesson: the wanted one, else the first of those with marks, else the first of all.

    `kinds` are in the order of `in_choice`, `given` are the ids of those with marks. None where there are no kinds.
    """
    first_given = next((kind for kind in kinds if kind["id"] in given), None)
    return next((kind for kind in kinds if kind["id"] == wanted), first_given or next(iter(kinds), None))


def short_names(names: Collection[str]) -> dict[str, str]:
    """Name → a short one that none of the others has: «КР»; «Кон. раб.» where «КР» would be that of several."""
    found = {}
    for name in names:
        for shorten in (_initials, _beginnings):
            if sum(shorten(other) == shorten(name) for other in names) == 1:
                found[name] = shorten(name)
                break
        else:
            found[name] = name
    return found


def _initials(name: str) -> str:
    """The first letters of several words; of one word its beginning."""
    words = _WORD.findall(name)
    return "".join(word[0].upper() for word in words) if len(words) > 1 else _cut(name, 6, 4)


def _beginnings(name: str) -> str:
    """The beginning of each word."""
    return " ".join(_cut(word, 4, 3) for word in _WORD.findall(name))


def _cut(word: str, most: int, kept: int) -> str:
    return word if len(word) <= most else f"{word[:kept]}."
