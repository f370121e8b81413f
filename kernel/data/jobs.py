"""Jobs: long work that outlives its process, tells how far it is, and can be stopped and resumed.

A job is a row. Who takes it claims it for `CLAIM`, and renews the claim while it works. The claim of a process that
died lapses, and another takes the job again from its last step. So a step must bear to be repeated, and each
transaction that writes for a job checks the claim (`Job.check`), because a process that only seemed dead may still be
at work. `kernel.running.jobs` takes jobs and carries them out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Index, String, Uuid, or_, select, text, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from uuid_utils.compat import uuid7

from kernel import jobs
from kernel.clock import now
from kernel.data import outbox
from kernel.data.columns import UtcDateTime
from kernel.data.database import UnitOfWork
from kernel.errors import Conflict, NotFound
from kernel.jobs import JobChanged

#: How long a claim holds without being renewed.
CLAIM: Final = timedelta(seconds=30)
#: Pauses before a job whose carrying out failed is tried again; after the last it has failed.
PAUSES: Final = (5, 30, 120, 600)
#: The same in seconds while something that a job needs is away: that is no failure of the job's.
AWAY_PAUSE: Final = 5


class JobBase(DeclarativeBase):
    """Base of the table of jobs, which the databases of services that have jobs contain."""


class JobRow(JobBase):
    """A job. `state` is never `stopping`: that is a running one with `stop_asked`."""

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "job_due", "kind", "due_at", postgresql_where=text("due_at IS NOT NULL"),
            sqlite_where=text("due_at IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    #: Whose job it is; null for one of no school.
    tenant_id: Mapped[UUID | None] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(String(10))
    stage: Mapped[str] = mapped_column(String(40), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    stop_asked: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    #: How often carrying it out has failed.
    failures: Mapped[int] = mapped_column(default=0)
    #: When it is to be taken next; null where nobody is to take it.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The claim of whoever carries it out, and until when it holds.
    holder: Mapped[str | None] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def shown_state(self) -> str:
        """The state as people see it."""
        return jobs.STOPPING if self.stop_asked and self.state in (jobs.WAITING, jobs.RUNNING) else self.state


def view(row: JobRow) -> dict[str, Any]:
    """A `JobView`."""
    return {
        "state": row.shown_state,
        "stage": row.stage,
        "done": row.done,
        "total": row.total,
        "version": row.version,
    }


class StopAsked(Exception):
    """Somebody asked to stop the job. Raised at its next step; what it has written stays."""


class Interrupted(Exception):
    """The process is to stop. Raised at the job's next step: it goes on in another process, or after the start."""


class ClaimLost(Exception):
    """Another has taken the job: whoever sees this stops without writing anything."""


