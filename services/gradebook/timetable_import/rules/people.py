"""Which person a teacher's name in a file names, where its form is understood: no surname is guessed (practice)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from contracts.gradebook.timetable_import import TEACHER
from kernel.names import Name, folded, may_be_one
from services.gradebook.timetable_import.rules.likeness import same_key, without_title

_CYRILLIC: Final = r"[\u0400-\u04ff]"
#: «Иванова», «Римская-Корсакова», «Д’Артаньян».
_WORD: Final = re.compile(rf"{_CYRILLIC}{{2,}}(?:[-’'`]{_CYRILLIC}+)*", re.IGNORECASE)
#: «А.П.», «А. П.», «А П», «АП»; one alone may be that of a family name: «Анна И.».
_INITIALS: Final = re.compile(rf"({_CYRILLIC})\.?\s*({_CYRILLIC})\.?", re.IGNORECASE)
_BEFORE: Final = re.compile(rf"(?P<initials>{_CYRILLIC}\.\s*{_CYRILLIC}\.)\s*(?P<family>.+)")
_PATRONYMIC: Final = re.compile(r".+(?:ович|евич|ёвич|ич|овна|евна|ёвна|ична|инична)", re.IGNORECASE)
#: «Гасан кызы», «Мамед оглы».
_OF: Final = frozenset({"кызы", "гызы", "оглы", "оглу", "углы"})


def person_in(text: str) -> Name | None:
    """The person whom a name of a file names; None where it does not say which word is the family name (practice).

    «Иванова А.П.» and «А. П. Иванова» say it by initials, «Иванова Анна Петровна» and «Анна Петровна Иванова» by the
    patronymic. «Иванова», «Иванова А.», «Анна Иванова» and «Учитель 12» do not.
    """
    plain = " ".join(without_title(text).split())
    return _with_initials(plain) or _with_patronymic(plain.split())


def _with_initials(text: str) -> Name | None:
    before = _BEFORE.fullmatch(text)
    if before is not None:
        family, initials = before["family"], before["initials"]
    else:
        family, initials = _split(text)
    found = _INITIALS.fullmatch(initials.strip())
    words = family.split()
    if found is None or not words or not all(map(_WORD.fullmatch, words)):
        return None
    given, patronymic = (f"{letter.upper()}." for letter in found.groups())
    return Name(family, given, patronymic)


def _split(text: str) -> tuple[str, str]:
    """The family name and what may be the initials behind it."""
    words = text.split()
    family = [word for word in words if _WORD.fullmatch(word) and not _are_great(word)]
    if words[: len(family)] != family:
        return "", ""
    return " ".join(family), " ".join(words[len(family) :])


def _are_great(word: str) -> bool:
    """«АП»: two great letters are initials."""
    return len(word) == 2 and word.isupper()


def _with_patronymic(words: list[str]) -> Name | None:
    """Three words, of which one is a patronymic: the second or the third, and no doubt which."""
    if len(words) == 4 and folded(words[3]) in _OF:
        parts = words[0], words[1], f"{words[2]} {words[3]}"
        return Name(*parts) if all(map(_WORD.fullmatch, words)) else None
    if len(words) != 3 or not all(map(_WORD.fullmatch, words)):
        return None
    second, third = (bool(_PATRONYMIC.fullmatch(word)) for word in words[1:])
    if second == third:
        return None
    return Name(words[0], words[1], words[2]) if third else Name(words[2], words[0], words[1])


def who_may_be_one(names: Iterable[str]) -> dict[str, list[str]]:
    """Name → the other names of the file that may be the same person's (practice)."""
    by_family: defaultdict[str, list[tuple[str, Name]]] = defaultdict(list)
    for text in names:
        person = person_in(text)
        if person is not None:
            by_family[folded(person.family)].append((text, person))
    return {
        text: [other for other, theirs in own if other != text and may_be_one(person, theirs)]
        for own in by_family.values()
        for text, person in own
    }


def certain(alike: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """The names that name one person without doubt, of those in `who_may_be_one` (practice)."""
    return frozenset(
        text
        for text, others in alike.items()
        if all(same_key(TEACHER, other) == same_key(TEACHER, text) for other in others)
    )
