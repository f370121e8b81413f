"""Leases of jobs: of all replicas of a service, one runs a job in each time slot.

Time is divided into slots as long as the job's interval. Each job has one row with the last slot taken and the end of
its holder's lease. One UPDATE advances the row to take a slot, so no slot is taken twice, even by a late replica; the
lease keeps other replicas from starting the next slot while a run continues.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, String, or_, update
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.base import Base
from kernel.data.columns import UtcDateTime
from kernel.data.copies import insert_if_new
from kernel.data.database import UnitOfWork

#: After this time a run's replica counts as dead, and another may start the next run.
LEASE = timedelta(minutes=15)


class TimerRow(Base):
    """A job, the last time slot taken, the replica that holds it, and the end of its lease."""

    __tablename__ = "timer"

    job: Mapped[str] = mapped_column(String(120), primary_key=True)
    slot: Mapped[int] = mapped_column(BigInteger)
    holder: Mapped[str] = mapped_column(String(64))
    leased_until: Mapped[datetime] = mapped_column(UtcDateTime)


def take_slot(unit_of_work: UnitOfWork, job: str, slot: int, holder: str, now: datetime) -> bool:
    """Take `slot` of `job` for `holder`. Returns whether that succeeded; of several holders one succeeds."""
    with unit_of_work.everywhere(keyed=False) as session:
        free = or_(TimerRow.leased_until <= now, TimerRow.holder == holder)
        taken = session.execute(
            update(TimerRow)
            .where(TimerRow.job == job, TimerRow.slot < slot, free)
            .values(slot=slot, holder=holder, leased_until=now + LEASE),
            execution_options={"synchronize_session": False},
        )
        if taken.rowcount:  # type: ignore[attr-defined]  # a CursorResult: the statement is DML
            return True
        first = {"job": job, "slot": slot, "holder": holder, "leased_until": now + LEASE}
        return insert_if_new(session, TimerRow.__table__, first)


def give_back(unit_of_work: UnitOfWork, job: str, holder: str, now: datetime) -> None:
    """End the lease after a run, so that any replica may take the next slot."""
    with unit_of_work.everywhere(keyed=False) as session:
        session.execute(
            update(TimerRow).where(TimerRow.job == job, TimerRow.holder == holder).values(leased_until=now),
            execution_options={"synchronize_session": False},
        )
