"""CSV files: encodings and separators by content, and what is no text."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.text_table import read_text_table, separator
from kernel.look_alikes import composed
from tests.examples import examples
from tests.formats.made import xlsx

ROWS = (("№", "Тема урока", "Часов"), ("1", "Пропорции, дроби", "1,5"), ("2", "Ёлка; «ель»", ""))


def written(rows: tuple[tuple[str, ...], ...], mark: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=mark, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def rows(content: bytes) -> tuple[tuple[str, ...], ...]:
    reading = read_text_table(content)
    assert reading.value is not None, reading.faults
    return reading.value


@pytest.mark.parametrize("mark", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251"])
def test_encoding_and_separator_are_found_by_content(mark: str, encoding: str) -> None:
    assert rows(written(ROWS, mark).encode(encoding)) == ROWS


def test_big_endian_utf16_is_read_by_its_mark() -> None:
    assert rows(b"\xfe\xff" + "Тема;Часы".encode("utf-16-be")) == (("Тема", "Часы"),)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("№;Тема, часть 1;Часов\n1;Пропорции, дроби;1,5\n", ";"),
        ("a\tb;c\n1\t2;3\n", "\t"),
        ("a,b\n1,2\n", ","),
        ("Тема\nДроби\n", "\t"),
        ("План, 9 класс\n№;Тема\n1;Дроби\n2;Доли\n", ";"),
        ('"a;b",c\n"d;e;f",g\n', ","),
    ],
)
def test_the_separator_divides_most_lines_alike(text: str, mark: str) -> None:
    assert separator(text) == mark


def test_a_first_line_may_name_the_separator() -> None:
    assert rows(b"sep=,\r\na;b,c\r\n") == (("a;b", "c"),)
    assert rows(b"SEP=;\na;b,c") == (("a", "b,c"),)
    assert rows(b"sep=;;\na;b") == (("sep=", "", ""), ("a", "b"))


def test_quotes_hold_separators_and_lines_and_spaces_around_go() -> None:
    assert rows(b'a;"b;\n""c"""; d \n') == (("a", 'b;\n"c"', "d"),)


def test_rows_keep_their_own_length_and_empty_rows_stay() -> None:
    assert rows(b"a;b;c\n\n1;2\n") == (("a", "b", "c"), (), ("1", "2"))


def test_a_quotation_mark_that_is_not_closed_is_a_fault() -> None:
    reading = read_text_table('№;Тема\n1;"Дроби\n2;Доли\n'.encode())
    assert reading.value == (("№", "Тема"), ("1", "Дроби\n2;Доли"))
    (fault,) = reading.faults
    assert (fault.place, fault.rule, fault.fatal) == ("", "odd-quotes", False)
    assert fault.reason.said("ru") == (
        "Число кавычек в файле нечётное: строки после незакрытой кавычки могли слиться в одну."
    )


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n ", "empty"),
        (b"a;b\n\0;1", "not-text"),
        (b"\x89PNG\r\n\x1a\n\x01\x02", "not-text"),
        (b"\xff\xfea", "not-text"),
        (b"\xef\xbb\xbf\xff", "not-text"),
        (b"\x98;\xff", "not-text"),
        (xlsx([["x"]]), "not-text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old-format"),
        (b"  <html><body>", "markup"),
        (b"<?xml version='1.0'?>", "markup"),
        (b"a;" * 501, "too-many-rows"),
        (b"a\n" * 20_001, "too-many-rows"),
        (b'"' + b"a" * 140_000, "long-field"),
        (b"a" * (16 * 1024**2 + 1), "too-large"),
    ],
)
def test_what_is_no_table_of_text_is_refused(content: bytes, rule: str) -> None:
    reading = read_text_table(content)
    assert reading.refused
    assert [fault.rule for fault in reading.faults] == [rule]
    assert reading.faults[0].fatal


@pytest.mark.slow
def test_the_most_rows_and_columns_that_are_taken() -> None:
    assert len(rows(b"a\n" * 20_000)) == 20_000
    assert len(rows(b"a;" * 499 + b"a")[0]) == 500
    assert read_text_table(b"a;" * 500 * 2001).refused
    assert read_text_table((b"a;" * 99 + b"a\n") * 10_001).refused


FIELD = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=8).map(str.strip).map(composed)


@given(st.lists(st.tuples(FIELD, FIELD, FIELD), min_size=1, max_size=8), st.sampled_from(";,\t"))
@settings(max_examples=examples(60))
def test_what_was_written_is_read_again(table: list[tuple[str, str, str]], mark: str) -> None:
    marked = [("№", "Тема", "Часы"), *table]
    text = f"sep={mark}\n" + written(tuple(marked), mark)
    assert rows(text.encode()) == tuple(marked)


@given(st.binary(max_size=200))
@settings(max_examples=examples(150))
def test_random_bytes_never_raise(content: bytes) -> None:
    reading = read_text_table(content)
    assert reading.refused == (reading.value is None)


def test_the_ends_of_lines_of_other_systems_are_no_binary_content() -> None:
    assert rows(b"a;b\rc;d\r") == (("a", "b"), ("c", "d"))
    assert rows(b"a;b\x0c\nc;d")[0] == ("a", "b")


def test_two_quotation_marks_and_three() -> None:
    assert read_text_table(b'a;"b"\n').faults == ()
    assert read_text_table(b'"a";"b";c"d"\n').faults == ()
    assert [fault.rule for fault in read_text_table(b'a"b;"c"\n').faults] == ["odd-quotes"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251", "cp866", "koi8-r"])
@pytest.mark.parametrize("text", ["№;Тема урока;Часы", "N;ТЕМА;Дата", "Фамилия;Имя", "Тема;Ч"])
def test_encodings_of_russian_texts_are_told_apart_by_their_letters(text: str, encoding: str) -> None:
    written = text.replace("№", "N") if encoding in ("cp866", "koi8-r") else text
    assert read_text_table(f"{written}\r\n1;введение;1\r\n".encode(encoding)).value is not None
    assert read_text_table(f"{written}\r\n1;введение;1\r\n".encode(encoding)).value[0] == tuple(written.split(";"))


@pytest.mark.parametrize("encoding", ["windows-1251", "cp866", "koi8-r"])
@pytest.mark.parametrize(
    "text",
    [
        "N;Тема;Часы\n1;ЗАКОНЫ НЬЮТОНА;1\n2;СИЛА ТРЕНИЯ;1\n3;РАБОТА И МОЩНОСТЬ;1",
        "N;ТЕМА УРОКА;КОЛ-ВО ЧАСОВ;ДАТА\n1;My family;1;\n2;My school day;1;",
        "Фамилия;Имя\nОРЛОВ;ПЁТР\nЩУКИН;ЮРИЙ", "Класс;Физ-ра\n5А;МАТЕМАТИКА",
    ],
)  # fmt: skip
def test_texts_in_capitals_are_read_in_their_own_encoding(text: str, encoding: str) -> None:
    reading = read_text_table(text.encode(encoding))
    assert reading.value == tuple(tuple(line.split(";")) for line in text.split("\n"))
