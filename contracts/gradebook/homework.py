"""Homework beside its text: files, links, minutes, personal tasks; and private notes of teachers."""

from __future__ import annotations

from typing import Final

from marshmallow import validate

from contracts.gradebook.lessons import WHY_LATE, LessonId, TeacherDay
from contracts.roles import FAMILIES, JOURNAL, STUDENTS, TEACHERS
from kernel import fields
from kernel.contract import Command, Done, Interface, Rpc, View

#: The owner's name in the store of files. Files of homework are kept as long as a lesson has them.
FILES: Final = "homework"
#: Most bytes of a file.
LARGEST_FILE: Final = 20 * 1024**2
#: Most files and links of a lesson.
MOST_FILES: Final = 20
MOST_LINKS: Final = 10
LONGEST_LINK: Final = 500
#: Most minutes that homework may be expected to take.
MOST_MINUTES: Final = 600


class LinkView(View):
    """A link. Without a title its address stands for it."""

    url = fields.Str(required=True)
    title = fields.Str(required=True)


class HomeworkFileView(View):
    """A file of a lesson. What it is was found from its content."""

    id = fields.UUID(required=True)
    name = fields.Str(required=True)
    media_type = fields.Str(required=True)
    size = fields.Int(required=True, metadata={"description": "Bytes."})


class KeptFileView(HomeworkFileView):
    """A file of a lesson as staff see it: who added it and when."""

    added_by = fields.UUID(required=True, allow_none=True)
    added_at = fields.DateTime(required=True)


class RemovedFileView(KeptFileView):
    """A file that was taken away from its lesson. It can be brought back."""

    removed_by = fields.UUID(required=True, allow_none=True)
    removed_at = fields.DateTime(required=True)


class PersonalTaskView(View):
    """What one student has to do instead of the others' homework, or beside it."""

    student_id = fields.UUID(required=True)
    text = fields.Str(required=True)
    due = fields.Date(required=True)


class HomeworkView(View):
    """What a lesson's homework has beside its text. `version` is 0 before the first change."""

    lesson_id = fields.UUID(required=True)
    minutes = fields.Int(required=True, allow_none=True, metadata={"description": "That it is expected to take."})
    links = fields.List(fields.Nested(LinkView), required=True)
    files = fields.List(fields.Nested(KeptFileView), required=True)
    removed_files = fields.List(fields.Nested(RemovedFileView), required=True)
    tasks = fields.List(fields.Nested(PersonalTaskView), required=True)
    writes = fields.Bool(required=True, metadata={"description": "The caller may change it."})
    version = fields.Int(required=True)


class LessonHomeworkView(View):
    """A lesson of a day with what its homework has beside its text."""

    lesson_id = fields.UUID(required=True)
    minutes = fields.Int(required=True, allow_none=True)
    links = fields.Int(required=True, metadata={"description": "How many."})
    files = fields.Int(required=True)
    tasks = fields.Int(required=True, metadata={"description": "How many students have a task of their own."})
    next_lesson = fields.Date(
        required=True, allow_none=True, metadata={"description": "The day of the course's next lesson, if it has one."}
    )
    version = fields.Int(required=True)


class HomeworkOfDayView(View):
    """The lessons of a teacher's day."""

    lessons = fields.List(fields.Nested(LessonHomeworkView), required=True)


class LinkForm(Command):
    """A link to a page."""

    url = fields.Str(required=True, validate=validate.Length(min=1, max=LONGEST_LINK))
    title = fields.Str(load_default="", validate=validate.Length(max=200))


class PersonalTaskForm(Command):
    """A task for some students of the lesson. Without a day it is due with the homework, or at the next lesson."""

    student_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=100))
    text = fields.Str(required=True, validate=validate.Length(min=1, max=2000))
    due = fields.Date(load_default=None, allow_none=True)


class SetHomework(Command):
    """What a lesson's homework has beside its text. A field left out stays as it is; a list replaces what there was."""

    lesson_id = fields.UUID(required=True)
    minutes = fields.Int(allow_none=True, validate=validate.Range(1, MOST_MINUTES))
    links = fields.List(fields.Nested(LinkForm), validate=validate.Length(max=MOST_LINKS))
    tasks = fields.List(fields.Nested(PersonalTaskForm), validate=validate.Length(max=100))
    version = fields.Int(required=True, metadata={"description": "The version this change starts from."})
    reason = fields.Str(load_default="", validate=validate.Length(max=500), metadata=WHY_LATE)


