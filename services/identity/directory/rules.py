"""Reads what was typed to find people. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from kernel.look_alikes import by_look, composed

#: The most words that the name of a class is typed in: «8 "А" класс».
_WORDS_OF_CLASS: Final = 3
#: Said beside the name of a class, and no part of it.
_CLASS: Final = {"класс", "класса", "кл", "class"}


@dataclass(frozen=True, slots=True)
class Sought:
    """What was typed: a part of a name, or the name of a class, alone or beside a part of a name."""

    query: str
    #: The classes that are named, and what was typed beside their name.
    class_ids: frozenset[UUID] = frozenset()
    beside: str = ""


def sought(query: str, classes: Mapping[UUID, str]) -> Sought:
    """What a query looks for in a school with these classes: «Пестова», «8а», «8 «А» класс», «Пестова 8А»."""
    for named, beside in _splits(query.split()):
        wanted = _key(named)
        found = frozenset(class_id for class_id, name in classes.items() if wanted and _key(name) == wanted)
        if found:
            return Sought(query, found, beside)
    return Sought(query)


def _splits(words: list[str]) -> Iterator[tuple[str, str]]:
    """Ways to take the name of a class from either end of the words, and what is left. The longest first."""
    for count in range(min(len(words), _WORDS_OF_CLASS), 0, -1):
        yield " ".join(words[-count:]), " ".join(words[:-count])
        yield " ".join(words[:count]), " ".join(words[count:])


def _key(class_name: str) -> str:
    """The name of a class for comparing: 8А, 8 «А», 8-а and 8A with a Latin letter are the same."""
    words = [word for word in composed(class_name).split() if word.casefold().strip(".") not in _CLASS]
    return re.sub(r"[\W_]", "", by_look(" ".join(words))).replace("Ё", "Е")
