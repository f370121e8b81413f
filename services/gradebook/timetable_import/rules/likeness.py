"""Which of our classes, subjects, teachers and classrooms a name of a file is likely to mean.

What schools write (practice): «5-А» and «5 а», «Иванова А.П.», «Англ. яз.», «Физ-ра», «ОБЖ», «каб. 214». A class or a
number is never guessed by a similar one: 5А is not 5Б, 214 is not 215.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

from contracts.gradebook.timetable_import import CLASS, CLASSROOM, SUBJECT, TEACHER
from kernel.look_alikes import by_look
from kernel.names import folded


class Likeness(IntEnum):
    """How much a name is like one of ours."""

    NOT = 0
    #: A letter is wrong, or less is said than a name needs: «Иванова».
    FAINT = 1
    #: It is short for ours: «Англ. яз.», «Иванова А. П.».
    SHORT = 2
    #: It is the same, but for case, blanks, marks and letters that look alike.
    SAME = 3


class Ours(NamedTuple):
    """One of ours: a teacher with all parts of the name, others with one."""

    id: UUID
    name: str
    given: str = ""
    patronymic: str = ""


class Found(NamedTuple):
    """Those of ours that are most like a name, and how much they are."""

    likeness: Likeness
    ids: tuple[UUID, ...]


def most_alike(kind: str, name: str, ours: Iterable[Ours]) -> Found:
    """Those of ours that are most like a name of the file (practice)."""
    like = _LIKE[kind]
    best: Likeness = Likeness.NOT
    ids: list[UUID] = []
    for one in ours:
        likeness = like(name, one)
        if likeness > best:
            best, ids = likeness, []
        if likeness and likeness == best:
            ids.append(one.id)
    return Found(best, tuple(ids))


def same_key(kind: str, name: str) -> str:
    """What two names of a file have in common that mean the same: «Сп.зал 2» and «Сп. зал 2» (practice)."""
    return _KEYS[kind](name)


def new_name(kind: str, name: str) -> str:
    """What a new thing is called that a file calls so (practice): «каб. № 214» is «214», others keep their names."""
    return _ROOM_WORD.sub("", name) if kind == CLASSROOM else name


# --- classes ---------------------------------------------------------------------------------------

_MARKS: Final = re.compile(r"[\s\"'«»„“”.‐‑–—-]+")
_CLASS_WORD: Final = re.compile(r"(?i:класс|кл\b\.?)")
_ORDINAL: Final = re.compile(r"(?<=\d)-?(?:й|ый|ий)(?![^\W\d_])", re.IGNORECASE)


@lru_cache(maxsize=2048)
def _class_key(name: str) -> str:
    """«5 "А" класс», «5-а», «5А» with a Latin A: 5А; «10-й класс»: 10."""
    return by_look(_MARKS.sub("", _CLASS_WORD.sub("", _ORDINAL.sub("", name))))


def _like_class(name: str, ours: Ours) -> Likeness:
    key = _class_key(name)
    return Likeness.SAME if key and key == _class_key(ours.name) else Likeness.NOT


# --- classrooms ------------------------------------------------------------------------------------

_PARTS: Final = re.compile(r"\d+|[^\W\d_]+")
#: Words for a room with a number, which say nothing.
_ROOM_WORDS: Final = frozenset({"каб", "кабинет", "к", "кб", "ауд", "аудитория", "room", "no"})
_ROOM_WORD: Final = re.compile(r"^(?:(?:кабинет|каб|кб|к|аудитория|ауд)\b\.?)?\s*№?\s*(?=\d)", re.IGNORECASE)
_HALL: Final = re.compile(r"спортзал")


@lru_cache(maxsize=2048)
def _room_parts(name: str) -> tuple[str, ...]:
    """«каб. № 214» is 214; «Спортзал 1», «Спорт. зал №1»: спорт, зал, 1."""
    parts: list[str] = _PARTS.findall(_HALL.sub("спорт зал", folded(name)))
    plain = [part for part in parts if part not in _ROOM_WORDS]
    return tuple(plain if any(part.isdecimal() for part in plain) else parts)


def _like_room(name: str, ours: Ours) -> Likeness:
    theirs, own = _room_parts(name), _room_parts(ours.name)
    if theirs == own:
        return Likeness.SAME if own else Likeness.NOT
    if len(theirs) != len(own):
        return Likeness.NOT
    return Likeness.SHORT if all(map(_same_or_begins, theirs, own)) else Likeness.NOT


def _same_or_begins(one: str, other: str) -> bool:
    """Whether one word is the other or begins it; numbers are the same."""
    if one.isdecimal() or other.isdecimal():
        return one == other
    return one.startswith(other) or other.startswith(one)


# --- subjects --------------------------------------------------------------------------------------

#: «физ-ра», «лит-ра», «общ-во»: the beginning and the end of one word.
_SHORTENED: Final = re.compile(r"(?<=[а-яё])-(?=[а-яё]{1,3}(?![а-яё]))", re.IGNORECASE)
_OMITTED: Final = "~"
_WORDS: Final = re.compile(r"[^\s«»\"“”„()\[\],;:/]+")
#: «Русский» is «Русский язык».
_LANGUAGE: Final = frozenset({"язык", "яз"})
#: What no abbreviation is made of.
_LITTLE: Final = frozenset({"и", "в", "с", "к", "по", "для", "на", "о", "об"})
#: Names of one subject that no rule finds.
_ALSO: Final = {
    "физкультура": "физическая культура",
    "физра": "физическая культура",
    f"физ{_OMITTED}ра": "физическая культура",
    "изо": "изобразительное искусство",
    f"общ{_OMITTED}во": "обществознание",
}
_SHORTEST_BEGINNING: Final = 3
#: The least of a word in which a letter may be wrong, and how like it has to be.
_LEAST: Final = 5
_NEAR: Final = 0.85


class _Subject(NamedTuple):
    """A subject's name in words, and which of them are cut by a dot."""

    words: tuple[str, ...]
    cut: frozenset[str]

    @property
    def plain(self) -> tuple[str, ...]:
        """Without the word for a language, where others are left."""
        left = tuple(word for word in self.words if word not in _LANGUAGE)
        return left or self.words


