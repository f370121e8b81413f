"""Print jobs and their documents."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from contracts.printing.documents import Documents
from gateway.composed import downloads, print_jobs
from gateway.door.auth import operation
from gateway.rest.openapi import ApiBlueprint
from gateway.rest.routes import get, post

blueprint = ApiBlueprint("printing", __name__, "Print jobs and their documents.")

ROUTES = (
    post("/print-jobs", Documents.order_journal_page, answer=print_jobs.order_journal_page, status=202),
    get("/print-jobs", Documents.jobs, answer=print_jobs.print_jobs),
    get("/print-jobs/{job_id}", Documents.job, answer=print_jobs.print_job),
)


@blueprint.route("/print-jobs/<id:job_id>/document")
@operation(Documents.document)
@blueprint.response(
    200, {"type": "string", "format": "binary"}, content_type="application/pdf", description="The document."
)
def document(job_id: UUID) -> Response:
    """The document of a finished job, with its SHA-256 (Repr-Digest, RFC 9530)."""
    return downloads.document(job_id)
