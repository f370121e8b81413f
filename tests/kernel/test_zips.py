"""What a zip says of itself is all that is unpacked of it."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest

from kernel.zips import unpacked

MEGABYTE = 1024 * 1024
TOLD = 2000


def lying(real: int, checksum: int) -> bytes:
    """A zip of so many zeros, whose headers tell `TOLD` bytes and this checksum."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"0" * real)
    packed = bytearray(made.getvalue())
    for at in (14, packed.index(b"PK\x01\x02") + 16):
        struct.pack_into("<I", packed, at, checksum)
        struct.pack_into("<I", packed, at + 8, TOLD)
    return bytes(packed)


@pytest.mark.slow
def test_of_a_file_that_is_larger_than_it_says_only_so_much_is_unpacked() -> None:
    packed = lying(100 * MEGABYTE, zlib.crc32(b"0" * TOLD))
    tracemalloc.start()
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            content = unpacked(archive, archive.getinfo("zeros"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert content == b"0" * TOLD
    assert peak < 2 * MEGABYTE


def test_the_checksum_is_compared() -> None:
    packed = lying(MEGABYTE, 0)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive, pytest.raises(zipfile.BadZipFile):
        unpacked(archive, archive.getinfo("zeros"))


@pytest.mark.parametrize("content", [b"", b"x", b"x" * MEGABYTE])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_file_comes_out_as_it_went_in(content: bytes, method: int) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("it", content)
    with zipfile.ZipFile(made) as archive:
        assert unpacked(archive, archive.getinfo("it")) == content
