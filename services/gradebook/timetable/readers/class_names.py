"""Parses names of classes in timetables: `5А`, `10 "Б" класс`, `11-И (физ-мат)`, `5а, 5б`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from kernel.look_alikes import by_look

_QUOTES: Final = "\"'«»„“”"
_CLASS: Final = re.compile(
    rf"(?P<grade>1[0-2]|[1-9])(?P<th>-?й)?\s*[-–]?\s*[{_QUOTES}]?(?P<letter>[А-ЯЁA-Zа-яёa-z]?)(?P<number>(?<=[А-ЯЁA-Zа-яёa-z])[1-9])?[{_QUOTES}]?"
    r"\s*(?P<word>(?i:класс|кл\.?))?\s*(?:\((?P<profile>[^()]{1,60})\))?",
)
_WITHIN: Final = re.compile(
    rf"(?<![0-9])(1[0-2]|[1-9])(?:-?й)?\s*[-–]?\s*[{_QUOTES}]?([А-ЯЁA-Zа-яё]?)[{_QUOTES}]?\s*(?i:класс(?:а|е|у)?\b|кл\.)"
)
_BETWEEN: Final = re.compile(r"[,;+/\n](?![^()]*\))")
_PREFIX: Final = re.compile(r"класс(ы)?\s+", re.IGNORECASE)
#: A grade and more text: probably a class, even if its name cannot be parsed.
_LIKE_A_CLASS: Final = re.compile(r"(1[0-2]|[1-9])(?!\d)\W*[А-ЯЁA-Zа-яёa-z].*", re.DOTALL)
#: Longer texts are not headings of columns.
_LONGEST: Final = 120
#: The most classes in one heading, such as those of a grade: `5А, 5Б, 5В`.
_MOST_CLASSES: Final = 12


@dataclass(frozen=True, slots=True)
class ClassName:
    """A class and the part of it that a heading names: `10М` and `медицинское`; "" is the whole class."""

    name: str
    group: str = ""


def class_names(text: str) -> tuple[ClassName, ...]:
    """The classes that a heading names; empty if any part of it is not a class.

    Letters become Cyrillic capitals; a digit may follow, as in `10А1`. A grade without a letter needs the word «класс»:
    a bare number is not a class.
    """
    if len(text) > _LONGEST:
        return ()
    parts = [part for part in map(str.strip, _BETWEEN.split(_PREFIX.sub("", text, count=1))) if part]
    if len(parts) > _MOST_CLASSES:
        return ()
    found = tuple(map(_class_name, parts))
    return tuple(one for one in found if one is not None) if None not in found else ()


def is_like_classes(text: str) -> bool:
    """Whether a heading seems to name classes, even if `class_names` cannot parse it: `10ФМ`, `5А 5Б`."""
    return not class_names(text) and _LIKE_A_CLASS.fullmatch(_PREFIX.sub("", text, count=1)) is not None


def _class_name(text: str) -> ClassName | None:
    found = _CLASS.fullmatch(text)
    if found is None or not (found["letter"] or found["word"]):
        return None
    name = found["grade"] + by_look(found["letter"]) + (found["number"] or "")
    return ClassName(name, (found["profile"] or "").strip())


def class_within(text: str) -> tuple[ClassName, ...]:
    """The classes that a title names: all of it, or those beside the word «класс», as in `Расписание 5А класса`."""
    if len(text) > _LONGEST:
        return ()
    found = _WITHIN.findall(text)
    named = (ClassName(grade + by_look(letter)) for grade, letter in found)
    return class_names(text) or tuple(dict.fromkeys(named))
