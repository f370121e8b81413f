"""Logins and passwords that people can read off a slip and type."""

from __future__ import annotations

import re
import secrets
import unicodedata

#: 32 characters, none of which looks like another of them: no `0`, `1`, `l`, `o`. Twelve make 60 bits.
ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"
GROUPS, GROUP = 3, 4
#: How many logins are considered for a person before all are found taken.
CONSIDERED = 12
LONGEST_BASE = 100

_CYRILLIC = dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziiklmnoprstufye"))
_CYRILLIC |= {
    "ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "ie", "ь": "",
    "ю": "iu", "я": "ia",
}  # fmt: skip
#: Letters that Unicode does not take apart into a Latin letter and an accent.
_LATIN = {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"}
_NOT_IN_A_LOGIN = re.compile(r"[^a-z0-9._@-]+")


def folded(login: str) -> str:
    """A login as it is stored and compared: nobody has to remember its case."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def transliterated(text: str) -> str:
    """`text` in the letters of logins; Cyrillic as in Russian passports (ICAO Doc 9303)."""
    letters = unicodedata.normalize("NFKC", text).casefold()
    latin = "".join(_CYRILLIC.get(letter, _LATIN.get(letter, letter)) for letter in letters)
    return _NOT_IN_A_LOGIN.sub("", unicodedata.normalize("NFKD", latin))


def candidates(username: str | None, family_name: str) -> list[str]:
    """Logins for a person, best first: the source's user name, else the family name, with a number."""
    named = transliterated(username or "")[:LONGEST_BASE]
    base = named or transliterated(family_name)[:LONGEST_BASE] or "user"
    numbered = [f"{base}{secrets.randbelow(90_000) + 10_000}" for _ in range(CONSIDERED)]
    return [named, *numbered] if named else numbered


def new_password() -> str:
    """A password to be printed: three groups of four characters, 60 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
