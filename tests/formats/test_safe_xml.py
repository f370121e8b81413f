"""XML that programs export, and XML made to hurt."""

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats import safe_xml
from formats.result import Fault
from formats.safe_xml import LARGEST, MOST_MARKS, parsed
from tests.examples import examples
from tests.formats.cost import rules_at_bearable_cost

TEXT = "<урок предмет='Алгебра'>5А</урок>"


def root(content: bytes) -> Element:
    found = parsed(content)
    assert isinstance(found, Element)
    return found


def fault(content: bytes) -> Fault:
    found = parsed(content)
    assert isinstance(found, Fault)
    assert found.fatal
    return found


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        f"<?xml version='1.0' encoding='UTF-8'?>{TEXT}".encode(),
        f"<?xml version='1.0' encoding='windows-1251'?>{TEXT}".encode("cp1251"),
        f"<?xml version='1.0'?>{TEXT}".encode(),
        TEXT.encode("utf-16"),
        f"<?xml version='1.0' encoding='koi8-r'?>{TEXT}".encode("koi8-r"),
        TEXT.encode("cp1251"),
        f"<?xml version='1.0'?>{TEXT}".encode("cp1251"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
    ],
)
def test_the_encodings_that_programs_write_are_read(content: bytes) -> None:
    found = root(content)
    assert (found.tag, found.get("предмет"), found.text) == ("урок", "Алгебра", "5А")


def test_a_declared_encoding_is_believed_even_where_the_bytes_are_another_one() -> None:
    assert fault(f"<?xml version='1.0' encoding='UTF-8'?>{TEXT}".encode("cp1251")).rule == "xml-broken"


def test_a_byte_that_windows_1251_does_not_have_costs_no_more_than_itself() -> None:
    assert root(b"<a>\xc0\x98</a>").text == "А\ufffd"


def test_broken_xml_is_refused_with_its_line() -> None:
    found = fault(b"<a>\n<b>\n</a>")
    assert (found.place, found.rule) == ("line 3", "xml-broken")
    assert found.reason.said("ru") == "Файл не читается как XML (строка 3)."
    assert found.reason.said("en") == "The file cannot be read as XML (line 3)."


@pytest.mark.parametrize("content", [b"", b"   ", b"PK\x03\x04", b"<", b"\x00\x01", "предмет;урок".encode()])
def test_what_is_no_xml_is_refused(content: bytes) -> None:
    assert fault(content).rule == "xml-broken"


@pytest.mark.parametrize("encoding", ["no-such-one", "utf-7", "big5"])
def test_an_encoding_that_cannot_be_read_is_refused(encoding: str) -> None:
    found = fault(f"<?xml version='1.0' encoding='{encoding}'?><a/>".encode())
    assert (found.place, found.rule) == ("", "xml-encoding")
    assert found.reason.said("ru") == "Кодировка, указанная в файле XML, неизвестна или не соответствует содержимому."
    assert (
        found.reason.said("en")
        == "The encoding that the XML file names is unknown, or is not the one it is written in."
    )


@pytest.mark.parametrize(
    "prologue",
    [
        "<!DOCTYPE a>",
        '<!DOCTYPE a SYSTEM "file:///etc/hostname">',
        '<!DOCTYPE a [<!ENTITY b "c">]>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE a [<!ATTLIST a b CDATA "long">]>',
        "<!DOCTYPE a [" + "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9)) + "]>",
    ],
)
def test_document_types_and_entities_are_refused(prologue: str) -> None:
    found = fault(f"{prologue}<a/>".encode())
    assert (found.place, found.rule) == ("", "xml-unsafe")
    assert (
        found.reason.said("ru") == "Файл XML содержит определение типа документа или сущности; такие файлы не читаются."
    )
    assert found.reason.said("en") == "The XML file declares a document type or entities; such files are not read."


def test_a_document_may_be_as_large_as_the_limit_and_no_larger() -> None:
    assert LARGEST == 16 * 1024 * 1024
    largest = b"<a>" + b" " * (LARGEST - 7) + b"</a>"
    assert root(largest).tag == "a"
    found = fault(largest + b" ")
    assert (found.place, found.rule) == ("", "xml-too-large")
    assert found.reason.said("ru") == "Файл XML слишком велик: прочитать можно не больше 16 МБ."
    assert found.reason.said("en") == "The XML file is too large: at most 16 MB are read."


def test_tags_and_attributes_together_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_MARKS == 400_000
    monkeypatch.setattr(safe_xml, "MOST_MARKS", 4)
    assert root(b"<a b='1'><c/></a>").tag == "a"
    found = fault(b"<a b='1'><c d='2'/></a>")
    assert (found.place, found.rule) == ("", "xml-too-many-elements")
    assert found.reason.said("ru") == "В файле XML слишком много элементов: прочитать можно не больше 4."
    assert found.reason.said("en") == "The XML file has too many elements: at most 4 are read."


@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    assert isinstance(parsed(content), Element | Fault)


@given(st.binary(max_size=60), st.integers(0, 40))
@settings(max_examples=examples(50))
def test_no_damage_to_a_document_raises(noise: bytes, at: int) -> None:
    whole = f"<?xml version='1.0' encoding='windows-1251'?>{TEXT}".encode("cp1251")
    assert isinstance(parsed(whole[:at] + noise + whole[at:]), Element | Fault)


BOMBS = {
    "elements": lambda: b"<a>" + b"<b/>" * 399_997 + b"</a>",
    "attributes": lambda: b"<a>" + b"".join(b'<b a%d="" b%d="" c%d=""/>' % (n, n, n) for n in range(99_000)) + b"</a>",
    "nested": lambda: b"<a>" * 190_000 + b"</a>" * 190_000,
    "too many": lambda: b"<a>" + b"<b/>" * 3_000_000 + b"</a>",
    "one text": lambda: b"<a>" + b"x" * (16 * 1024 * 1024 - 7) + b"</a>",
}


@pytest.mark.slow
@pytest.mark.parametrize("bomb", BOMBS)
def test_the_worst_document_takes_less_than_2_seconds_and_200_megabytes(bomb: str, tmp_path: Path) -> None:
    refused = ["xml-too-many-elements"] if bomb == "too many" else []
    assert rules_at_bearable_cost(parsed, BOMBS[bomb](), tmp_path) == refused
