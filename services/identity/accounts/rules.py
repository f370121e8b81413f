"""Makes logins and passwords that people can read from a printed slip and type."""

from __future__ import annotations

import re
import secrets
import unicodedata

#: 32 characters that cannot be confused: no `0`, `1`, `l`, `o`. Twelve of them make 60 bits.
ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"
GROUPS, GROUP = 3, 4
#: How many numbered logins are tried for a person.
CONSIDERED = 12
LONGEST_BASE = 100

_CYRILLIC = dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziiklmnoprstufye"))
_CYRILLIC |= {
    "ё": "e",
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "ie",
    "ь": "",
    "ю": "iu",
    "я": "ia",
}
#: Letters that Unicode does not decompose into a Latin letter and an accent.
_LATIN = {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"}
_NOT_IN_A_LOGIN = re.compile(r"[^a-z0-9._@-]+")


def folded(login: str) -> str:
    """The login as it is stored and compared: case does not matter."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def transliterated(text: str) -> str:
    """`text` in the characters that logins may hold; Cyrillic as in Russian passports (ICAO Doc 9303)."""
    letters = unicodedata.normalize("NFKC", text).casefold()
    latin = "".join(_CYRILLIC.get(letter, _LATIN.get(letter, letter)) for letter in letters)
    return _NOT_IN_A_LOGIN.sub("", unicodedata.normalize("NFKD", latin))


def candidates(username: str | None, family_name: str) -> list[str]:
    """Candidate logins, best first: the bundle's user name, then it (or the family name) with a number."""
    named = transliterated(username or "")[:LONGEST_BASE]
    base = named or transliterated(family_name)[:LONGEST_BASE] or "user"
    numbered = [f"{base}{secrets.randbelow(90_000) + 10_000}" for _ in range(CONSIDERED)]
    return [named, *numbered] if named else numbered


def new_password() -> str:
    """A random password for printing: three groups of four characters, 60 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