@dataclass(frozen=True)
class Kind:
    """A kind of jobs of one service."""

    name: str
    #: Announced with every change, where somebody listens.
    changed: type[JobChanged] | None = None
    #: Called in the transaction in which a job fails for good, because carrying it out failed again and again.
    on_failed: Callable[[Session, JobRow], None] | None = field(default=None, compare=False)

    def add(self, session: Session, job_id: UUID, tenant_id: UUID | None) -> JobRow:
        """Add a job, to be taken at once."""
        moment = now()
        row = JobRow(
            id=job_id, kind=self.name, tenant_id=tenant_id, state=jobs.WAITING, stage="", done=0, total=0,
            stop_asked=False, version=1, failures=0, due_at=moment, created_at=moment,
        )  # fmt: skip
        session.add(row)
        session.flush()
        _wake(session)
        return row

    def add_once(self, session: Session, tenant_id: UUID) -> None:
        """Add a job of a tenant, unless one waits that nobody has begun: it will see what this transaction writes."""
        waiting = select(JobRow.id).where(
            JobRow.kind == self.name, JobRow.tenant_id == tenant_id, JobRow.state == jobs.WAITING,
            JobRow.holder.is_(None),
        )  # fmt: skip
        if session.scalar(waiting.limit(1).with_for_update()) is None:
            self.add(session, uuid7(), tenant_id)

    def row(self, session: Session, job_id: UUID, *, lock: bool = False) -> JobRow:
        """A job; `lock` locks its row until the transaction ends. Raises `NotFound`."""
        query = select(JobRow).where(JobRow.id == job_id, JobRow.kind == self.name)
        found = session.scalar(query.with_for_update() if lock else query)
        if found is None:
            raise NotFound("There is no such job.", rule="no-job", field="job_id")
        return found

    def ask_to_stop(self, session: Session, job_id: UUID) -> JobRow:
        """Stop a job at its next step, one that nobody has taken at once. Raises `Conflict` for one that has ended."""
        row = self._going_on(session, job_id)
        if row.state == jobs.STOPPED or row.stop_asked:
            return row
        if row.state == jobs.WAITING and row.holder is None:
            return self.stop_now(session, row)
        row.stop_asked = True
        self.announce(session, row)
        return row

    def resume(self, session: Session, job_id: UUID) -> JobRow:
        """Take up a stopped job where it stopped; of one that is to stop yet, only the wish is forgotten.

        Raises `Conflict` for one that has ended.
        """
        row = self._going_on(session, job_id)
        if row.state != jobs.STOPPED and not row.stop_asked:
            return row
        row.stop_asked = False
        if row.state == jobs.STOPPED:
            row.state, row.due_at, row.failures = jobs.WAITING, now(), 0
            _wake(session)
        self.announce(session, row)
        return row

    def note(self, session: Session, row: JobRow, stage: str, done: int, total: int) -> bool:
        """Note how far a job is that others carry out (`Job.hand_over`). Returns whether they are to go on.

        Where somebody asked to stop it, it is stopped now.
        """
        if row.stop_asked:
            self.stop_now(session, row)
        if row.state != jobs.RUNNING:
            return False
        if (row.stage, row.done, row.total) != (stage, done, total):
            row.stage, row.done, row.total = stage, done, total
            self.announce(session, row)
        return True

    def hand_over(self, session: Session, row: JobRow, stage: str, done: int = 0, total: int = 0) -> None:
        """Leave the job to others, who tell how far it is (`note`) and that it has ended (`end`)."""
        row.state, row.stage, row.done, row.total = jobs.RUNNING, stage, done, total
        self._release(row)
        self.announce(session, row)

    def take_back(self, session: Session, row: JobRow) -> None:
        """Take up a job again that was left to others (`hand_over`): they have done their part."""
        row.state, row.due_at = jobs.WAITING, now()
        _wake(session)
        self.announce(session, row)

    def end(self, session: Session, row: JobRow, state: str = jobs.DONE) -> None:
        """The job has ended: `done` or `failed`."""
        row.state, row.stop_asked, row.finished_at = state, False, now()
        self._release(row)
        self.announce(session, row)

    def announce(self, session: Session, row: JobRow) -> None:
        """The row has changed: count its version up and tell whoever listens."""
        row.version += 1
        session.flush()
        if self.changed is not None:
            outbox.record(
                session,
                self.changed(
                    job_id=row.id, version=row.version, state=row.shown_state, stage=row.stage,
                    done=row.done, total=row.total,
                ),
            )  # fmt: skip

    def _going_on(self, session: Session, job_id: UUID) -> JobRow:
        row = self.row(session, job_id, lock=True)
        if row.state in jobs.ENDED:
            raise Conflict("It has ended already.", rule="job-ended")
        return row

    def stop_now(self, session: Session, row: JobRow) -> JobRow:
        """The job has stopped."""
        row.state, row.stop_asked = jobs.STOPPED, False
        self._release(row)
        self.announce(session, row)
        return row

    def postpone(self, session: Session, row: JobRow, *, seconds: int) -> None:
        """Let go of the job, to be taken again in so many seconds."""
        self._release(row)
        row.state, row.due_at = jobs.WAITING, now() + timedelta(seconds=seconds)
        self.announce(session, row)

    @staticmethod
    def _release(row: JobRow) -> None:
        row.due_at = row.holder = row.claimed_until = None


