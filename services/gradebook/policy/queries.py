"""Selects the school's policy. `policy_on` and `today` are what other rooms ask.

The versions' numbers and first days come with the rows that decisions are made on (`SETTING`), as one value: a school
without versions pays no statement for them. An adopted version never changes, so that a process reads each once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, NamedTuple, Protocol, cast
from uuid import UUID

from cachetools import LRUCache
from sqlalchemy import literal, select, true
from sqlalchemy.orm import Session

from kernel.clock import local_date, now
from kernel.data import tenancy
from services.gradebook.as_it_stood import AS_OF
from services.gradebook.gathered import Values, gathered
from services.gradebook.policy.rules.defaults import default_policy, policy_with
from services.gradebook.policy.rules.policy import NOT_YET, NoPolicy, Policy, policy_at
from services.gradebook.policy.rules.scales import scale_of_numbers
from services.gradebook.policy.rules.schema import load_policy
from services.gradebook.policy.tables import PolicyVersion, Setting

_ADOPTED: Final = select(gathered(PolicyVersion.id, PolicyVersion.number, PolicyVersion.valid_from)).where(
    PolicyVersion.valid_from.is_not(None)
)
_VERSIONS: Final = _ADOPTED.scalar_subquery()
#: The columns that make a policy; all null where a school has no setting, and no versions where it adopted none.
SETTING: Final = (Setting.lowest, Setting.highest, Setting.time_zone, _VERSIONS.label("versions"))
#: The same with the versions that were adopted by the moment `AS_OF`; scale and time zone have no history.
SETTING_THEN: Final = (
    *SETTING[:-1],
    _ADOPTED.where(PolicyVersion.adopted_at <= AS_OF).scalar_subquery().label("versions"),
)
_ONE_ROW: Final = select(literal(1).label("one")).subquery()
_SETTING: Final = select(*SETTING).select_from(_ONE_ROW).outerjoin(Setting, true())
_ZONE: Final = select(Setting.time_zone)
_VERSION: Final = select(
    PolicyVersion.id,
    PolicyVersion.number,
    PolicyVersion.valid_from,
    PolicyVersion.document,
    PolicyVersion.note,
    PolicyVersion.decision,
    PolicyVersion.drafted_by,
    PolicyVersion.drafted_at,
    PolicyVersion.adopted_by,
    PolicyVersion.adopted_at,
    PolicyVersion.version,
)
_ALL: Final = _VERSION.order_by(PolicyVersion.number)
_DRAFT: Final = _VERSION.where(PolicyVersion.valid_from.is_(None))
_DRAFT_LOCKED: Final = _DRAFT.with_for_update()
#: Most policies that a process keeps; one takes about 30 kB.
_MOST_KEPT: Final = 256
#: School, version and time zone → the policy. What a version says never changes.
_kept: Final[LRUCache[tuple[Any, UUID, str], Policy]] = LRUCache(_MOST_KEPT)


class SettingRow(Protocol):
    """The columns `SETTING`."""

    lowest: int | None
    highest: int | None
    time_zone: str | None
    versions: list[Values]


class VersionRow(Protocol):
    """A version of the policy, adopted or drafted."""

    id: UUID
    number: int
    valid_from: dt.date | None
    document: dict[str, Any]
    note: str
    decision: str
    drafted_by: UUID
    drafted_at: dt.datetime
    adopted_by: UUID | None
    adopted_at: dt.datetime | None
    version: int


class _Begun(NamedTuple):
    """An adopted version without its rules."""

    id: UUID
    version: int
    valid_from: dt.date


def setting(session: Session) -> SettingRow:
    """The school's setting and the versions of its policy."""
    return cast(SettingRow, session.execute(_SETTING).one())


def setting_as_policy(session: Session) -> Policy:
    """The policy of a school before its first version: what imports go by, as they bring marks of earlier days.

    A bundle names its scale, which becomes the setting's; an adopted version decides its own days all the same.
    """
    return default_of(setting(session))


