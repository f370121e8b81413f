"""Terms of the divisions of a year: quarters, and half-years beside them (practice; clause 4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from kernel.errors import Conflict


def check_terms_apart(terms: Iterable[Mapping[str, Any]]) -> None:
    """Refuse terms of one division of a year that overlap: a date lies in one term of a course (clause 4.2).

    Terms of several divisions overlap rightly. `terms`: `year_id`, `division`, `title`, `starts_on`, `ends_on` of each.
    """
    ordered = sorted(terms, key=lambda term: (str(term["year_id"]), term["division"], term["starts_on"]))
    for first, second in pairwise(ordered):
        same = (first["year_id"], first["division"]) == (second["year_id"], second["division"])
        if same and second["starts_on"] <= first["ends_on"]:
            raise Conflict(
                "“{second}” begins on {starts_on}, before “{first}” ends on {ends_on}: terms of one division of the "
                "year do not overlap.",
                rule="terms-overlap",
                first=first["title"],
                ends_on=first["ends_on"],
                second=second["title"],
                starts_on=second["starts_on"],
            )
