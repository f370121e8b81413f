"""A school's past, from what АСУ РСО exports: report cards and period journals, looked at and taken over as marks."""

from __future__ import annotations

from typing import Final

from marshmallow import validate

from contracts.gradebook.term_marks import KINDS as KINDS_OF_MARKS
from contracts.reading import FileFaultView
from contracts.roles import METHODOLOGISTS
from kernel import fields
from kernel.contract import Command, Empty, Interface, Rpc, View

#: Most bytes of a file.
LARGEST_PAST: Final = 10 * 1024**2
SHA256: Final = validate.Regexp(r"[0-9a-f]{64}\Z", error="Not the SHA-256 of a file.")

STUDENT: Final = "student"
SUBJECT: Final = "subject"
#: Of what a file has names.
KINDS: Final = (STUDENT, SUBJECT)
#: Most names that are said at once, and the longest one.
MOST_NAMES: Final = 1000
LONGEST_NAME: Final = 200
LONGEST_DOCUMENT: Final = 200

#: How ours was found for a name of the file: of the same name, remembered from an earlier file, alike; several that it
#: may be, of which a person chooses; none.
SAME: Final = "same"
REMEMBERED: Final = "remembered"
ALIKE: Final = "alike"
SEVERAL: Final = "several"
UNKNOWN: Final = "unknown"
FOUND: Final = (SAME, REMEMBERED, ALIKE, SEVERAL, UNKNOWN)

#: What a name means: one that we have, a new one (a subject alone), nothing.
KNOWN: Final = "known"
NEW: Final = "new"
NONE: Final = "none"
MEANINGS: Final = (KNOWN, NEW, NONE)

#: What a file is: report cards with term and year marks, a journal with marks of days.
REPORT_CARDS: Final = "report-cards"
JOURNAL: Final = "journal"
FILES: Final = (REPORT_CARDS, JOURNAL)
#: The kind of a mark of a day; the others are those of term marks.
DAY: Final = "day"

#: What becomes of a mark of the file: it is added, it stands there already, another one stands there and stays.
ADDED: Final = "added"
STANDS: Final = "stands"
DIFFERS: Final = "differs"
OUTCOMES: Final = (ADDED, STANDS, DIFFERS)
#: Most marks that an answer names.
MOST_MARKS: Final = 4000


class PastNameMeans(Command):
    """What a name of the file means. One of which nothing is said means what is proposed for it, if anything is."""

    kind = fields.Str(required=True, validate=validate.OneOf(KINDS))
    name = fields.Str(required=True, validate=validate.Length(1, LONGEST_NAME))
    means = fields.Str(required=True, validate=validate.OneOf(MEANINGS))
    id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "Of the one that we have."})


class PastFile(Command):
    """A file that was handed in, whose class and year it is, and what its names mean.

    Marks of students and subjects that mean `none` are left out. A `new` subject is made when the file is taken, and so
    is the course of a subject that the class has none of in that year.
    """

    file = fields.Str(required=True, validate=SHA256, metadata={"description": "The SHA-256 of its content."})
    year_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "Null: as the file says."})
    class_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "Null: as the file says."})
    names = fields.List(fields.Nested(PastNameMeans), load_default=list, validate=validate.Length(max=MOST_NAMES))


class TakePastFile(PastFile):
    """A file that was looked at, to be taken as it was shown."""

    shown = fields.Str(required=True, metadata={"description": "The `shown` of the answer that showed it."})
    document = fields.Str(
        required=True,
        validate=[validate.Length(1, LONGEST_DOCUMENT), validate.Regexp(r"\s*\S", error="Name the document.")],
        metadata={"description": "What the marks are from, as families read it beside each of them."},
    )


class PastImportId(Command):
    """A file that was taken."""

    import_id = fields.UUID(required=True)


class PastNameView(View):
    """A name of the file, and what is proposed for it."""

    kind = fields.Str(required=True, validate=validate.OneOf(KINDS))
    name = fields.Str(required=True)
    place = fields.Str(required=True, metadata={"description": "Where the file names it first."})
    marks = fields.Int(required=True, metadata={"description": "Its marks in the file."})
    found = fields.Str(required=True, validate=validate.OneOf(FOUND))
    alike = fields.List(fields.UUID(), required=True, metadata={"description": "Ours that it may be."})
    means = fields.Str(
        required=True,
        allow_none=True,
        validate=validate.OneOf(MEANINGS),
        metadata={"description": "By what was said, else as proposed; null where somebody has to say it."},
    )
    id = fields.UUID(required=True, allow_none=True)


