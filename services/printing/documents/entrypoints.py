"""Entry points of print jobs, and the handler that makes a document from an order."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from contracts.gradebook.journal import Journal, JournalPageView
from contracts.identity.schools import Schools
from contracts.printing.documents import PART, DocumentPart, Documents, FindJobs, JobId, OrderJournalPage
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.data import inbox
from kernel.data.jobs import Job
from kernel.errors import Conflict, Refused
from kernel.running.entrypoints import Entrypoints, rpc
from kernel.running.jobs import carries_out
from services.printing.documents import queries, recording, render
from services.printing.documents.facts import journal
from services.printing.documents.tables import PrintJob
from services.printing.documents.views import job_view, ordered_view

log = structlog.get_logger()

#: The template of a journal page.
JOURNAL: Final = "journal"
#: Progress in percent when the job begins, and when the page's data are fetched.
BEGUN: Final = 5
FETCHED: Final = 40


class DocumentsEntrypoints(Entrypoints):
    """Print jobs and their documents."""

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

    @rpc(Documents.document_part)
    def document_part(self, actor: Actor, command: DocumentPart) -> dict[str, Any]:
        """A part of a finished document."""
        with self.unit_of_work(actor) as session:
            part = queries.document_part(session, command.job_id, command.offset, PART)
        return {"data": base64.b64encode(part.data).decode(), "size": part.size, "sha256": part.sha256}

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
        document, outcome = _attempt(self, school_id, ordered)
        with self.unit_of_work.of(school_id) as session:
            row = job.check(session)
            if document is not None:
                recording.keep_document(session, school_id, job.id, document)
            recording.note(session, job.id, **outcome)
            recording.PRINTS.end(session, row)


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


def _attempt(service: Entrypoints, school_id: UUID, job: PrintJob) -> tuple[bytes | None, dict[str, Any]]:
    """The document, or None if the job failed, and the final columns of the job."""
    try:
        document = _rendered(service, school_id, job)
    except (Refused, render.NotRendered) as error:
        log.error("print_failed", job_id=str(job.id), error=type(error).__name__, why=str(error))
        return None, recording.failure(error)
    return document, {
        "state": "done",
        "progress": 100,
        "finished_at": now(),
        "pages": render.pages_of(document),
        "size": len(document),
        "sha256": hashlib.sha256(document).hexdigest(),
    }


def _rendered(service: Entrypoints, school_id: UUID, job: PrintJob) -> bytes:
    page = service.ask(Journal.journal_page, course_id=job.course_id, term_id=job.term_id)
    data = journal(service.ask, page)
    with service.unit_of_work.of(school_id) as session:
        recording.note(session, job.id, progress=FETCHED, fingerprint=render.fingerprint(JOURNAL, data))
    return render.rendered(JOURNAL, data)
