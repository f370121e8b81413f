"""Files that teachers add to lessons: what a file is, by its content, and whether families are given it.

Taken are documents, tables, presentations, pictures and sound. Archives are not, as nobody sees what is in them; nor is
anything that could run on a family's computer: programs, scripts, pages, documents with macros.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from formats import container
from formats.container import Container
from formats.faults import Unreadable
from kernel.files import kinds

#: Most bytes that a document may have unpacked, and most pixels of a picture.
LARGEST_UNPACKED: Final = 200 * 1024**2
MOST_PIXELS: Final = 150_000_000

#: Why a content is harmful → the rule by which it is refused.
_MACROS, _UNPACKS = "macros", "unpacks-too-large"
_RULES: Final = {
    _MACROS: "file-macros",
    **dict.fromkeys((_UNPACKS, "too-many-parts", "overlapping-parts", "part-too-large"), "file-bomb"),
}

_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: What the storages in documents of before 2007 are called that hold macros.
_MACROS_OF_COMPOUND: Final = "_VBA_PROJECT".encode("utf-16-le")
#: Where a zip keeps macros and programs: parts of Microsoft's documents, folders of OpenDocument.
_MACRO_PARTS: Final = ("vbaproject.bin", "vbadata.xml")
_MACRO_FOLDERS: Final = ("Basic/", "Scripts/")
#: Beginnings of pages and pictures that may hold scripts.
_MARKUP: Final = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<?xml", b"<?php", b"<%")
_BOMS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\r\f"))
#: Markers of a JPEG before a frame's size: SOF0–SOF15 without those that are tables.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD9)})

_OOXML: Final = "application/vnd.openxmlformats-officedocument."
_ODF: Final = "application/vnd.oasis.opendocument."


class _Harmful(Exception):
    """Raised for a content that is not given to families; says why."""


class Ending(NamedTuple):
    """What a file with an ending is served as, and whether a content is such a file."""

    media_type: str
    fits: Callable[[bytes], bool]


class Attachment(NamedTuple):
    """What a file is: its media type, or the rule by which it is not taken (`rules.details.check_file`)."""

    media_type: str
    rule: str = ""


def look_at(content: bytes, name: str) -> Attachment:
    """What a file is by the ending of its name, to which its content has to fit."""
    kind = ENDINGS.get(ending_of(name))
    if kind is None or kinds.kind_of(content[: kinds.LONGEST]) == kinds.PROGRAM:
        return Attachment("", "file-kind")
    try:
        return Attachment(kind.media_type) if kind.fits(content) else Attachment("", "file-ending")
    except (_Harmful, Unreadable) as error:
        return Attachment("", _RULES.get(str(error), "file-damaged"))


def ending_of(name: str) -> str:
    """The ending of a name in lower case, such as `.pdf`."""
    return PurePosixPath(name).suffix.lower()


def _zip(content: bytes) -> Container:
    """An opened document. Raises `Unreadable` for a bomb, `_Harmful` for one with macros."""
    found = container.opened(content, largest_file=len(content), largest_unpacked=LARGEST_UNPACKED)
    for part in found.names:
        if part.lower().endswith(_MACRO_PARTS) or part.startswith(_MACRO_FOLDERS):
            raise _Harmful(_MACROS)
    return found


def _office(folder: str) -> Callable[[bytes], bool]:
    """Whether it is a document of Microsoft's whose parts lie in this folder."""

    def fits(content: bytes) -> bool:
        if not container.is_zip(content):
            return False
        names = _zip(content).names
        return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)

    return fits


def _open_document(media_type: str) -> Callable[[bytes], bool]:
    """Whether it is an OpenDocument of this type: its first part says so."""

    def fits(content: bytes) -> bool:
        if not container.is_zip(content):
            return False
        found = _zip(content)
        return "mimetype" in found and found.part("mimetype", 200) == media_type.encode()

    return fits