class PastMarkView(View):
    """A mark of the file that is added, or beside which another one stands."""

    place = fields.Str(required=True)
    student = fields.Str(required=True, metadata={"description": "By the name in the file."})
    title = fields.Str(required=True, metadata={"description": "Of its course."})
    term = fields.Str(
        required=True, metadata={"description": "The term; the last one of what is of the year; empty of a day."}
    )
    date = fields.Date(load_default=None, allow_none=True, metadata={"description": "Of a mark of a day."})
    kind = fields.Str(required=True, validate=validate.OneOf((*KINDS_OF_MARKS, DAY)))
    outcome = fields.Str(required=True, validate=validate.OneOf(OUTCOMES))
    text = fields.Str(required=True)
    present = fields.Str(required=True, allow_none=True, metadata={"description": "What stands there."})


class PastCourseView(View):
    """A course to which marks of the file belong."""

    title = fields.Str(required=True)
    is_new = fields.Bool(required=True, metadata={"description": "It is made when the file is taken."})
    students = fields.Int(required=True)
    added = fields.Int(required=True)
    stands = fields.Int(required=True)
    differs = fields.Int(required=True)


class PastCountsView(View):
    """What taking a file adds, and what it leaves."""

    added = fields.Int(required=True)
    stands = fields.Int(required=True)
    differs = fields.Int(required=True)
    left_out = fields.Int(required=True, metadata={"description": "Marks of names that mean none."})
    refused = fields.Int(required=True, metadata={"description": "Marks that cannot be taken, each with its fault."})
    courses = fields.Int(required=True, metadata={"description": "Courses that are made."})
    subjects = fields.Int(required=True, metadata={"description": "Subjects that are made."})
    lessons = fields.Int(required=True, metadata={"description": "Lessons that are made for marks of days."})
    absences = fields.Int(required=True, metadata={"description": "Absences of the file, which are not taken."})


class PastChoiceView(View):
    """Something to choose from: a person of the class, a subject."""

    id = fields.UUID(required=True)
    name = fields.Str(required=True)


class PastFileView(View):
    """What taking a file would add, and what of it cannot be taken."""

    file = fields.Str(required=True)
    refused = fields.Bool(required=True, metadata={"description": "Nothing of the file could be read."})
    what = fields.Str(
        required=True,
        allow_none=True,
        validate=validate.OneOf(FILES),
        metadata={"description": "Null of a file that is refused."},
    )
    printed_year = fields.Str(required=True, metadata={"description": "As the file says it; may be empty."})
    printed_class = fields.Str(required=True)
    year_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "Null: the school keeps no such year."}
    )
    class_id = fields.UUID(required=True, allow_none=True, metadata={"description": "Null: somebody has to say it."})
    class_name = fields.Str(required=True, metadata={"description": "Its name in that year."})
    shown = fields.Str(
        required=True, metadata={"description": "What would be added, in short: the same as long as that is the same."}
    )
    open = fields.Int(required=True, metadata={"description": "Names of which somebody has to say what they mean."})
    names = fields.List(fields.Nested(PastNameView), required=True)
    students = fields.List(fields.Nested(PastChoiceView), required=True)
    subjects = fields.List(fields.Nested(PastChoiceView), required=True)
    counts = fields.Nested(PastCountsView, required=True)
    courses = fields.List(fields.Nested(PastCourseView), required=True)
    marks = fields.List(
        fields.Nested(PastMarkView), required=True, metadata={"description": "Without those that stand; first 4000."}
    )
    faults = fields.List(fields.Nested(FileFaultView), required=True)


class TakenPastView(PastCountsView):
    """What was taken."""

    import_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "Null: there was nothing to be added."}
    )


class PastImportView(View):
    """A file that was taken, and whether that was undone."""

    id = fields.UUID(required=True)
    document = fields.Str(required=True)
    year_id = fields.UUID(required=True)
    year = fields.Str(required=True)
    class_id = fields.UUID(required=True)
    class_name = fields.Str(required=True, metadata={"description": "In that year, as the page showed it."})
    marks = fields.Int(required=True)
    taken_by = fields.UUID(required=True)
    taken_at = fields.DateTime(required=True)
    undone_by = fields.UUID(required=True, allow_none=True)
    undone_at = fields.DateTime(required=True, allow_none=True)


class PastImportsView(View):
    """The files that were taken, the last one first."""

    imports = fields.List(fields.Nested(PastImportView), required=True)


class PastImports(Interface, service="gradebook"):
    """A school's past, from files of another system."""

    read_past_file = Rpc(PastFile, PastFileView, "What taking a file of the past would add.", METHODOLOGISTS)
    take_past_file = Rpc(TakePastFile, TakenPastView, "Take a file of the past as it was shown.", METHODOLOGISTS)
    past_imports = Rpc(Empty, PastImportsView, "The files of the past that were taken.", METHODOLOGISTS)
    undo_past_import = Rpc(
        PastImportId, PastImportView, "Undo a file of the past while nothing later stands on it.", METHODOLOGISTS
    )
