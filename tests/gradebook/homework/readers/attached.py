"""Files as programs make them, as small as they can be."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00"
M4A = b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00"
OGG = b"OggS\x00\x02" + bytes(20)
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    packed = io.BytesIO()
    # at the quickest level: files of zeros as large as are taken are made while the tests are looked for
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def office(folder: str, **more: bytes) -> bytes:
    """A document of Microsoft's."""
    parts = {"[Content_Types].xml": b"<Types/>", f"{folder}/document.xml": b"<w/>"}
    return zipped({**parts, **{f"{folder}/{name.replace('_', '.')}": content for name, content in more.items()}})


def open_document(kind: str, *more: str) -> bytes:
    """An OpenDocument."""
    parts: dict[str, bytes | str] = {"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<d/>"}
    return zipped({**parts, **dict.fromkeys(more, "")})


def old_office(*streams: str) -> bytes:
    """A document of before 2007."""
    return COMPOUND + b"".join(stream.encode("utf-16-le") for stream in streams)


def png(width: int = 3, height: int = 2) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + bytes(9)


def gif(width: int = 3, height: int = 2) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + bytes(9)


def jpeg(width: int = 3, height: int = 2) -> bytes:
    """With a part before the frame, a marker without length, and padding."""
    frame = b"\xff\xc2" + struct.pack(">HBHH", 11, 8, height, width) + bytes(20)
    return b"\xff\xd8\xff\xe0\x00\x06JFIF" + b"\xff\x01" + b"\xff" + frame