class Job:
    """A job in the hands of whoever carries it out."""

    def __init__(
        self, unit_of_work: UnitOfWork, kind: Kind, row: JobRow, interrupted: Callable[[], bool] = lambda: False
    ) -> None:
        """`interrupted` tells whether the process is to stop."""
        self.id, self.tenant_id = row.id, row.tenant_id
        self.kind = kind
        self._interrupted = interrupted
        self._unit_of_work = unit_of_work
        self._holder = row.holder

    def step(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Begin a step, in a transaction of its own: tell how far the job is.

        Raises `StopAsked` where somebody asked to stop it, `Interrupted` and `ClaimLost`.
        """
        if self._interrupted():
            raise Interrupted
        with self._unit_of_work.everywhere(keyed=False) as session:
            row = self.check(session)
            if row.stop_asked:
                raise StopAsked
            row.claimed_until = now() + CLAIM
            if (row.state, row.stage, row.done, row.total) != (jobs.RUNNING, stage, done, total):
                row.state, row.stage, row.done, row.total = jobs.RUNNING, stage, done, total
                self.kind.announce(session, row)

    def check(self, session: Session) -> JobRow:
        """The job's row, locked. A transaction that writes for the job begins with it. Raises `ClaimLost`."""
        row = self.kind.row(session, self.id, lock=True)
        if row.holder != self._holder:
            raise ClaimLost
        return row

    def renew(self) -> bool:
        """Keep the claim for another `CLAIM`. Returns whether it still held."""
        with self._unit_of_work.everywhere(keyed=False) as session:
            renewed = session.execute(
                update(JobRow)
                .where(JobRow.id == self.id, JobRow.holder == self._holder)
                .values(claimed_until=now() + CLAIM),
                execution_options={"synchronize_session": False},
            )
            return bool(renewed.rowcount)  # type: ignore[attr-defined]  # a CursorResult: the statement is DML


def claim(
    unit_of_work: UnitOfWork, kind: Kind, moment: datetime, interrupted: Callable[[], bool] = lambda: False
) -> Job | None:
    """Claim the job of a kind that has been due longest; None where none is due. Of several who ask, one gets it.

    `interrupted` tells whether the process is to stop.
    """
    free = or_(JobRow.claimed_until.is_(None), JobRow.claimed_until <= moment)
    query = (
        select(JobRow)
        .where(JobRow.kind == kind.name, JobRow.due_at <= moment, free)
        .order_by(JobRow.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with unit_of_work.everywhere(keyed=False) as session:
        row = session.scalar(query)
        if row is None:
            return None
        row.holder, row.claimed_until = uuid7().hex, moment + CLAIM
        return Job(unit_of_work, kind, row, interrupted)


def release_all(unit_of_work: UnitOfWork, kind: Kind) -> None:
    """Let go of every claim: for a process that is the only one there is, when it starts."""
    with unit_of_work.everywhere(keyed=False) as session:
        session.execute(
            update(JobRow).where(JobRow.kind == kind.name, JobRow.holder.is_not(None)).values(claimed_until=None),
            execution_options={"synchronize_session": False},
        )


def give_back(job: Job, unit_of_work: UnitOfWork, error: Exception | None, *, away: bool = False) -> str:
    """Note how carrying out a job ended, and let go of it. Returns what became of it, for logs and metrics.

    Without an error the job is done, unless it was ended or handed over. `away`: the error says that something which
    the job needs does not respond; that counts for nothing, and the job is tried again until it does.
    """
    kind = job.kind
    with unit_of_work.everywhere(keyed=False) as session:
        try:
            row = job.check(session)
        except ClaimLost:  # ended, handed over, or another's
            return "lost" if isinstance(error, ClaimLost) else "done"
        if error is None:
            kind.end(session, row)
            return "done"
        if isinstance(error, StopAsked):
            kind.stop_now(session, row)
            return "stopped"
        if isinstance(error, Interrupted):
            kind.postpone(session, row, seconds=0)
            return "interrupted"
        if away:
            kind.postpone(session, row, seconds=AWAY_PAUSE)
            return "away"
        if row.failures < len(PAUSES):
            kind.postpone(session, row, seconds=PAUSES[row.failures])
            row.failures += 1
            return "retried"
        kind.end(session, row, jobs.FAILED)
        if kind.on_failed is not None:
            kind.on_failed(session, row)
        return "failed"


def _wake(session: Session) -> None:
    session.info["jobs"] = True
