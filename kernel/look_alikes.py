"""Letters of one alphabet typed for those of the other: on a keyboard with two layouts it happens all day."""

from __future__ import annotations

from typing import Final

#: Latin capitals, and the Cyrillic ones that look the same.
_LOOK_ALIKE: Final = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")


def by_look(text: str) -> str:
    """What a text looks like: in capitals, with Cyrillic letters for the Latin ones that look the same."""
    return text.upper().translate(_LOOK_ALIKE)
