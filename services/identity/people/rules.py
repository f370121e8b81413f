"""Formats and folds names of people."""

from __future__ import annotations

import unicodedata

LONGEST_SEARCH_NAME = 620


def full_name(family_name: str, given_name: str, patronymic: str) -> str:
    """Family name, given name and patronymic without the empty ones."""
    return " ".join(part for part in (family_name, given_name, patronymic) if part)


def folded(text: str) -> str:
    """`text` for comparison: case folded, white space collapsed, ё as е."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return " ".join(plain.split())


def search_name(family_name: str, given_name: str, patronymic: str) -> str:
    """The folded name for sorting and searching, cut to the column's length: folding may lengthen a name."""
    return folded(full_name(family_name, given_name, patronymic))[:LONGEST_SEARCH_NAME]