@lru_cache(maxsize=4096)
def _subject(name: str) -> _Subject:
    words = _WORDS.findall(folded(_SHORTENED.sub(_OMITTED, name)).replace(".", ". "))
    known = _ALSO.get(" ".join(words))
    words = known.split() if known else words
    plain = tuple(word.rstrip(".") for word in words if word != ".")
    return _Subject(plain, frozenset(word.rstrip(".") for word in words if word.endswith(".")))


@lru_cache(maxsize=2048)
def _subject_key(name: str) -> str:
    return " ".join(_WORDS.findall(folded(name)))


def _like_subject(name: str, ours: Ours) -> Likeness:
    if _subject_key(name) == _subject_key(ours.name):
        return Likeness.SAME if _subject_key(name) else Likeness.NOT
    theirs, own = _subject(name), _subject(ours.name)
    if not theirs.words or not own.words:
        return Likeness.NOT
    if _is_short_for(theirs, own) or _is_short_for(own, theirs):
        return Likeness.SHORT
    return Likeness.FAINT if _differs_by_a_letter(theirs.words, own.words) else Likeness.NOT


def _is_short_for(short: _Subject, whole: _Subject) -> bool:
    """Whether the words of one are those of the other, or cut, or initials of them."""
    if "".join(short.words) == "".join(whole.words):
        return True
    if len(short.words) == 1 and _are_initials(short.words[0], whole.words):
        return True
    if short.plain != short.words and whole.plain == whole.words:
        return False
    return len(short.plain) == len(whole.plain) and all(
        _is_cut(one, other, dotted=one in short.cut) for one, other in zip(short.plain, whole.plain)
    )


def _are_initials(text: str, words: tuple[str, ...]) -> bool:
    great = [word for word in words if word not in _LITTLE]
    return len(great) > 1 and text in ("".join(word[0] for word in words), "".join(word[0] for word in great))


def _is_cut(one: str, other: str, *, dotted: bool) -> bool:
    """Whether a word is the other, its beginning, or its beginning and end: «англ», «лит~ра»."""
    if one == other:
        return True
    beginning, omitted, end = one.partition(_OMITTED)
    if omitted:
        return other.startswith(beginning) and other.endswith(end)
    return (dotted or len(one) >= _SHORTEST_BEGINNING) and other.startswith(one)


def _differs_by_a_letter(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether all words are the same but one, which is misspelt within."""
    if len(words) != len(others):
        return False
    differing = [(one, other) for one, other in zip(words, others) if one != other]
    return len(differing) == 1 and _near(*differing[0])


def _near(one: str, other: str) -> bool:
    """Whether two words differ by a letter or two within: begin and end tell words apart («Иванов», «Иванова»)."""
    if min(len(one), len(other)) < _LEAST or one[0] != other[0] or one[-2:] != other[-2:]:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _NEAR


# --- teachers --------------------------------------------------------------------------------------

#: «Иванова АП».
_TOGETHER: Final = re.compile(r"\b([А-ЯЁA-Z])([А-ЯЁA-Z])\b")
_TITLES: Final = re.compile(r"^(?:учитель|уч\.)\s+(?=[^\d\s])", re.IGNORECASE)


def without_title(name: str) -> str:
    """A teacher's name without «учитель» before it (practice)."""
    return _TITLES.sub("", name)


@lru_cache(maxsize=2048)
def _words(name: str) -> tuple[str, ...]:
    return tuple(folded(_TOGETHER.sub(r"\1. \2.", without_title(name)).replace(".", " ")).split())


def _like_teacher(name: str, ours: Ours) -> Likeness:
    words, family = _words(name), _words(ours.name)
    size = len(family)
    if not family or len(words) < size:
        return Likeness.NOT
    for own, rest in ((words[:size], words[size:]), (words[-size:], words[:-size])):
        fits = _fit(rest, ours)
        if own == family and fits:
            return fits
        if rest and fits and all(one == other or _near(one, other) for one, other in zip(own, family)):
            return Likeness.FAINT
    return Likeness.NOT


def _fit(rest: tuple[str, ...], ours: Ours) -> Likeness:
    """How what stands beside the family name fits given name and patronymic."""
    names = (folded(ours.given), folded(ours.patronymic))
    if not rest:
        return Likeness.FAINT
    if rest == tuple(name for name in names if name):
        return Likeness.SAME
    if len(rest) > len(names) or not all(name.startswith(one) for one, name in zip(rest, names)):
        return Likeness.NOT
    return Likeness.SHORT


_LIKE: Final[dict[str, Callable[[str, Ours], Likeness]]] = {
    CLASS: _like_class,
    SUBJECT: _like_subject,
    TEACHER: _like_teacher,
    CLASSROOM: _like_room,
}
_KEYS: Final[dict[str, Callable[[str], str]]] = {
    CLASS: _class_key,
    SUBJECT: _subject_key,
    TEACHER: lambda name: " ".join(_words(name)),
    CLASSROOM: lambda name: " ".join(_room_parts(name)),
}
