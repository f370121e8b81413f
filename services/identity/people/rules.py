"""Names and contacts of people as identity stores them. Pure."""

from __future__ import annotations

import re
from typing import Final

from kernel.errors import Invalid
from kernel.names import Name, folded, full

LONGEST_SEARCH_NAME = 620
#: An address that a letter finds its way to: its host has a dot, and does not end in a number.
EMAIL: Final = re.compile(r"[^@\s]+@(?:[^@\s.]+\.)+(?![0-9]+$)[^@\s.]{2,}")
#: «+7 (846) 123-45-67», «8 927 1234567 доб. 12»; nothing but the number and the extension.
_PHONE: Final = re.compile(r"(\+?[0-9\s().‑–-]+)(?:,?\s*(?:доб|вн|ext)\.?\s*[0-9]{1,6})?", re.IGNORECASE)
#: Digits of a telephone number: five within a town, at most fifteen with the country (E.164).
_DIGITS: Final = range(5, 16)


def full_name(family_name: str, given_name: str, patronymic: str) -> str:
    """Family name, given name and patronymic without the empty ones."""
    return full(Name(family_name, given_name, patronymic))


def search_name(family_name: str, given_name: str, patronymic: str) -> str:
    """The folded name for sorting and searching, cut to the column's length: folding may lengthen a name."""
    return folded(full_name(family_name, given_name, patronymic))[:LONGEST_SEARCH_NAME]


def check_email(email: str) -> None:
    """Raises `Invalid` for an address that no letter finds its way to, such as `anna@localhost`."""
    if not EMAIL.fullmatch(email):
        raise Invalid(
            "Letters do not reach {email}: an address looks like anna@example.org.",
            rule="email-unreachable",
            field="email",
            email=email,
        )


def check_phone(phone: str) -> None:
    """Raises `Invalid` for what is no telephone number."""
    found = _PHONE.fullmatch(phone)
    if found is None or sum(one.isdigit() for one in found[1]) not in _DIGITS:
        raise Invalid(
            "{phone} is no telephone number: write it as +7 846 123-45-67 or +7 846 123-45-67 ext. 12.",
            rule="phone-number",
            field="phone",
            phone=phone,
        )
