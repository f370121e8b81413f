"""Reads untrusted XML as a stream, within limits; refuses document types and entities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from formats.faults import Unreadable
from kernel.phrases import Phrase

#: The most elements of a file; a cell with a value has two. A class's journal of a year has a quarter of it. Reading so
#: many takes about one of the two seconds that a reader may take.
MOST_ELEMENTS: Final = 400_000
#: The most cells with and without value, characters in them (a text in two cells counts twice), and merged areas.
MOST_CELLS: Final = 1_000_000
MOST_CHARACTERS: Final = 16 * 1024**2
MOST_MERGED: Final = 20_000
#: The most bytes of one tag with its attributes, and the most different names of elements and attributes in a part: the
#: parser holds a whole tag in memory, and each name until the end.
LONGEST_MARK: Final = 1024 * 1024
MOST_NAMES: Final = 2000
_CHUNK: Final = 64 * 1024

DECLARES_ENTITIES = Phrase(
    ru="В файле объявлен тип документа или сущности: такие файлы не принимаются.",
    en="The file declares a document type or entities: such files are not taken.",
)
MARK_TOO_LONG = Phrase(
    ru="В файле есть элемент, разметка которого длиннее {kilobytes} КБ: так не пишет ни один редактор.",
    en="An element of the file has over {kilobytes} KB of markup: no editor writes so.",
)
TOO_MANY_NAMES = Phrase(
    ru="В файле больше {count} разных имён элементов и свойств: так не пишет ни один редактор.",
    en="The file has more than {count} names of elements and properties: no editor writes so.",
)
BAD_XML = Phrase(ru="Файл повреждён: разметка не читается.", en="The file is damaged: its markup cannot be read.")
TOO_MANY_ELEMENTS = Phrase(
    ru="В файле больше {count} ячеек и других элементов. Удалите пустые строки и столбцы с оформлением.",
    en="The file has more than {count} cells and other elements. Delete empty rows and columns with formatting.",
)

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


@dataclass(slots=True)
class Budget:
    """What may still be read of one file, over all its parts.

    It counts elements of XML; cells from the first to the last of each sheet, and again those of merged areas;
    characters in cells; and merged areas.
    """

    elements: int = MOST_ELEMENTS
    cells: int = MOST_CELLS
    characters: int = MOST_CHARACTERS
    merged: int = MOST_MERGED


def parsed(content: bytes, name: str, budget: Budget, start: Start, end: End, text: Text) -> None:
    """Parse a part and call the handlers, with the names of elements as written.

    Raises `Unreadable`, naming the part, for a document type, too many elements or names, and broken XML.
    """
    left = budget.elements
    names: set[str] = set()

    def counted(tag: str, attributes: dict[str, str]) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Unreadable("too-many-elements", TOO_MANY_ELEMENTS(count=MOST_ELEMENTS), name)
        if tag not in names or not names.issuperset(attributes):
            names.update((tag, *attributes))
            if len(names) > MOST_NAMES:
                raise Unreadable("too-many-names", TOO_MANY_NAMES(count=MOST_NAMES), name)
        start(tag, attributes)

    parser = _parser(name)
    parser.StartElementHandler = counted
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    _fed(parser, content, name)
    budget.elements = left


def local(tag: str) -> str:
    """The name of an element or attribute without its namespace prefix."""
    return tag.rpartition(":")[2]


def _parser(name: str) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_declaration: object) -> None:
        raise Unreadable("declares-entities", DECLARES_ENTITIES(), name)

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _fed(parser: expat.XMLParserType, content: bytes, name: str) -> None:
    try:
        for begin in range(0, len(content), _CHUNK):
            parser.Parse(content[begin : begin + _CHUNK], False)
            # The bytes after the last event belong to a tag whose end has not arrived.
            if min(begin + _CHUNK, len(content)) - max(parser.CurrentByteIndex, 0) > LONGEST_MARK:
                raise Unreadable("mark-too-long", MARK_TOO_LONG(kilobytes=LONGEST_MARK // 1024), name)
        parser.Parse(b"", True)
    # The parser raises ValueError or LookupError for an unknown encoding.
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Unreadable("bad-xml", BAD_XML(), name) from error
