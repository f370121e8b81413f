"""Header texts that are not ASCII, as encoded words (RFC 2047).

Our own, since what Python's `email` makes of a long text depends on its version: some lose the space between two words
where a header is folded, others glue encoded words together. Here every space lies inside an encoded word, since the
white space between two of them is none (6.2), and no character is divided between two (5.3).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Final

#: The longest encoded word (2), and the longest line that holds one, without its end.
LONGEST_WORD: Final = 75
LONGEST_LINE: Final = 76
_BEFORE, _AFTER = "=?utf-8?b?", "?="


def encoded(text: str, taken: int) -> str:
    """The text as encoded words, on as many lines as it needs. `taken` is how much of the first line is written."""
    return "\r\n ".join(f"{_BEFORE}{b64encode(piece).decode()}{_AFTER}" for piece in _pieces(text, taken))


def _pieces(text: str, taken: int) -> Iterator[bytes]:
    """UTF-8 of as many whole characters as fit into each line."""
    piece, room = b"", _bytes_in(LONGEST_LINE - taken)
    for character in text:
        more = character.encode()
        if len(piece) + len(more) > room:
            yield piece
            piece, room = b"", _bytes_in(LONGEST_LINE - 1)
        piece += more
    yield piece


def _bytes_in(line: int) -> int:
    """How many bytes an encoded word holds that has so much of a line: four signs of base64 are three bytes."""
    return (min(line, LONGEST_WORD) - len(_BEFORE) - len(_AFTER)) // 4 * 3
