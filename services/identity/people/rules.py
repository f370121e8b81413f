"""Names of people."""

from __future__ import annotations

import unicodedata

LONGEST_SEARCH_NAME = 620


def full_name(family_name: str, given_name: str, patronymic: str) -> str:
    """Family name, given name, patronymic, whichever there are."""
    return " ".join(part for part in (family_name, given_name, patronymic) if part)


def folded(text: str) -> str:
    """`text` as it is compared: without case, spaces in one form, ё as е."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return " ".join(plain.split())


def search_name(family_name: str, given_name: str, patronymic: str) -> str:
    """What a person is sorted and searched by; folding may make a name longer than what is kept."""
    return folded(full_name(family_name, given_name, patronymic))[:LONGEST_SEARCH_NAME]
