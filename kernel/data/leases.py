"""Who runs a job: taken once for each slot of time over all replicas of a service.

Time is cut into slots of the job's length. One row for each job says which slot was taken last, and until when
its holder has the lease. A slot is taken by one UPDATE that moves the row on, so no slot is taken twice, whoever
wakes late; the lease keeps others from beginning the next slot while a run goes on.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, String, or_, update
from sqlalchemy.orm import Mapped, mapped_column

from kernel.data.base import Base
from kernel.data.columns import UtcDateTime
from kernel.data.copies import insert_into
from kernel.data.database import UnitOfWork

#: A run that takes longer than this may be joined by another: its replica is taken for dead.
LEASE = timedelta(minutes=15)


class TimerRow(Base):
    """A job, the slot of time that was taken last, and who runs it until when."""

    __tablename__ = "timer"

    job: Mapped[str] = mapped_column(String(120), primary_key=True)
    slot: Mapped[int] = mapped_column(BigInteger)
    holder: Mapped[str] = mapped_column(String(64))
    leased_until: Mapped[datetime] = mapped_column(UtcDateTime)


def take_slot(unit_of_work: UnitOfWork, job: str, slot: int, holder: str, now: datetime) -> bool:
    """Whether `holder` may run `job` for `slot`; at most one does, however many ask."""
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
        first = insert_into(session, TimerRow).on_conflict_do_nothing()
        values = {"job": job, "slot": slot, "holder": holder, "leased_until": now + LEASE}
        inserted = session.execute(first.values(values))
        return bool(inserted.rowcount)  # type: ignore[attr-defined]  # as above


def give_back(unit_of_work: UnitOfWork, job: str, holder: str, now: datetime) -> None:
    """The run is over: the next slot is anybody's."""
    with unit_of_work.everywhere(keyed=False) as session:
        session.execute(
            update(TimerRow).where(TimerRow.job == job, TimerRow.holder == holder).values(leased_until=now),
            execution_options={"synchronize_session": False},
        )
