"""Which kind of file it is, by its first bytes: names and media types are what the sender says."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from kernel.errors import Invalid

ZIP: Final = "zip"
PDF: Final = "pdf"
PNG: Final = "png"
JPEG: Final = "jpeg"
#: Programs of Windows, Linux and macOS, and scripts: never taken, and named so in the refusal.
PROGRAM: Final = "program"

#: First bytes → kind.
_SIGNATURES: Final = (
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),  # an empty one
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"\xfe\xed\xfa\xce", PROGRAM),
    (b"\xfe\xed\xfa\xcf", PROGRAM),
    (b"\xce\xfa\xed\xfe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"#!", PROGRAM),
)
#: So many first bytes decide.
LONGEST: Final = max(len(signature) for signature, _ in _SIGNATURES)


def kind_of(head: bytes) -> str | None:
    """The kind of a file that begins with these bytes; None if it is none that is known."""
    return next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), None)


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
