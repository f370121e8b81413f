"""Computes what a draft would change, and keeps it: a large school takes seconds, and is read page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple, cast
from weakref import WeakKeyDictionary

from cachetools import LRUCache
from sqlalchemy import Row
from sqlalchemy.orm import Session

from kernel.clock import now
from kernel.data import tenancy
from services.gradebook.policy.rules.applied import with_kinds
from services.gradebook.policy.rules.policy import Policy
from services.gradebook.voting import queries, views
from services.gradebook.voting.queries import CourseOfTerm, Known
from services.gradebook.voting.rules.preview import Journal, preview
from services.gradebook.voting.views import Effect

#: Most previews that a process keeps; one of a large school takes some megabytes.
_MOST_KEPT: Final = 8
#: Database → school and what a preview is made of → what it says.
_kept: Final[WeakKeyDictionary[Any, LRUCache[tuple[Any, str], Effect]]] = WeakKeyDictionary()


class Asked(NamedTuple):
    """What a preview is made of, or the preview itself where it is kept."""

    #: The kept ones of the database, and the key among them.
    kept: LRUCache[tuple[Any, str], Effect]
    key: tuple[Any, str]
    known: Effect | None
    #: The journal, the present policy and the draft; empty where the preview is kept.
    made_of: tuple[Journal, Policy, Policy] | tuple[()] = ()
    #: Whether there are more marks than are computed with.
    cut: bool = False
    titles: Mapping[str, str] = {}


def asked(session: Session, known: Known, draft: Policy, chosen: Sequence[CourseOfTerm], most: int) -> Asked:
    """What the preview of these courses is made of; of one that is kept only that.

    It is kept while draft, policy, courses, calendar and marks are the same, and where rules of keeping the journal
    differ, lessons and the hour.
    """
    kinds = queries.kinds(session)
    before, after = (with_kinds(policy, kinds) for policy in (known.present, draft))
    keeps = before.keeping != after.keeping
    calendars = queries.calendars(session, chosen)
    state = queries.state_of_marks(session, chosen)
    moment = now()
    entered = queries.state_of_lessons(session, chosen, known.today) if keeps else ()
    hour = moment.replace(minute=0, second=0, microsecond=0) if keeps else None
    courses = [tuple(cast("Row[Any]", row)) for row in chosen]
    parts = (before, after, kinds, courses, calendars, state, entered, hour, most)
    kept = _kept.setdefault(session.get_bind(), LRUCache(_MOST_KEPT))
    key = tenancy.bound(session), sha256(repr(parts).encode()).hexdigest()
    if (found := kept.get(key)) is not None:
        return Asked(kept, key, found)
    records, cut = queries.records(session, chosen, before, most)
    journal = Journal(
        records,
        queries.lessons(session, chosen, known.today, most) if keeps else (),
        queries.works(session, chosen, known.today, before, most) if keeps else (),
        moment,
        calendars[chosen[0].grade],
        calendars,
    )
    return Asked(kept, key, None, (journal, before, after), cut, {str(course.id): course.title for course in chosen})


def effect_of(wanted: Asked) -> Effect:
    """What the draft would change; computed where nothing is kept, which takes some seconds of a native thread."""
    if wanted.known is not None:
        return wanted.known
    found = views.effect(preview(*wanted.made_of), wanted.cut, wanted.titles)
    wanted.kept[wanted.key] = found
    return found
