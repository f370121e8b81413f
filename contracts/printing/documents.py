"""Print jobs and their documents."""

from __future__ import annotations

from typing import Final

from marshmallow import validate

from contracts.roles import KEEPERS, METHODOLOGISTS
from contracts.texts import FailureView
from kernel import fields
from kernel.contract import Command, Interface, Rpc, View

STATES: Final = ("waiting", "rendering", "done", "failed")
#: Whose documents are: below this name they lie in the store of files, by school.
OWNER: Final = "printing"


class OrderJournalPage(Command):
    """A course's journal page for a term, as the spread of the paper journal."""

    course_id = fields.UUID(required=True)
    term_id = fields.UUID(required=True)


class JobId(Command):
    """One print job."""

    job_id = fields.UUID(required=True)


class FindJobs(Command):
    """Print jobs of the school, newest first."""

    after = fields.UUID(load_default=None, allow_none=True)
    limit = fields.Int(load_default=50, validate=validate.Range(1, 200))


class PrintJobView(View):
    """A print job and, once `done`, its document. `failure_text`: the template of `failure` with its parameters."""

    id = fields.UUID(required=True)
    title = fields.Str(required=True)
    state = fields.Str(required=True, validate=validate.OneOf(STATES))
    progress = fields.Int(required=True, metadata={"description": "Percent."}, validate=validate.Range(0, 100))
    failure = fields.Str(required=True, allow_none=True)
    failure_text = fields.Nested(FailureView, load_default=None, allow_none=True)
    ordered_by = fields.UUID(required=True)
    ordered_at = fields.DateTime(required=True)
    finished_at = fields.DateTime(required=True, allow_none=True)
    pages = fields.Int(required=True, allow_none=True)
    size = fields.Int(required=True, allow_none=True, metadata={"description": "Bytes."})
    sha256 = fields.Str(required=True, allow_none=True)


class OrderedPrintView(PrintJobView):
    """The job that prints what was ordered."""

    existed = fields.Bool(
        load_default=False,
        metadata={"description": "It was ordered before: it prints, or has printed, the very same."},
    )


class PrintJobsView(View):
    """A page of print jobs; `next` is the `after` of the next page."""

    jobs = fields.List(fields.Nested(PrintJobView), required=True)
    next = fields.UUID(required=True, allow_none=True)


class DocumentView(View):
    """A finished document, as the store of files has it (`kernel.files.store`: of `OWNER`, by school and SHA-256)."""

    title = fields.Str(required=True)
    size = fields.Int(required=True, metadata={"description": "Bytes."})
    sha256 = fields.Str(required=True)


class Documents(Interface, service="printing"):
    """Printed journal pages."""

    order_journal_page = Rpc(
        OrderJournalPage,
        OrderedPrintView,
        "Order a journal page as PDF, or find the order that prints the same; by the methodologist (clause 4.2).",
        METHODOLOGISTS,
    )
    job = Rpc(JobId, PrintJobView, "State of a print job.", KEEPERS)
    jobs = Rpc(
        FindJobs, PrintJobsView, "Print jobs of the school, for the methodologist and the administration.", KEEPERS
    )
    document = Rpc(JobId, DocumentView, "Where a finished document is kept.", KEEPERS)
