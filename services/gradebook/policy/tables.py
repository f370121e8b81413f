"""What the school decided about marks."""

from __future__ import annotations

from sqlalchemy import JSON, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.tenancy import SchoolRow
from services.gradebook.base import Base


class Setting(SchoolRow, Base):
    """The marks a school gives and its time zone. A school without a row has what `rules.marking` says."""

    __tablename__ = "setting"

    lowest: Mapped[int] = mapped_column(Integer)
    highest: Mapped[int] = mapped_column(Integer)
    #: Marks that are no number, such as `зач`.
    tokens: Mapped[list[str]] = mapped_column(JSON)
    time_zone: Mapped[str] = mapped_column(String(64))
