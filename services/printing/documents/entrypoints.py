"""Entry points of print jobs, and the handler that makes a document from an order."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from contracts.gradebook.journal import Journal, JournalPageView
from contracts.identity.schools import Schools
from contracts.printing.documents import OWNER, Documents, FindJobs, JobId, OrderJournalPage
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.data import inbox
from kernel.data.jobs import Job
from kernel.errors import Conflict, Refused
from kernel.files import kinds
from kernel.files.store import Place, Store, Taken, delete_unneeded, take
from kernel.running.entrypoints import Entrypoints, every, rpc
from kernel.running.jobs import carries_out
from kernel.running.providers import Files
from services.printing.documents import queries, recording, render
from services.printing.documents.facts import journal
from services.printing.documents.tables import PrintJob
from services.printing.documents.views import document_view, job_view, ordered_view

log = structlog.get_logger()

#: The template of a journal page.
JOURNAL: Final = "journal"
#: Progress in percent when the job begins, and when the page's data are fetched.
BEGUN: Final = 5
FETCHED: Final = 40
#: Most bytes of a document; the journal page of a large class has 0.2 MB.
LARGEST: Final = 64 * 1024**2
#: Seconds between two looks for documents of no job, such as one whose job did not outlive the making.
DAY: Final = 86_400


class DocumentsEntrypoints(Entrypoints):
    """Print jobs and their documents."""

    files = Files()

    @rpc(Documents.order_journal_page)
    def order_journal_page(self, actor: Actor, command: OrderJournalPage) -> dict[str, Any]:
        """Accept an order, or find the job that prints the same. The gradebook confirms the page to the caller."""
        page = self.ask(Journal.journal_page, course_id=command.course_id, term_id=command.term_id)
        (school,) = self.ask(Schools.schools).schools
        if page.term.starts_on > local_date(now(), school.time_zone):
            raise Conflict(
                "“{term}” begins on {starts_on}: there is nothing to print yet.",
                rule="term-not-begun",
                field="term_id",
                term=page.term.title,
                starts_on=page.term.starts_on,
            )
        order = _order(actor, page, render.fingerprint(JOURNAL, journal(self.ask, page)))
        with self.unit_of_work(actor) as session:
            job, existed = recording.job_for(session, order)
            return inbox.answer(session, ordered_view(job, existed=existed))

    @rpc(Documents.job)
    def job(self, actor: Actor, command: JobId) -> dict[str, Any]:
        """The state of a job."""
        with self.unit_of_work(actor) as session:
            return job_view(queries.job(session, command.job_id))

    @rpc(Documents.jobs)
    def jobs(self, actor: Actor, command: FindJobs) -> dict[str, Any]:
        """The school's jobs, newest first."""
        limit = command.limit
        with self.unit_of_work(actor) as session:
            rows = queries.jobs(session, command.after, limit + 1)
        page = rows[:limit]
        return {"jobs": [job_view(row) for row in page], "next": page[-1].id if len(rows) > limit else None}

    @rpc(Documents.document)
    def document(self, actor: Actor, command: JobId) -> dict[str, Any]:
        """Where a finished document is kept."""
        with self.unit_of_work(actor) as session:
            job = queries.finished(session, command.job_id)
            data = queries.document_in_table(session, job.id)
        if data is not None:
            _keep(self.files, actor.tenant, data)
            with self.unit_of_work(actor) as session:
                recording.leave_table(session, job.id)
        return document_view(job)

    @carries_out(recording.PRINTS)
    def print_document(self, job: Job) -> None:
        """Fetch, render and store. A refusal or a failed rendering ends the job; other failures are retried."""
        school_id = job.tenant_id
        assert school_id is not None, "a print job belongs to a school"
        job.step("rendering")
        with self.unit_of_work.of(school_id) as session:
            job.check(session)
            ordered = queries.job(session, job.id)
            if ordered.finished_at is not None:
                return
            recording.note(session, job.id, state="rendering", progress=BEGUN)
        outcome = _attempt(self, school_id, ordered)
        with self.unit_of_work.of(school_id) as session:
            row = job.check(session)
            recording.note(session, job.id, **outcome)
            recording.PRINTS.end(session, row)

    @every(seconds=DAY)
    def delete_unneeded_documents(self) -> None:
        """Delete documents that no job has."""
        with self.unit_of_work.everywhere() as session:
            needed = [_place(school_id).key(sha256) for school_id, sha256 in queries.stored(session)]
        delete_unneeded(self.files, OWNER, needed, now())


def _place(school_id: UUID) -> Place:
    return Place(OWNER, school_id)


def _keep(files: Store, school_id: UUID, document: bytes) -> Taken:
    """Have the store of files keep a document. Raises `Unavailable` while it is away."""
    return take(files, _place(school_id), [document], largest=LARGEST, allowed={kinds.PDF}, field="document")


def _order(actor: Actor, page: JournalPageView, fingerprint: str) -> dict[str, Any]:
    """The row of a new job that prints the page."""
    return {
        "school_id": actor.tenant,
        "id": uuid7(),
        "course_id": page.course.id,
        "term_id": page.term.id,
        "state": "waiting",
        "progress": 0,
        "title": f"{page.course.title}, {page.term.title}",
        "failure": None,
        "failure_text": None,
        "ordered_by": actor.person_id,
        "ordered_at": now(),
        "finished_at": None,
        "pages": None,
        "size": None,
        "sha256": None,
        "fingerprint": fingerprint,
    }


def _attempt(service: DocumentsEntrypoints, school_id: UUID, job: PrintJob) -> dict[str, Any]:
    """Make the document and keep it in the store of files. Returns the final columns of the job, also if it failed."""
    try:
        document = _rendered(service, school_id, job)
        kept = _keep(service.files, school_id, document)
    except (Refused, render.NotRendered) as error:
        log.error("print_failed", job_id=str(job.id), error=type(error).__name__, why=str(error))
        return recording.failure(error)
    return {
        "state": "done",
        "progress": 100,
        "finished_at": now(),
        "pages": render.pages_of(document),
        "size": kept.size,
        "sha256": kept.sha256,
    }


def _rendered(service: Entrypoints, school_id: UUID, job: PrintJob) -> bytes:
    page = service.ask(Journal.journal_page, course_id=job.course_id, term_id=job.term_id)
    data = journal(service.ask, page)
    with service.unit_of_work.of(school_id) as session:
        recording.note(session, job.id, progress=FETCHED, fingerprint=render.fingerprint(JOURNAL, data))
    return render.rendered(JOURNAL, data)
