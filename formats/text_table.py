"""Reads CSV files; encoding and separator are detected from the content."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice
from typing import Final

from formats.container import check_not_compound, check_size, is_zip
from formats.faults import Faults, Unreadable
from formats.result import Reading
from kernel.look_alikes import composed
from kernel.phrases import Phrase

Rows = tuple[tuple[str, ...], ...]

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 500
MOST_FIELDS: Final = 1_000_000
#: Separators in order of preference, for texts that two of them divide equally well.
SEPARATORS: Final = ("\t", ";", ",")
#: The number of lines that are examined to detect the separator.
_SAMPLE: Final = 50
#: Single-byte encodings, the most common first: of Windows, DOS and old Unix systems.
SINGLE_BYTES: Final = ("windows-1251", "cp866", "koi8-r")
#: The ten most frequent letters of Russian texts: six of ten letters are one of them.
_FREQUENT: Final = "оеаинтсрвл"
_WORD: Final = re.compile(r"[А-Яа-яЁё]+")
#: The number of bytes that are examined to detect the encoding.
_JUDGED: Final = 200_000
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_BINARY: Final = frozenset(map(chr, range(32))) - frozenset("\t\n\r\f\x1a")

NOT_TEXT = Phrase(
    ru="Это не текстовый файл CSV, какое бы имя он ни носил.", en="This is no CSV text, whatever its name says."
)
MARKUP = Phrase(
    ru="Это страница HTML или файл XML, а не таблица CSV. Откройте её и сохраните как XLSX или CSV.",
    en="This is an HTML page or XML, not a CSV table. Open it and save it as XLSX or CSV.",
)
EMPTY = Phrase(ru="Файл пуст.", en="The file is empty.")
TOO_MANY = Phrase(
    ru="В таблице больше {rows} строк или {columns} столбцов.",
    en="The table has more than {rows} rows or {columns} columns.",
)
LONG_FIELD = Phrase(
    ru="В таблице есть слишком длинное поле: скорее всего, не закрыта кавычка.",
    en="The table has a field that is too long: most likely a quotation mark is not closed.",
)
ODD_QUOTES = Phrase(
    ru="Число кавычек в файле нечётное: строки после незакрытой кавычки могли слиться в одну.",
    en="The number of quotation marks is odd: lines after one that is not closed may have become one.",
)


def read_text_table(content: bytes) -> Reading[Rows]:
    """The rows of a CSV file, of the lengths in the file; fields are composed and have no
    surrounding spaces.

    Accepts UTF-8, UTF-16 with a byte order mark, and windows-1251, CP866 or KOI8-R, distinguished by their letters;
    and the separators `;`, `,`, tab, or the one that a first line `sep=…` names. Refuses binary content, markup, an
    empty file, and more than `MOST_ROWS` rows.
    """
    faults = Faults()
    try:
        return Reading(_rows(decoded(content), faults), faults.all())
    except Unreadable as error:
        return Reading(None, (error.fault,))


def decoded(content: bytes) -> str:
    """The text of a file, composed. Raises `Unreadable` where the file is no text, or is markup."""
    check_size(content)
    check_not_compound(content)
    text = None if is_zip(content) else _text(content)
    if text is None or _BINARY.intersection(text):
        raise Unreadable("not-text", NOT_TEXT())
    if not text.strip():
        raise Unreadable("empty", EMPTY())
    if text.lstrip().startswith("<"):
        raise Unreadable("markup", MARKUP())
    return composed(text)


def separator(text: str) -> str:
    """The separator of the fields: with it, the most lines have the same number of fields, above one."""
    sample = list(islice(io.StringIO(text, newline=None), _SAMPLE))

    def lines_alike(mark: str) -> int:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=mark) if len(row) > 1)
        return max(widths.values(), default=0)

    return max(SEPARATORS, key=lines_alike)


def _text(content: bytes) -> str | None:
    if content.startswith(_UTF16_MARKS):
        encodings: tuple[str, ...] = ("utf-16",)
    elif content.startswith(_UTF8_MARK):
        encodings = ("utf-8-sig",)
    else:
        encodings = ("utf-8", max(SINGLE_BYTES, key=lambda encoding: _likeness(content, encoding)))
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _likeness(content: bytes, encoding: str) -> int:
    """The number of frequent Russian letters, in words of regular case, that the content has in an encoding.

    In a wrong encoding whose letters swap case, words begin with a small letter and continue with capitals.
    """
    text = content[:_JUDGED].decode(encoding, errors="replace")
    words = (word for word in _WORD.findall(text) if word.islower() or word.isupper() or word.istitle())
    return sum(map(" ".join(words).lower().count, _FREQUENT))


def _rows(text: str, faults: Faults) -> Rows:
    first, _, rest = text.partition("\n")
    named = first.rstrip("\r").lower()
    try:
        if named.startswith("sep=") and len(named) == len("sep=") + 1:
            mark, text = named[-1], rest
        else:
            mark = separator(text)
        if text.count('"') % 2:
            faults.add("", "odd-quotes", ODD_QUOTES())
        return _parsed(text, mark)
    except csv.Error as error:
        raise Unreadable("long-field", LONG_FIELD()) from error


def _parsed(text: str, mark: str) -> Rows:
    rows: list[tuple[str, ...]] = []
    fields = 0
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
        fields += len(row)
        if len(rows) >= MOST_ROWS or len(row) > MOST_COLUMNS or fields > MOST_FIELDS:
            raise Unreadable("too-many-rows", TOO_MANY(rows=MOST_ROWS, columns=MOST_COLUMNS))
        rows.append(tuple(composed(field.strip()) for field in row))
    return tuple(rows)
