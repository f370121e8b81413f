"""Zips that strangers sent: what they say of themselves is checked before it is believed."""

import io
import struct
import zipfile
import zlib

import pytest

from formats.container import LARGEST_FILE, Container, is_zip, opened
from formats.faults import Unreadable
from formats.workbook import read_workbook


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return result.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(Unreadable) as raised:
        opened(content)
    return raised.value.fault.rule


def overlapping(kernels: int = 200) -> bytes:
    """One packed kernel that each of many entries of the directory points at: 1 MiB becomes `kernels` MiB."""
    kernel = zlib.compress(b"\0" * 1024**2)[2:-4]
    crc = zlib.crc32(b"\0" * 1024**2)
    name = b"a"
    header = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(kernel), 1024**2, len(name), 0) + name
    directory = b"".join(
        struct.pack(
            "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(kernel), 1024**2, 4, 0, 0, 0, 0, 0, 0
        ) + b"%04d" % number
        for number in range(kernels)
    )  # fmt: skip
    body = header + kernel
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, kernels, kernels, len(directory), len(body), 0)
    return body + directory + end


def test_parts_are_unpacked_when_they_are_asked_for() -> None:
    container = opened(packed({"a.xml": b"<a/>", "b/c.bin": b"\0" * 1000}))
    assert isinstance(container, Container)
    assert container.names == {"a.xml", "b/c.bin"}
    assert "a.xml" in container
    assert "c.bin" not in container
    assert container.part("a.xml") == b"<a/>"
    assert container.part("b/c.bin", largest=1000) == b"\0" * 1000


def test_a_part_that_is_not_there_or_too_large_is_refused_by_name() -> None:
    container = opened(packed({"a.xml": b"<a/>"}))
    for name, largest, rule in (("b.xml", 10, "damaged"), ("a.xml", 3, "part-too-large")):
        with pytest.raises(Unreadable) as raised:
            container.part(name, largest)
        assert (raised.value.fault.place, raised.value.fault.rule) == (name, rule)
        assert raised.value.fault.fatal


@pytest.mark.slow
def test_the_largest_file_and_the_largest_content() -> None:
    assert refusal(b"PK\x03\x04" + b"\0" * (LARGEST_FILE - 4)) == "damaged"
    assert refusal(b"PK\x03\x04" + b"\0" * (LARGEST_FILE - 3)) == "too-large"
    half = b"\0" * 32 * 1024**2
    assert opened(packed({"a": half, "b": half})).names == {"a", "b"}
    assert refusal(packed({"a": half, "b": half + b"\0"})) == "unpacks-too-large"


def test_the_sentence_of_a_refusal_names_the_limit() -> None:
    with pytest.raises(Unreadable) as raised:
        opened(b"\0" * (LARGEST_FILE + 1))
    assert raised.value.fault.reason.said("ru") == "Файл слишком велик: больше 16 МБ."
    assert raised.value.fault.reason.said("en") == "The file is too large: more than 16 MB."


def test_the_number_of_parts_is_limited() -> None:
    assert len(opened(packed({f"{number}": b"" for number in range(2000)})).names) == 2000
    assert refusal(packed({f"{number}": b"" for number in range(2001)})) == "too-many-parts"


def test_parts_that_share_bytes_are_refused() -> None:
    assert refusal(overlapping(50)) == "overlapping-parts"
    assert refusal(overlapping(200)) == "unpacks-too-large"
    assert read_workbook(overlapping(50)).refused


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused() -> None:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
        archive.writestr("XL/Workbook.xml", "<b/>")
    assert refusal(result.getvalue()) == "overlapping-parts"


def changed_directory(content: bytes, offset: int, layout: str, value: int) -> bytes:
    """The zip of one part with another value in its entry of the directory."""
    changed = bytearray(content)
    struct.pack_into(layout, changed, content.index(b"PK\x01\x02") + offset, value)
    return bytes(changed)


def test_an_encrypted_part_is_refused() -> None:
    content = packed({"a.xml": b"<a/>"})
    assert refusal(changed_directory(content, 8, "<H", 1)) == "encrypted"


def test_other_ways_of_packing_are_refused() -> None:
    assert refusal(packed({"a": b"x" * 100}, zipfile.ZIP_LZMA)) == "damaged"
    assert refusal(packed({"a": b"x" * 100}, zipfile.ZIP_BZIP2)) == "damaged"
    assert opened(packed({"a": b"x"}, zipfile.ZIP_STORED)).part("a") == b"x"


def test_a_size_that_lies_is_found_out_when_unpacking() -> None:
    content = packed({"a": b"\0" * 100_000})
    smaller = opened(changed_directory(content, 24, "<I", 10))
    with pytest.raises(Unreadable) as raised:
        smaller.part("a")
    assert raised.value.fault.rule == "damaged"
    assert refusal(changed_directory(content, 24, "<I", 2**31)) == "unpacks-too-large"
    assert refusal(changed_directory(content, 20, "<I", 2**30)) == "overlapping-parts"


def test_a_zip_inside_a_zip_is_not_opened() -> None:
    inner = packed({"x": b"\0" * 1024**2})
    assert opened(packed({"inner.zip": inner})).part("inner.zip") == inner


def test_a_zip_is_known_by_its_first_bytes() -> None:
    assert is_zip(packed({"a": b""}))
    assert not is_zip(b"")
    assert not is_zip("№;Тема".encode())


@pytest.mark.slow
def test_the_largest_part_that_is_read() -> None:
    largest = b"\0" * 24 * 1024**2
    assert opened(packed({"a": largest})).part("a") == largest
    with pytest.raises(Unreadable) as raised:
        opened(packed({"a": largest + b"\0"})).part("a")
    assert raised.value.fault.rule == "part-too-large"
    assert raised.value.fault.reason.said("ru").startswith("В распакованном виде файл занимает больше 24 МБ")
