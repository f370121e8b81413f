"""Parses XML that programs export, without entities, within limits, in the encoding that it is written in."""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from formats.letters import compose_element
from formats.result import Fault
from kernel.phrases import Phrase

#: The largest document, in bytes: forty times a large school's timetable.
LARGEST: Final = 16 * 1024 * 1024
#: The most tags and attributes together, which limits the parsed tree's memory (about 200 bytes for each).
MOST_MARKS: Final = 400_000
#: Matches a document that declares its encoding.
_DECLARATION: Final = re.compile(rb"^\s*<\?xml[^>]*encoding", re.IGNORECASE)

TOO_LARGE: Final = Phrase(
    ru="Файл XML слишком велик: прочитать можно не больше {most} МБ.",
    en="The XML file is too large: at most {most} MB are read.",
)
TOO_MANY: Final = Phrase(
    ru="В файле XML слишком много элементов: прочитать можно не больше {most}.",
    en="The XML file has too many elements: at most {most} are read.",
)
UNSAFE: Final = Phrase(
    ru="Файл XML содержит определение типа документа или сущности; такие файлы не читаются.",
    en="The XML file declares a document type or entities; such files are not read.",
)
BROKEN: Final = Phrase(
    ru="Файл не читается как XML (строка {line}).",
    en="The file cannot be read as XML (line {line}).",
)
UNKNOWN_ENCODING: Final = Phrase(
    ru="Кодировка, указанная в файле XML, неизвестна или не соответствует содержимому.",
    en="The encoding that the XML file names is unknown, or is not the one it is written in.",
)


def parsed(content: bytes) -> Element | Fault:
    """The root element with composed texts, or the fatal fault that explains why there is none.

    Accepts UTF-8 and UTF-16 with or without a byte order mark, and any single-byte encoding that the document declares
    (windows-1251). A document without declaration that is not UTF-8 is read as windows-1251, which Russian programs
    use. Document types and entities are refused, never resolved.
    """
    too_much = _too_much(content)
    if too_much is not None:
        return too_much
    try:
        return _root(_declared(content))
    except DefusedXmlException:
        return Fault("", "xml-unsafe", UNSAFE(), fatal=True)
    except ParseError as error:
        line = error.position[0]
        return Fault(f"line {line}", "xml-broken", BROKEN(line=line), fatal=True)
    except (LookupError, ValueError):  # an encoding that is unknown, or not single-byte
        return Fault("", "xml-encoding", UNKNOWN_ENCODING(), fatal=True)


def _too_much(content: bytes) -> Fault | None:
    if len(content) > LARGEST:
        return Fault("", "xml-too-large", TOO_LARGE(most=LARGEST // 1024**2), fatal=True)
    if content.count(b"<") + content.count(b"=") > MOST_MARKS:
        return Fault("", "xml-too-many-elements", TOO_MANY(most=MOST_MARKS), fatal=True)
    return None


def _root(content: bytes) -> Element:
    root: Element = fromstring(content, forbid_dtd=True)
    compose_element(root)
    return root


def _declared(content: bytes) -> bytes:
    """The document, converted to UTF-8 where it declares no encoding and is neither UTF-8 nor UTF-16."""
    if _DECLARATION.match(content) or content.startswith((b"\xff\xfe", b"\xfe\xff")) or _is_utf8(content):
        return content
    return content.decode("cp1251", errors="replace").encode()


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
