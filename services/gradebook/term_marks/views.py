"""Views of explained means."""

from __future__ import annotations

from decimal import Decimal

from kernel.phrases import LANGUAGES
from services.gradebook.exact import plain
from services.gradebook.explaining.explained import Explained
from services.gradebook.explaining.given import GivenMark
from services.gradebook.rows import View


def mean(found: Explained[GivenMark]) -> View:
    """A mean, and the two sums whose quotient it is."""
    return {
        "value": None if found.figure is None else str(found.figure),
        "numerator": plain(sum([one.number * one.weight for one in found.used], Decimal(0))),
        "denominator": plain(sum([one.item.maximum * one.weight for one in found.used], Decimal(0))),
        "counted": len(found.used),
        "left_out": len(found.left_out),
    }


def explained_mean(found: Explained[GivenMark]) -> View:
    """A mean with its explanation in sentences, in each language."""
    return {**mean(found), "explanation": {language: list(found.said(language)) for language in LANGUAGES}}