def _compound(stream: str) -> Callable[[bytes], bool]:
    """Whether it is a document of before 2007 with this stream. Raises `_Harmful` for one with macros."""

    def fits(content: bytes) -> bool:
        if not content.startswith(_COMPOUND):
            return False
        if _MACROS_OF_COMPOUND in content:
            raise _Harmful(_MACROS)
        return stream.encode("utf-16-le") in content

    return fits


def _is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-")


def _is_text(content: bytes) -> bool:
    """Text of any encoding of one byte a character, UTF-8 or UTF-16, that is no page and no script."""
    plain = content
    if content.startswith(_BOMS[1:]):
        try:
            plain = content.decode("utf-16").encode()
        except UnicodeDecodeError:
            return False
    plain = plain.removeprefix(_BOMS[0])
    begins = plain[:200].lstrip().lower()
    return not begins.startswith(_MARKUP) and len(plain.translate(None, _CONTROLS)) == len(plain)


def _is_png(content: bytes) -> bool:
    begins = content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR" and len(content) > 24
    return begins and _shows(int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big"))


def _is_gif(content: bytes) -> bool:
    begins = content.startswith((b"GIF87a", b"GIF89a")) and len(content) > 13
    return begins and _shows(int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little"))


def _is_jpeg(content: bytes) -> bool:
    """Whether it is a JPEG: its parts are followed up to the one that says how large the picture is."""
    at = 2
    while content.startswith(b"\xff\xd8\xff") and at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _FRAMES:
            height, width = (int.from_bytes(content[at + place : at + place + 2], "big") for place in (5, 7))
            return _shows(width, height)
        if marker in _WITHOUT_LENGTH or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
        else:
            at += 2 + max(int.from_bytes(content[at + 2 : at + 4], "big"), 2)
    return False


def _shows(width: int, height: int) -> bool:
    """Whether a picture has a size. Raises `_Harmful` for one that would fill a computer's memory."""
    if width * height > MOST_PIXELS:
        raise _Harmful(_UNPACKS)
    return width > 0 and height > 0


def _is_mp3(content: bytes) -> bool:
    return content.startswith(b"ID3") or (len(content) > 2 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2)


def _is_m4a(content: bytes) -> bool:
    return content[4:8] == b"ftyp"


def _is_ogg(content: bytes) -> bool:
    return content.startswith(b"OggS")


def _is_wav(content: bytes) -> bool:
    return content.startswith(b"RIFF") and content[8:12] == b"WAVE"


#: Ending → what it is.
ENDINGS: Final[Mapping[str, Ending]] = {
    ".pdf": Ending("application/pdf", _is_pdf),
    ".docx": Ending(_OOXML + "wordprocessingml.document", _office("word/")),
    ".xlsx": Ending(_OOXML + "spreadsheetml.sheet", _office("xl/")),
    ".pptx": Ending(_OOXML + "presentationml.presentation", _office("ppt/")),
    ".odt": Ending(_ODF + "text", _open_document(_ODF + "text")),
    ".ods": Ending(_ODF + "spreadsheet", _open_document(_ODF + "spreadsheet")),
    ".odp": Ending(_ODF + "presentation", _open_document(_ODF + "presentation")),
    ".doc": Ending("application/msword", _compound("WordDocument")),
    ".xls": Ending("application/vnd.ms-excel", _compound("Workbook")),
    ".ppt": Ending("application/vnd.ms-powerpoint", _compound("PowerPoint Document")),
    ".txt": Ending("text/plain", _is_text),
    ".csv": Ending("text/csv", _is_text),
    ".png": Ending("image/png", _is_png),
    ".jpg": Ending("image/jpeg", _is_jpeg),
    ".jpeg": Ending("image/jpeg", _is_jpeg),
    ".gif": Ending("image/gif", _is_gif),
    ".mp3": Ending("audio/mpeg", _is_mp3),
    ".m4a": Ending("audio/mp4", _is_m4a),
    ".ogg": Ending("audio/ogg", _is_ogg),
    ".wav": Ending("audio/wav", _is_wav),
}
