"""Numbers that Word counts itself before paragraphs of lists (ECMA-376, part 1, 17.9)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from formats.container import Container
from formats.xml_parts import Budget, local, parsed

_NUMBERING: Final = "word/numbering.xml"
_STYLES: Final = "word/styles.xml"
_LEVELS: Final = 9
#: Longer texts around a number are none that Word makes.
_LONGEST_TEXT: Final = 40
_HOLE: Final = re.compile(r"%([1-9])")
_ROMAN: Final = (
    ("M", 1000), ("CM", 900), ("D", 500), ("CD", 400), ("C", 100), ("XC", 90), ("L", 50), ("XL", 40), ("X", 10),
    ("IX", 9), ("V", 5), ("IV", 4), ("I", 1),
)  # fmt: skip


def _roman(number: int) -> str:
    text = ""
    for letters, worth in _ROMAN:
        count, number = divmod(number, worth)
        text += letters * count
    return text


_FORMATS: Final[dict[str, Callable[[int], str]]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02}",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
}


@dataclass(slots=True)
class _Level:
    """A level of a list: its first number, the format of its numbers, and the text around them, such as `%1.`."""

    start: int = 1
    format: str = "decimal"
    text: str = ""


def _levels() -> defaultdict[int, _Level]:
    return defaultdict(_Level)


@dataclass(slots=True)
class _Definitions:
    """The lists of a document by their ids: abstract lists, which count, and the lists made of them."""

    abstract: dict[str, defaultdict[int, _Level]] = field(default_factory=dict)
    made_of: dict[str, str] = field(default_factory=dict)
    restarts: dict[tuple[str, int], int] = field(default_factory=dict)
    of_style: dict[str, tuple[str, int]] = field(default_factory=dict)


class ListNumbers:
    """Counts the paragraphs of lists in a document's order."""

    def __init__(self, definitions: _Definitions) -> None:
        self._lists = definitions
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._begun: set[tuple[str, int]] = set()

    def of_style(self, style: str) -> tuple[str, int] | None:
        """The list and level that a paragraph's style puts it into, if any."""
        return self._lists.of_style.get(style)

    def next(self, number: str, level: int) -> str:
        """The text before the next paragraph of a list's level, with a space; "" for bullets and unknown lists.

        Lists made of one abstract list count on, unless a list begins anew.
        """
        made_of = self._lists.made_of.get(number, "")
        levels = self._lists.abstract.get(made_of)
        if levels is None or level not in levels:
            return ""
        counts = self._counts[made_of]
        begins = self._lists.restarts.get((number, level)) if (number, level) not in self._begun else None
        self._begun.add((number, level))
        before = counts.get(level, levels[level].start - 1) if begins is None else begins - 1
        counts[level] = before + 1
        for deeper in range(level + 1, _LEVELS):
            counts.pop(deeper, None)
        return self._written(levels, counts, level)

    @staticmethod
    def _written(levels: dict[int, _Level], counts: dict[int, int], level: int) -> str:
        if levels[level].format not in _FORMATS:
            return ""

        def filled(found: re.Match[str]) -> str:
            of = int(found[1]) - 1
            known = levels.get(of, _Level())
            return _FORMATS.get(known.format, str)(counts.get(of, known.start))

        text = _HOLE.sub(filled, levels[level].text)
        return f"{text} " if text else ""


def list_numbers(container: Container, budget: Budget) -> ListNumbers:
    """The lists that a document's parts define. Raises `Unreadable` where a part is broken."""
    found = _Definitions()
    if _NUMBERING in container:
        reader = _NumberingReader(found)
        parsed(container.part(_NUMBERING), _NUMBERING, budget, reader.start, _ignore, _ignore)
        if _STYLES in container:
            styles = _StylesReader(found.of_style)
            parsed(container.part(_STYLES), _STYLES, budget, styles.start, _ignore, _ignore)
    return ListNumbers(found)


def attribute(attributes: dict[str, str], name: str = "val") -> str:
    """An attribute's value, whatever its prefix; "" where it is absent."""
    return next((value for key, value in attributes.items() if local(key) == name), "")


def number_of(attributes: dict[str, str], name: str = "val") -> int:
    """An attribute's value as a number; 0 where it is absent or none."""
    value = attribute(attributes, name)
    return int(value) if value.isdecimal() and len(value) < 5 else 0


class _NumberingReader:
    """Handles the elements of `numbering.xml`."""

    def __init__(self, found: _Definitions) -> None:
        self._found = found
        self._levels: defaultdict[int, _Level] = _levels()
        self._level, self._number = 0, ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "abstractNum":
            self._levels = self._found.abstract[attribute(attributes, "abstractNumId")] = _levels()
        elif name == "num":
            self._number = attribute(attributes, "numId")
            self._levels = _levels()  # levels inside a list itself replace those of its abstract list: not read
        elif name == "abstractNumId":
            self._found.made_of[self._number] = attribute(attributes)
        elif name in ("lvl", "lvlOverride"):
            self._level = number_of(attributes, "ilvl")
        elif name == "startOverride":
            self._found.restarts[self._number, self._level] = number_of(attributes)
        else:
            self._of_level(name, attributes)

    def _of_level(self, name: str, attributes: dict[str, str]) -> None:
        if name == "start":
            self._levels[self._level].start = number_of(attributes)
        elif name == "numFmt":
            self._levels[self._level].format = attribute(attributes)
        elif name == "lvlText":
            self._levels[self._level].text = attribute(attributes)[:_LONGEST_TEXT]


class _StylesReader:
    """Handles the elements of `styles.xml`: which styles put a paragraph into a list."""

    def __init__(self, of_style: dict[str, tuple[str, int]]) -> None:
        self._of_style, self._style, self._level = of_style, "", 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "style":
            self._style, self._level = attribute(attributes, "styleId"), 0
        elif name == "ilvl":
            self._level = number_of(attributes)
        elif name == "numId" and self._style:
            self._of_style[self._style] = attribute(attributes), self._level


def _ignore(_: str) -> None:
    """Handles the ends of elements and texts, which say nothing about lists."""