class AddFile(Command):
    """A file that was handed in, for a lesson."""

    lesson_id = fields.UUID(required=True)
    file = fields.Str(
        required=True,
        validate=validate.Regexp(r"[0-9a-f]{64}\Z"),
        metadata={"description": "The SHA-256 of its content."},
    )
    name = fields.Str(required=True, validate=validate.Length(min=1, max=500))
    reason = fields.Str(load_default="", validate=validate.Length(max=500), metadata=WHY_LATE)


class FileId(Command):
    """One file of a lesson."""

    file_id = fields.UUID(required=True)


class StoredFileView(HomeworkFileView):
    """A file of a lesson and where its content is kept."""

    sha256 = fields.Str(required=True)


class HomeworkChangeView(View):
    """A change of what a lesson's homework has beside its text.

    `what` is `changed`, or `file-added`, `file-removed`, `file-restored` with the file's name. `minutes`, `links` and
    `tasks` are what they were after it.
    """

    version = fields.Int(required=True)
    what = fields.Str(required=True)
    file = fields.Str(required=True)
    minutes = fields.Int(required=True, allow_none=True)
    links = fields.List(fields.Nested(LinkView), required=True)
    tasks = fields.List(fields.Nested(PersonalTaskView), required=True)
    changed_by = fields.UUID(required=True, allow_none=True)
    changed_at = fields.DateTime(required=True)
    due_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "Of homework that first came with this, and late: the last day that was in time."},
    )
    reason = fields.Str(load_default="", metadata={"description": "Why it came late, where somebody said it."})


class HomeworkTextView(View):
    """A version of a lesson's topic and homework."""

    version = fields.Int(required=True)
    topic = fields.Str(required=True)
    homework = fields.Str(required=True)
    homework_due = fields.Date(required=True, allow_none=True)
    changed_by = fields.UUID(required=True, allow_none=True, metadata={"description": "Null: an import."})
    changed_at = fields.DateTime(required=True)
    due_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "Of a first topic or homework that came late: the last day on which it was in time."},
    )
    reason = fields.Str(load_default="", metadata={"description": "Why it came late, where somebody said it."})


class HomeworkHistoryView(View):
    """Who set which homework of a lesson and when, the newest first."""

    texts = fields.List(fields.Nested(HomeworkTextView), required=True)
    changes = fields.List(fields.Nested(HomeworkChangeView), required=True)


class NoteView(View):
    """The caller's private note on a lesson; empty if there is none."""

    text = fields.Str(required=True)


class SetNote(Command):
    """A private note on a lesson: only its author reads it. An empty one is deleted."""

    lesson_id = fields.UUID(required=True)
    text = fields.Str(required=True, validate=validate.Length(max=2000))


class SetDone(Command):
    """Whether the caller, a student, has done the homework of a lesson."""

    lesson_id = fields.UUID(required=True)
    done = fields.Bool(required=True)
    seen = fields.Str(
        load_default="",
        validate=validate.Length(max=32),
        metadata={"description": "`to_do` of the diary that the student saw; without it, the homework as it is now."},
    )


class Homework(Interface, service="gradebook"):
    """Homework beside its text, students' ticks, and private notes."""

    homework = Rpc(LessonId, HomeworkView, "Files, links, minutes and personal tasks of a lesson, for staff.", JOURNAL)
    homework_of_day = Rpc(
        TeacherDay, HomeworkOfDayView, "What the homework of a teacher's lessons on a date has.", JOURNAL
    )
    set_homework = Rpc(SetHomework, HomeworkView, "Change links, minutes and personal tasks of a lesson.", TEACHERS)
    add_file = Rpc(AddFile, HomeworkView, "Add a file to a lesson.", TEACHERS)
    remove_file = Rpc(FileId, HomeworkView, "Take a file away from its lesson.", TEACHERS)
    restore_file = Rpc(FileId, HomeworkView, "Bring back a file that was taken away from its lesson.", TEACHERS)
    homework_file = Rpc(
        FileId, StoredFileView, "Where a file of a lesson is kept, for whoever may see the lesson.", JOURNAL | FAMILIES
    )
    homework_history = Rpc(LessonId, HomeworkHistoryView, "Who set which homework of a lesson and when.", JOURNAL)
    note = Rpc(LessonId, NoteView, "One's own private note on a lesson.", TEACHERS)
    set_note = Rpc(SetNote, Done, "Write a private note on a lesson.", TEACHERS)
    set_done = Rpc(SetDone, Done, "Tick one's own homework as done, or take the tick back.", STUDENTS)
