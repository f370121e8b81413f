"""The school's decisions about marks."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, Index, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import IdentifiedRow, SchoolRow
from services.gradebook.base import Base
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.policy import Place
from services.gradebook.policy.rules.scales import WORDS, scale_at

_USUAL: Final = scale_at(default_policy(), Place()).marks
_WORDS: Final = tuple(word.text for word in WORDS)


class Setting(SchoolRow, Base):
    """The scale of whole numbers on which a school gives marks, and its time zone.

    A school without a row, and omitted columns of a row, have the defaults of `rules.defaults`.
    """

    __tablename__ = "setting"

    lowest: Mapped[int] = mapped_column(Integer, default=int(_USUAL[0].text))
    highest: Mapped[int] = mapped_column(Integer, default=int(_USUAL[-1].text))
    #: No longer read, as every scale has the words of `scales.WORDS`. Replicas of the previous version still read it.
    tokens: Mapped[list[str]] = mapped_column(JSON, default=lambda: list(_WORDS))
    time_zone: Mapped[str] = mapped_column(String(64))


class PolicyVersion(IdentifiedRow, Base):
    """A version of the school's policy. An adopted one never changes and never goes; a school has one draft at most.

    `number` is the version's among the school's, `version` that of the row while it is a draft.
    """

    __tablename__ = "policy_version"
    __table_args__ = (Index("policy_version_number", "school_id", "number", unique=True),)

    number: Mapped[int]
    #: The first day that it decides; null while it is a draft.
    valid_from: Mapped[dt.date | None]
    #: For `rules.schema.load_policy`; all rules, so that a change of the default changes no version.
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text)
    #: The school's decision by which it was adopted.
    decision: Mapped[str] = mapped_column(Text)
    drafted_by: Mapped[UUID] = mapped_column(Uuid)
    drafted_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    adopted_by: Mapped[UUID | None] = mapped_column(Uuid)
    adopted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int]
