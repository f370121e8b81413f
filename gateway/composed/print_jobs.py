"""Print jobs, with the reason of a failure in the caller's language."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.printing.documents import Documents
from gateway.door import language
from gateway.door.asking import ask, carry_out


def order_journal_page(course_id: UUID, term_id: UUID) -> dict[str, Any]:
    """Order a course's journal page for a term as PDF."""
    return _in_callers_language(carry_out(Documents.order_journal_page, course_id=course_id, term_id=term_id))


def print_job(job_id: UUID) -> dict[str, Any]:
    """The state of a print job."""
    return _in_callers_language(ask(Documents.job, job_id=job_id))


def print_jobs(**query: Any) -> dict[str, Any]:
    """Print jobs of the school, newest first."""
    page = ask(Documents.jobs, **query)
    return {**page, "jobs": [_in_callers_language(job) for job in page["jobs"]]}


def _in_callers_language(job: dict[str, Any]) -> dict[str, Any]:
    if not job["failure"]:
        return job
    return {**job, "failure": language.told(job["failure"], job.get("failure_text"))}
