"""Which kind of file it is, by its first bytes: names and media types are what the sender says."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from kernel.errors import Invalid

ZIP: Final = "zip"
PDF: Final = "pdf"
PNG: Final = "png"
JPEG: Final = "jpeg"
GIF: Final = "gif"
#: Sound, some of it in containers that hold films as well.
MP3: Final = "mp3"
MP4: Final = "mp4"
OGG: Final = "ogg"
WAV: Final = "wav"
#: Documents and workbooks of office programs before 2007, and newer ones under a password.
COMPOUND: Final = "compound"
#: Nothing of the rest, and no control characters at its beginning: a table of text, perhaps.
TEXT: Final = "text"
#: Programs of Windows, Linux and macOS, and scripts: never taken, and named so in the refusal.
PROGRAM: Final = "program"

#: First bytes → kind.
_SIGNATURES: Final = (
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),  # an empty one
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"ID3", MP3),
    (b"\xff\xfb", MP3),
    (b"\xff\xfa", MP3),
    (b"\xff\xf3", MP3),
    (b"\xff\xf2", MP3),
    (b"OggS", OGG),
    (b"RIFF", WAV),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", COMPOUND),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"\xfe\xed\xfa\xce", PROGRAM),
    (b"\xfe\xed\xfa\xcf", PROGRAM),
    (b"\xce\xfa\xed\xfe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"#!", PROGRAM),
)
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
#: Bytes of no text in any encoding of one byte a character, or of UTF-8: control characters but tabs and line ends.
_CONTROLS: Final = frozenset(range(32)) - frozenset(b"\t\n\r\f")
#: Where it stands in files that begin with the length of their first part.
_MP4: Final = b"ftyp"
_MP4_AT: Final = 4
#: So many first bytes decide.
LONGEST: Final = max(len(signature) for signature, _ in _SIGNATURES)


def kind_of(head: bytes) -> str | None:
    """The kind of a file that begins with these bytes; None if it is none that is known."""
    known = next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), None)
    if known is None and head.startswith(_MP4, _MP4_AT):
        return MP4
    if known is None and (head.startswith(_UTF16) or not _CONTROLS.intersection(head)):
        return TEXT
    return known


def check(head: bytes, allowed: Collection[str], field: str) -> None:
    """Raise `Invalid` for the `field` if a file that begins with these bytes is of no kind that is allowed."""
    kind = kind_of(head)
    if kind in allowed:
        return
    if kind == PROGRAM:
        raise Invalid("This file is a program. Programs are not taken.", rule="file-program", field=field)
    known = ", ".join(sorted(allowed))
    raise Invalid(
        "This file is of another kind, whatever its name says. Taken are: {known}.",
        rule="file-kind",
        field=field,
        known=known,
    )
