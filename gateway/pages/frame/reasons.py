"""Reasons that are offered in a short list, beside words of one's own; the history keeps the words."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext

from gateway.pages.frame import forms

#: Why a mark is changed.
CHANGED: Final = (
    lazy_gettext("Typed wrongly"),
    lazy_gettext("Meant for another student"),
    lazy_gettext("The work was done again"),
    lazy_gettext("The work was looked at again"),
)
#: Why something is entered after its deadline.
LATE: Final = (
    lazy_gettext("The teacher was ill"),
    lazy_gettext("The lesson was held by somebody else"),
    lazy_gettext("There was no connection"),
    lazy_gettext("Checking the work took longer"),
    lazy_gettext("The student handed it in later"),
)


def typed(of: str = "") -> str:
    """The reason in a form: one of those offered, words of one's own, or both; `of` ends the names of its fields."""
    return ": ".join(filter(None, (forms.text(f"reason{of}"), forms.text(f"reason_text{of}"))))
