"""Selects the school's policy."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Protocol, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.gradebook.policy.rules.defaults import default_policy, policy_with
from services.gradebook.policy.rules.policy import Policy
from services.gradebook.policy.rules.scales import scale_of_numbers
from services.gradebook.policy.tables import Setting

#: The columns that make a policy; all null where a school has no setting.
SETTING: Final = (Setting.lowest, Setting.highest, Setting.time_zone)
_SETTING: Final = select(*SETTING)


class SettingRow(Protocol):
    """The columns `SETTING`."""

    lowest: int | None
    highest: int | None
    time_zone: str | None


def policy(session: Session) -> Policy:
    """The school's policy: its scale and time zone; everything else is the default."""
    row = session.execute(_SETTING).one_or_none()
    return _policy() if row is None else policy_of(cast(SettingRow, row))


def policy_of(row: SettingRow) -> Policy:
    """The policy of the setting in a row's columns."""
    if row.lowest is None or row.highest is None:
        return _policy()
    return _policy((row.lowest, row.highest), row.time_zone or "")


@lru_cache(maxsize=256)  # few combinations exist, and every mark needs one
def _policy(numbers: tuple[int, int] | None = None, time_zone: str = "") -> Policy:
    return default_policy() if numbers is None else policy_with(scale_of_numbers(*numbers).code, time_zone)
