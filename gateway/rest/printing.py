"""Print jobs and their documents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from contracts.printing.documents import Documents, FindJobs, OrderJournalPage
from gateway.composed import downloads
from gateway.composed import prints as composed_prints
from gateway.door.auth import operation
from gateway.door.http import answered, paged
from gateway.rest.openapi import PREFIX, ApiBlueprint

blueprint = ApiBlueprint("printing", __name__, "Print jobs and their documents.")

Values = dict[str, Any]


@blueprint.route("/print-jobs", methods=["POST"])
@operation(Documents.order_journal_page)
@blueprint.arguments(OrderJournalPage)
@blueprint.response(202, Documents.order_journal_page.answer)
def order(body: Values) -> Response:
    """Order a course's journal page for a term as PDF."""
    job = composed_prints.order_print(**body)
    return answered(job, 202, Location=f"{PREFIX}/print-jobs/{job['id']}")


@blueprint.route("/print-jobs")
@operation(Documents.jobs)
@blueprint.arguments(FindJobs, location="query")
@blueprint.response(200, Documents.jobs.answer)
def jobs(query: Values) -> Response:
    """Print jobs of the school, newest first."""
    return paged(composed_prints.print_jobs(**query))


@blueprint.route("/print-jobs/<id:job_id>")
@operation(Documents.job)
@blueprint.response(200, Documents.job.answer)
def job(job_id: UUID) -> Response:
    """How a print job stands."""
    return answered(composed_prints.print_job(job_id))


@blueprint.route("/print-jobs/<id:job_id>/document")
@operation(Documents.document_part)
@blueprint.response(
    200, {"type": "string", "format": "binary"}, content_type="application/pdf", description="The document."
)
def document(job_id: UUID) -> Response:
    """The document of a finished job, with its SHA-256 (Repr-Digest, RFC 9530)."""
    return downloads.download(job_id)