def policy_on(session: Session, row: SettingRow, day: dt.date) -> Policy:
    """The policy that decides a day, of the setting in a row's columns: the default before the first version begins.

    Takes no statement, but for the first time that a process meets a version: one for all versions of the school then.
    """
    if not row.versions:
        return default_of(row)
    try:
        begun = policy_at([_begun(*one) for one in row.versions], day)
    except NoPolicy:
        return default_of(row)
    return _adopted(session, begun.id, zone_of(row))


def zone_of(row: SettingRow) -> str:
    """The school's time zone, in which every version counts days."""
    return row.time_zone or default_policy().time_zone


def today_of(row: SettingRow, as_of: dt.datetime | None = None) -> dt.date:
    """Today in the school's time zone, by the setting in a row's columns; or the day of an earlier moment."""
    return local_date(as_of or now(), zone_of(row))


def today(session: Session) -> dt.date:
    """Today in the school's time zone."""
    return local_date(now(), session.scalar(_ZONE) or default_policy().time_zone)


def versions(session: Session) -> Sequence[VersionRow]:
    """All versions by their numbers; a draft is the last one."""
    return cast("Sequence[VersionRow]", session.execute(_ALL).all())


def decided(session: Session) -> list[Policy]:
    """The policy of before the first version, and every adopted version; only the former where none was adopted."""
    row = setting(session)
    if not row.versions:
        return [default_of(row)]
    rows = [one for one in versions(session) if one.valid_from is not None]
    return [default_of(row), *policies(session, rows, zone_of(row))]


def draft(session: Session, *, lock: bool = False) -> VersionRow | None:
    """The draft; `lock` makes others who change, discard or adopt it wait until the transaction ends."""
    return cast("VersionRow | None", session.execute(_DRAFT_LOCKED if lock else _DRAFT).one_or_none())


def policies(session: Session, rows: Iterable[VersionRow], time_zone: str) -> list[Policy]:
    """The policies that versions of the session's school say, in its time zone."""
    return [_said_by(session, row, time_zone) for row in rows]


def _said_by(session: Session, row: VersionRow, time_zone: str) -> Policy:
    """The policy that a version says: kept, if it was adopted."""
    key = (tenancy.bound(session), row.id, time_zone)
    kept = _kept.get(key)
    if kept is None:
        kept = policy_of_version(row, time_zone)
        if row.valid_from is not None:
            _kept[key] = kept
    return kept


def policy_of_version(row: VersionRow, time_zone: str) -> Policy:
    """The policy that a version says, in the school's time zone."""
    return replace(
        load_policy(row.document),
        version=row.number,
        valid_from=row.valid_from or NOT_YET,
        adopted_by=row.decision,
        time_zone=time_zone,
    )


def default_of(row: SettingRow) -> Policy:
    """The policy of a school before its first version: the default with its scale and time zone."""
    if row.lowest is None or row.highest is None:
        return _made()
    return _made((row.lowest, row.highest), row.time_zone or "")


def _begun(version_id: str, number: int, valid_from: str) -> _Begun:
    return _Begun(UUID(version_id), number, dt.date.fromisoformat(valid_from))


def _adopted(session: Session, version_id: UUID, time_zone: str) -> Policy:
    """An adopted version of the session's school."""
    kept = _kept.get((tenancy.bound(session), version_id, time_zone))
    if kept is not None:
        return kept
    adopted = [row for row in versions(session) if row.valid_from is not None]
    return dict(zip([row.id for row in adopted], policies(session, adopted, time_zone), strict=True))[version_id]


@lru_cache(maxsize=256)  # few combinations exist, and every mark needs one
def _made(numbers: tuple[int, int] | None = None, time_zone: str = "") -> Policy:
    return default_policy() if numbers is None else policy_with(scale_of_numbers(*numbers).code, time_zone)
