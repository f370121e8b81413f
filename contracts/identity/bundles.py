"""Imports of OneRoster bundles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from marshmallow import validate

from contracts.identity.schools import SchoolView
from contracts.roles import METHODOLOGISTS, OPERATORS
from contracts.texts import TextView
from kernel import fields
from kernel.contract import MANY, Command, Done, Event, Interface, Rpc, View, only
from kernel.jobs import JobChanged, JobView

#: Stages of an import.
CHECKING: Final = "checking"
PEOPLE: Final = "people"
GRADES: Final = "grades"
#: Stages of undoing one: both look what stands in the way; the gradebook undoes its part, then identity its own.
LOOKING: Final = "looking"
UNDOING_GRADES: Final = "undoing-grades"
UNDOING_PEOPLE: Final = "undoing-people"
#: Days for which an import can be undone.
UNDO_DAYS: Final = 30
#: Most bytes of a bundle: that of a large district, packed.
LARGEST_BUNDLE: Final = 64 * 1024 * 1024


def first_day(since: date, until: date | None, before: date | None, today: date, *, known: bool) -> date:
    """When an enrolment or membership began of which a bundle does not say it (OneRoster 1.1: beginDate is optional).

    `since` is the first day of its class or course. One that is known keeps its day, `before`. One that appears where
    others of its year were known came today, not when the year began: only the first bundle of a year means that. It
    began at the latest on the day of its end, `until`.
    """
    if before is not None:
        return before
    first = max(since, today) if known else since
    return min(first, until or first)


class StartImport(Command):
    """A OneRoster bundle. A methodologist's holds the own school only; an operator's may hold several.

    `bundle` is the SHA-256 of a zip that the store of files has taken for the caller's school.
    """

    file_name = fields.Str(load_default="bundle.zip", validate=validate.Length(1, 200))
    bundle = fields.Str(required=True, validate=validate.Regexp("^[0-9a-f]{64}$"))
    dry_run = fields.Bool(load_default=False)
    time_zone = fields.Str(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 64),
        metadata={"description": "Of schools that the import makes, since no bundle names one: Asia/Kamchatka."},
    )


class ImportId(Command):
    """One import."""

    import_id = fields.UUID(required=True)


class ImportFaultView(View):
    """One fault of a bundle. `text` is the template of `message` with its parameters; older faults have none.

    `left_out`: the row or the cell alone was left out, and the rest was taken.
    """

    file = fields.Str(required=True)
    line = fields.Int(required=True, allow_none=True)
    field = fields.Str(required=True, allow_none=True)
    rule = fields.Str(required=True)
    message = fields.Str(required=True)
    text = fields.Nested(TextView, load_default=None, allow_none=True)
    left_out = fields.Bool(load_default=False)


class CountView(View):
    """What an import did to one kind of thing."""

    kind = fields.Str(required=True)
    created = fields.Int(required=True)
    changed = fields.Int(required=True)
    unchanged = fields.Int(required=True)
    removed = fields.Int(required=True)


class QuestionView(View):
    """What an import would end or replace: more than happens from one bundle to the next."""

    people = fields.Int(required=True)
    classes = fields.Int(required=True)
    enrolments = fields.Int(required=True)
    replaced = fields.Int(required=True, metadata={"description": "People who would leave while namesakes come."})
    name = fields.Str(required=True, allow_none=True, metadata={"description": "The school's new name."})


class ConfirmImport(Command):
    """The numbers that somebody has seen and confirms."""

    import_id = fields.UUID(required=True)
    people = fields.Int(required=True)
    classes = fields.Int(required=True)
    enrolments = fields.Int(required=True)
    replaced = fields.Int(required=True)


class UndoneView(View):
    """What undoing an import does to one kind of thing."""

    kind = fields.Str(required=True)
    gone = fields.Int(required=True, metadata={"description": "What it created goes away, or ends."})
    restored = fields.Int(required=True, metadata={"description": "What it changed or ended is as before."})


class ObstacleView(View):
    """What stands in the way of undoing an import: how much of it, and the first of it by name."""

    rule = fields.Str(required=True)
    number = fields.Int(required=True)
    names = fields.List(fields.Str(), required=True)
    message = fields.Str(required=True)
    text = fields.Nested(TextView, load_default=None, allow_none=True)


class UndoView(View):
    """The last attempt to undo an import.

    It is `looking` what stands in the way; then `refused`, or `asking` for a confirmation of what it would do. Then it
    is `undoing`, and `done`, `refused` (something came in the way meanwhile; everything is as it was) or `failed`.
    """

    status = fields.Str(
        required=True, validate=validate.OneOf(("looking", "asking", "refused", "undoing", "done", "failed"))
    )
    job = fields.Nested(JobView, required=True)
    asked_at = fields.DateTime(required=True)
    finished_at = fields.DateTime(required=True, allow_none=True)
    by = fields.UUID(
        required=True, allow_none=True, metadata={"description": "The person who asked; null for an operator."}
    )
    counts = fields.List(fields.Nested(UndoneView), required=True)
    obstacles = fields.List(fields.Nested(ObstacleView), required=True)


class ImportView(View):
    """An import: `waiting`, `checking`, `writing`, then `done`, `rejected` (faults, nothing written) or `failed`.

    One that would end or replace much is `asking` until somebody confirms the numbers of its `question`; a dry run only
    tells it. One that somebody stopped is `stopped`: what was written stays, and it can be resumed. `job` says how far
    it is, with the stages `checking`, `people` and `grades`.
    """

    id = fields.UUID(required=True)
    status = fields.Str(
        required=True,
        validate=validate.OneOf(("waiting", "checking", "asking", "writing", "stopped", "done", "rejected", "failed")),
    )
    job = fields.Nested(JobView, required=True)
    version = fields.Int(required=True, metadata={"description": "Grows with every change; the ETag."})
    question = fields.Nested(QuestionView, load_default=None, allow_none=True)
    dry_run = fields.Bool(required=True)
    file_name = fields.Str(required=True)
    started_at = fields.DateTime(required=True)
    finished_at = fields.DateTime(required=True, allow_none=True)
    schools = fields.List(fields.Nested(SchoolView), required=True)
    counts = fields.List(fields.Nested(CountView), required=True)
    faults = fields.List(fields.Nested(ImportFaultView), required=True)
    #: Empty from an older version of identity, which does not send them.
    remarks = fields.List(
        fields.Nested(ImportFaultView),
        load_default=list,
        metadata={
            "description": "What is odd and was imported all the same, such as Latin letters in a Cyrillic name."
        },
    )
    undo_until = fields.DateTime(
        load_default=None,
        allow_none=True,
        metadata={"description": "Until when it can be undone; null where there is nothing to undo."},
    )
    undo = fields.Nested(UndoView, load_default=None, allow_none=True)


class FindImports(Command):
    """Imports that the caller may see, newest first."""

    after = fields.UUID(load_default=None, allow_none=True)
    limit = fields.Int(load_default=20, validate=validate.Range(1, 100))


class ImportSummaryView(View):
    """One import in a list; its faults are counted."""

    id = fields.UUID(required=True)
    status = fields.Str(required=True)
    dry_run = fields.Bool(required=True)
    file_name = fields.Str(required=True)
    started_at = fields.DateTime(required=True)
    finished_at = fields.DateTime(required=True, allow_none=True)
    faults = fields.Int(required=True)
    undo_until = fields.DateTime(load_default=None, allow_none=True)
    undone_at = fields.DateTime(load_default=None, allow_none=True)
    undone_by = fields.UUID(load_default=None, allow_none=True)


class ImportsView(View):
    """A page of imports; `next` is the `after` of the next page."""

    imports = fields.List(fields.Nested(ImportSummaryView), required=True)
    next = fields.UUID(required=True, allow_none=True)


class ImportPart(Command):
    """A page of an import's rows for the gradebook, in the school of the call."""

    import_id = fields.UUID(required=True)
    kind = fields.Str(
        required=True,
        validate=validate.OneOf(("sessions", "subjects", "courses", "members", "kinds", "works", "marks")),
    )
    page = fields.Int(load_default=0, validate=validate.Range(0))


