"""What a school decides for itself about marks."""

from __future__ import annotations

from dataclasses import dataclass

#: Marks without number (domain, §3): passed, not passed, not attested, exempt.
TOKENS = ("зач", "незач", "н/а", "осв")


@dataclass(frozen=True, slots=True)
class Marking:
    """The scale of marks, the tokens beside it, and the zone that says which day it is at the school.

    The defaults are those of a Russian school: 1 to 5 (domain, §3).
    """

    lowest: int = 1
    highest: int = 5
    tokens: tuple[str, ...] = TOKENS
    time_zone: str = "Europe/Moscow"
