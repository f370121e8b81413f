"""Opens untrusted files that are zip archives (XLSX, DOCX), within limits of size and number of parts."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from formats.faults import Unreadable
from kernel.phrases import Phrase
from kernel.zips import unpacked

#: The largest file, in bytes: a plan or timetable has a few dozen kilobytes, one with pictures a few megabytes.
LARGEST_FILE: Final = 16 * 1024**2
#: The most unpacked bytes of all parts together, and of one part that is read.
LARGEST_UNPACKED: Final = 64 * 1024**2
LARGEST_PART: Final = 24 * 1024**2
MOST_ENTRIES: Final = 2000
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x1
_ZIP: Final = b"PK\x03\x04"
#: Compound files: XLS and DOC from before 2007, and newer files with a password.
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNDER_PASSWORD: Final = "EncryptedPackage".encode("utf-16-le")
#: The fixed part of the header before each packed part.
_HEADER: Final = 30

TOO_LARGE = Phrase(
    ru="Файл слишком велик: больше {megabytes} МБ.", en="The file is too large: more than {megabytes} MB."
)
UNPACKS_TOO_LARGE = Phrase(
    ru="В распакованном виде файл занимает больше {megabytes} МБ: таких планов и расписаний не бывает.",
    en="Unpacked, the file takes more than {megabytes} MB: no plan or timetable does.",
)
UNDER_PASSWORD = Phrase(
    ru="Файл защищён паролем. Снимите пароль и сохраните файл заново.",
    en="The file is protected by a password. Remove it and save the file again.",
)
OLD_FORMAT = Phrase(
    ru="Файл старого формата (XLS или DOC). Откройте его и сохраните как XLSX или DOCX.",
    en="The file has the old format (XLS or DOC). Open it and save it as XLSX or DOCX.",
)
NOT_A_CONTAINER = Phrase(
    ru="Это не файл XLSX или DOCX, какое бы имя он ни носил.",
    en="This is no XLSX or DOCX file, whatever its name says.",
)
DAMAGED = Phrase(
    ru="Файл повреждён: его содержимое не распаковывается.", en="The file is damaged: its content cannot be unpacked."
)
TOO_MANY_PARTS = Phrase(
    ru="Внутри файла больше {count} частей: он собран не табличным и не текстовым редактором.",
    en="The file has more than {count} parts inside: no spreadsheet or word processor made it.",
)
MADE_TO_HARM = Phrase(
    ru="Части файла наложены друг на друга: он собран не табличным и не текстовым редактором.",
    en="Parts of the file lie upon each other: no spreadsheet or word processor made it.",
)


@dataclass(frozen=True, slots=True)
class Container:
    """An opened zip whose directory was checked; parts are unpacked on request."""

    archive: zipfile.ZipFile
    names: frozenset[str]

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def part(self, name: str, largest: int = LARGEST_PART) -> bytes:
        """Unpack a part. Raises `Unreadable` where it is missing, damaged, or larger than `largest` bytes."""
        try:
            entry = self.archive.getinfo(name)
            if entry.file_size > largest:
                raise Unreadable("part-too-large", UNPACKS_TOO_LARGE(megabytes=largest // 1024**2), name)
            return unpacked(self.archive, entry)
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, KeyError, ValueError, OSError) as error:
            raise Unreadable("damaged", DAMAGED(), name) from error


def opened(content: bytes, *, largest_file: int = LARGEST_FILE, largest_unpacked: int = LARGEST_UNPACKED) -> Container:
    """Open an XLSX or DOCX file, judged by its content alone.

    Raises `Unreadable` where it is no zip, is encrypted, or has more than `MOST_ENTRIES` parts, more than
    `largest_unpacked` bytes unpacked, two parts of the same name, or parts that share bytes.
    """
    check_size(content, largest_file)
    check_not_compound(content)
    if not content.startswith(_ZIP):
        raise Unreadable("not-a-container", NOT_A_CONTAINER())
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise Unreadable("damaged", DAMAGED()) from error
    entries = archive.infolist()
    _check_entries(entries, largest_unpacked)
    _check_overlaps(entries, len(content))
    return Container(archive, frozenset(entry.filename for entry in entries))


def check_size(content: bytes, largest: int = LARGEST_FILE) -> None:
    """Raise `Unreadable` for a file of more than `largest` bytes."""
    if len(content) > largest:
        raise Unreadable("too-large", TOO_LARGE(megabytes=largest // 1024**2))


def check_not_compound(content: bytes) -> None:
    """Raise `Unreadable` for a compound file: it has a password or the old format, and the reason says which."""
    if content.startswith(_COMPOUND):
        if _UNDER_PASSWORD in content:
            raise Unreadable("encrypted", UNDER_PASSWORD())
        raise Unreadable("old-format", OLD_FORMAT())


def is_zip(content: bytes) -> bool:
    """Whether the content begins with a zip's signature."""
    return content.startswith(_ZIP)


def _check_entries(entries: list[zipfile.ZipInfo], largest: int) -> None:
    if len(entries) > MOST_ENTRIES:
        raise Unreadable("too-many-parts", TOO_MANY_PARTS(count=MOST_ENTRIES))
    if sum(entry.file_size for entry in entries) > largest:
        raise Unreadable("unpacks-too-large", UNPACKS_TOO_LARGE(megabytes=largest // 1024**2))
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Unreadable("encrypted", UNDER_PASSWORD())
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise Unreadable("damaged", DAMAGED())


def _check_overlaps(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse parts that share a name or bytes: otherwise the same bytes could be unpacked many times."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise Unreadable("overlapping-parts", MADE_TO_HARM())
        end = entry.header_offset + _HEADER + entry.compress_size
    if end > size or len({entry.filename.casefold() for entry in entries}) < len(entries):
        raise Unreadable("overlapping-parts", MADE_TO_HARM())
