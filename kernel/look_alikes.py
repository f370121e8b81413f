"""Texts that look the same but are not.

Latin letters typed in place of Cyrillic ones are a common slip on keyboards with two layouts; й comes as one character
or as two, depending on the system it was typed on.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Latin capitals, and the Cyrillic ones that look the same.
_LOOK_ALIKE: Final = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")


#: The keys of a Latin layout (QWERTY), and what the Russian one (ЙЦУКЕН) has on them.
_KEYS: Final = str.maketrans("QWERTYUIOP[]ASDFGHJKL;'ZXCVBNM,.<>|", "ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮБЮ/")


def composed(text: str) -> str:
    """The text with letters and their accents as one character (NFC): й and ё as keyboards of most systems write them.

    Whatever comes from people goes through it before anything is compared: fields of commands, files.
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def by_key(text: str) -> str:
    """What a text would be in capitals, had the Russian layout been on when it was typed; one not all Latin stays."""
    return text.upper().translate(_KEYS) if text.isascii() else text


def by_look(text: str) -> str:
    """The text in capitals, with Latin letters replaced by the Cyrillic ones that look the same."""
    return text.upper().translate(_LOOK_ALIKE)


def letters(text: str) -> str:
    """As `by_look`, without dots, slashes and spaces, and Ё as Е: `Н/Б`, `н.б.` and `нб` are the same."""
    return re.sub(r"[./\s]", "", by_look(composed(text))).replace("Ё", "Е")


#: Small Latin letters inside a Cyrillic word, and what was meant by them.
_IN_CYRILLIC: Final = str.maketrans("abcehkmoptxyië", "авсенкмортхуіё")
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")


def cyrillic(word: str) -> str:
    """A word in small letters, all Cyrillic if some of it is: «cидоров» with a Latin c is «сидоров».

    A word without Cyrillic letters stays, and so does one with Latin letters that look like no Cyrillic ones.
    """
    if word.isascii() or not _CYRILLIC.search(word):
        return word
    meant = word.translate(_IN_CYRILLIC)
    return word if re.search("[a-z]", meant) else meant
