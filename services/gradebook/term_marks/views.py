"""A mean with its explanation."""

from __future__ import annotations

from services.gradebook.marks.views import plain
from services.gradebook.rows import View
from services.gradebook.term_marks.rules.means import Mean


def mean(found: Mean) -> View:
    """A mean with its explanation."""
    return {
        "value": None if found.value is None else str(found.value),
        "numerator": plain(found.numerator),
        "denominator": plain(found.denominator),
        "counted": found.counted,
        "left_out": found.left_out,
    }
