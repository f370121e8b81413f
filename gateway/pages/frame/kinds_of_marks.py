"""The kinds of marks that stand at the end of a term, as addresses and pages name them."""

from __future__ import annotations

from typing import Any, Final

from flask import request
from flask_babel import lazy_gettext

from contracts.gradebook.term_marks import CERTIFICATE, EXAM, KINDS, TERM, YEAR

#: Kind → the head of a page with such marks.
HEADS: Final = {
    TERM: lazy_gettext("Term marks"),
    YEAR: lazy_gettext("Year marks"),
    EXAM: lazy_gettext("Exam marks"),
    CERTIFICATE: lazy_gettext("Marks of the certificate"),
}
#: Kind → what a single one is of, as a column or an input is called.
NAMES: Final = {
    YEAR: lazy_gettext("Year"),
    EXAM: lazy_gettext("Exam"),
    CERTIFICATE: lazy_gettext("Certificate"),
}


def queried() -> str:
    """The kind in the query; marks of the term where it names none."""
    given = request.args.get("kind", TERM)
    return given if given in KINDS else TERM


def place(term_id: Any, kind: str) -> dict[str, Any]:
    """What an address says of term and kind."""
    return {"term": term_id} if kind == TERM else {"term": term_id, "kind": kind}
