"""Views of closed terms."""

from __future__ import annotations

from services.gradebook.rows import View
from services.gradebook.windows.rules.closed_terms import ClosedTerm


def closed_term(term: ClosedTerm | None) -> View | None:
    """A closed term; None for one that is open."""
    if term is None:
        return None
    return {"term": term.title, "ended_on": term.ended_on, "last_day": term.last_day}
