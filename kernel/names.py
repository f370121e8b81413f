"""Names of people: how they are compared, in which order they stand, and how those of one list are told apart.

Pages, API and print all use this module, so a class stands in the same order everywhere, and nobody in it is shown
like somebody else.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

from kernel.look_alikes import cyrillic

#: Ways of writing a name, from the shortest: «Иванов И. П.», «Иванов Иван», «Иванов Иван Петрович».
INITIALS: Final = 0
GIVEN: Final = 1
FULL: Final = 2
#: As `FULL`, with the year of birth: «Иванов Иван Петрович (2013)».
_WITH_YEAR: Final = 3

#: Written at random in the same names: О’Нил, О'Нил, О`Нил; Абдул‑Азиз with a hyphen of any kind, or with a space.
_APOSTROPHES: Final = re.compile("['`´ʹʻʼʽˈ‘’‛′＇]")
_HYPHENS: Final = re.compile("[-‐‑‒–—―−﹣－]")  # each is a letter of its own
#: Characters that nobody sees, such as soft hyphens and marks of direction.
_UNSEEN: Final = "Cf"

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name. `birth_year` is known only where it may be shown."""

    family: str
    given: str = ""
    patronymic: str = ""
    birth_year: int | None = None


@lru_cache(maxsize=2048)  # a class is asked for again and again, and each of its names three times for one list
def folded(text: str) -> str:
    """A name, or a part of one, for comparing and sorting.

    Case, ё and е, composed and decomposed letters, kinds of apostrophes and hyphens make no difference, nor do Latin
    letters that stand in a Cyrillic word in place of those that look the same.
    """
    seen = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != _UNSEEN)
    words = _HYPHENS.sub(" ", _APOSTROPHES.sub("", seen)).casefold().split()
    return " ".join(map(cyrillic, words)).replace("ё", "е")


def may_be_one(one: Name, other: Name) -> bool:
    """Whether two names may be one person's: the same, or one has initials or no patronymic: «Иванова А. П.»."""
    return (
        folded(one.family) == folded(other.family)
        and _may_be_one(one.given, other.given)
        and _may_be_one(one.patronymic, other.patronymic)
    )


def _may_be_one(one: str, other: str) -> bool:
    short, whole = sorted((folded(one).rstrip("."), folded(other).rstrip(".")), key=len)
    return short == whole or not short or (len(short) == 1 and whole.startswith(short))


def full(name: Name) -> str:
    """Family name, given name and patronymic, without the empty ones."""
    return _written(name, FULL)


def initials(name: Name) -> str:
    """Family name and initials: «де ла Крус М.»."""
    return _written(name, INITIALS)


def listed(people: Mapping[_Key, Name], least: int) -> dict[_Key, str]:
    """The people of a list in its order, each with a text that nobody else in it has.

    `least` is the shortest way to write a name (`INITIALS`, `GIVEN` or `FULL`). Where two would look alike, both are
    written in the next longer way; people of one full name and year of birth, or of unknown years, are numbered.
    """
    order = sorted(people, key=lambda key: (folded(full(people[key])), str(key)))
    ways = dict.fromkeys(order, least)
    while alike := [key for key in _alike({key: _written(people[key], ways[key]) for key in order})
                    if ways[key] < _WITH_YEAR]:  # fmt: skip
        for key in alike:
            ways[key] += 1
    texts = {key: _written(people[key], ways[key]) for key in order}
    numbers: Counter[str] = Counter()
    for key in _alike(texts):
        numbers[folded(texts[key])] += 1
        texts[key] += f" – {numbers[folded(texts[key])]}"
    return texts


def _alike(texts: Mapping[_Key, str]) -> list[_Key]:
    """Those whose text somebody else has too, as far as an eye can see."""
    seen = {key: folded(text) for key, text in texts.items()}
    many = Counter(seen.values())
    return [key for key in texts if many[seen[key]] > 1]


def _written(name: Name, way: int) -> str:
    return " ".join(part for part in _parts(name, way) if part)


def _parts(name: Name, way: int) -> Iterator[str]:
    yield name.family
    if way == INITIALS:
        yield from (f"{part[0]}." for part in (name.given, name.patronymic) if part)
        return
    yield name.given
    if way >= FULL:
        yield name.patronymic
    if way >= _WITH_YEAR and name.birth_year is not None:
        yield f"({name.birth_year})"
