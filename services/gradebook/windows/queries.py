"""Selects what the closing of a lesson's term depends on."""

from __future__ import annotations

import datetime as dt
from typing import Final, Protocol

from sqlalchemy.orm import Session

from services.gradebook.courses.queries import terms_beside, terms_of
from services.gradebook.gathered import Values
from services.gradebook.policy.queries import SETTING, SettingRow, policy_on, today_of
from services.gradebook.windows.rules.closed_terms import ClosedTerm, SomeTerm, closed, term_of_lesson

#: The columns of `Closing` beside the date; `Course` must be joined, and `Setting` outside.
CLOSING: Final = (*SETTING, terms_beside().label("terms"))


class Closing(SettingRow, Protocol):
    """A lesson's date, the terms of its course and the school's setting."""

    date: dt.date
    #: For `courses.queries.terms_of`.
    terms: list[Values]


def closed_term(session: Session, row: Closing) -> ClosedTerm | None:
    """The term of the row's lesson, if it is closed today; None while the lesson may be changed."""
    return closed_of(session, row, term_of_lesson(row.date, terms_of(row.terms)))


def closed_of(session: Session, row: SettingRow, term: SomeTerm | None) -> ClosedTerm | None:
    """The term if it is closed today, by the version of the policy that decides its last day.

    So no later version closes a term that has ended, or opens it again; `row` has the school's setting.
    """
    return None if term is None else closed(term, policy_on(session, row, term.ends_on), today_of(row))
