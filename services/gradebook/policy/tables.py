"""The school's decisions about marks."""

from __future__ import annotations

from typing import Final

from sqlalchemy import JSON, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.tenancy import SchoolRow
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
