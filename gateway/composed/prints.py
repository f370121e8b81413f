"""Ordering prints, and how they stand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.printing.documents import Documents
from gateway.door import language
from gateway.door.asking import ask, carry_out


def order_print(course_id: UUID, term_id: UUID) -> dict[str, Any]:
    """Order a course's journal page for a term."""
    return _told_job(carry_out(Documents.order_journal_page, course_id=course_id, term_id=term_id))


def print_job(job_id: UUID) -> dict[str, Any]:
    """How a print job stands; why it failed, in the caller's language."""
    return _told_job(ask(Documents.job, job_id=job_id))


def print_jobs(**query: Any) -> dict[str, Any]:
    """A page of print jobs, as `print_job` tells each."""
    page = ask(Documents.jobs, **query)
    return {**page, "jobs": [_told_job(job) for job in page["jobs"]]}


def _told_job(job: dict[str, Any]) -> dict[str, Any]:
    return {**job, "failure": language.said(job["failure"])} if job["failure"] else job
