"""Views of jobs."""

from __future__ import annotations

from typing import Any

from services.printing.documents.tables import PrintJob


def ordered_view(row: PrintJob, *, existed: bool) -> dict[str, Any]:
    """The job that prints what was ordered; `existed`: it was there before."""
    return {**job_view(row), "existed": existed}


def job_view(row: PrintJob) -> dict[str, Any]:
    """A job as the administration and methodologists see it."""
    names = (
        "id",
        "title",
        "state",
        "progress",
        "failure",
        "failure_text",
        "ordered_by",
        "ordered_at",
        "finished_at",
        "pages",
        "size",
        "sha256",
    )
    return {name: getattr(row, name) for name in names}


def document_view(row: PrintJob) -> dict[str, Any]:
    """Where the store of files has the document of a finished job."""
    return {name: getattr(row, name) for name in ("title", "size", "sha256")}
