"""Names of people as identity stores them."""

from __future__ import annotations

from kernel.names import Name, folded, full

LONGEST_SEARCH_NAME = 620


def full_name(family_name: str, given_name: str, patronymic: str) -> str:
    """Family name, given name and patronymic without the empty ones."""
    return full(Name(family_name, given_name, patronymic))


def search_name(family_name: str, given_name: str, patronymic: str) -> str:
    """The folded name for sorting and searching, cut to the column's length: folding may lengthen a name."""
    return folded(full_name(family_name, given_name, patronymic))[:LONGEST_SEARCH_NAME]