class ImportPartView(View):
    """Rows of one kind (see services/identity/README.md for their members) and whether there are more pages."""

    rows = fields.List(fields.Dict(), required=True)
    more = fields.Bool(required=True)


class ImportProgress(Command):
    """How far the gradebook is with a school's part of an import, in marks."""

    import_id = fields.UUID(required=True)
    done = fields.Int(required=True, validate=validate.Range(0))
    total = fields.Int(required=True, validate=validate.Range(0))


class LeftOut(Command):
    """A row of a bundle that the gradebook cannot keep; `text` says why, as `kernel.texts.Text.to_wire` writes it."""

    file = fields.Str(required=True)
    line = fields.Int(required=True, allow_none=True)
    field = fields.Str(required=True)
    rule = fields.Str(required=True)
    text = fields.Dict(required=True)


class ImportLeftOut(Command):
    """What the gradebook leaves out of a school's part of an import."""

    import_id = fields.UUID(required=True)
    faults = fields.List(fields.Nested(LeftOut), required=True, validate=validate.Length(max=MANY + 1))


class GoesOnView(View):
    """Whether the import goes on; if not, somebody asked to stop it."""

    goes_on = fields.Bool(required=True)


class Bundles(Interface, service="identity"):
    """Imports of bundles."""

    start_import = Rpc(
        StartImport, ImportView, "Check and import a OneRoster bundle, in the background.", METHODOLOGISTS | OPERATORS
    )
    imports = Rpc(
        FindImports,
        ImportsView,
        "Imports of the school, or of all for an operator, newest first.",
        METHODOLOGISTS | OPERATORS,
    )
    import_status = Rpc(ImportId, ImportView, "State and result of an import.", METHODOLOGISTS | OPERATORS)
    stop_import = Rpc(
        ImportId,
        ImportView,
        "Stop an import at its next step; what was written stays, and it can be resumed.",
        METHODOLOGISTS | OPERATORS,
    )
    resume_import = Rpc(ImportId, ImportView, "Resume an import where it was stopped.", METHODOLOGISTS | OPERATORS)
    confirm_import = Rpc(
        ConfirmImport,
        ImportView,
        "Confirm what an import would end or replace, by its numbers; it goes on then.",
        METHODOLOGISTS | OPERATORS,
    )
    undo_import = Rpc(
        ImportId,
        ImportView,
        "Look what undoing an import would do and what stands in its way; it asks for a confirmation then.",
        METHODOLOGISTS | OPERATORS,
    )
    confirm_undo = Rpc(
        ImportId,
        ImportView,
        "Confirm that an import is undone, all of it or nothing.",
        METHODOLOGISTS | OPERATORS,
    )
    import_progress = Rpc(
        ImportProgress,
        GoesOnView,
        "Note how far the gradebook is with an import; for that service only.",
        only("gradebook"),
    )
    import_left_out = Rpc(
        ImportLeftOut,
        Done,
        "Note what the gradebook leaves out of an import; for that service only.",
        only("gradebook"),
    )
    import_part = Rpc(
        ImportPart, ImportPartView, "Rows of an import for the gradebook; for that service only.", only("gradebook")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMoved(JobChanged):
    """An import went a step further, was stopped, resumed or ended. Its job has the import's id."""

    SERVICE = "identity"
    NAME = "import_moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleImported(Event):
    """Identity wrote its part of a bundle for one school. The gradebook can fetch its own part."""

    SERVICE = "identity"
    NAME = "bundle_imported"
    AGGREGATE = "import_id"

    import_id: UUID
    dry_run: bool


#: What the gradebook is to do: see what stands in the way; undo its part; put that back; forget what it kept for it.
LOOK: Final = "look"
UNDO: Final = "undo"
PUT_BACK: Final = "put-back"
FORGET: Final = "forget"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUndoCalled(Event):
    """The gradebook is to take a step of undoing an import in one school: `look`, `undo`, `put-back` or `forget`.

    It answers the first two. What it has undone it keeps until it is told to put it back or to forget it.
    """

    SERVICE = "identity"
    NAME = "import_undo_called"
    AGGREGATE = "import_id"

    import_id: UUID
    undo_id: UUID
    step: str
