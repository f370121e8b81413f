"""A year's timetable taken from a file that a school has: a spreadsheet, an export of aSc Timetables, a FET project."""

from __future__ import annotations

from typing import Final

from marshmallow import validate

from contracts.gradebook.timetable import CLASHES, WEEKS
from contracts.reading import FileFaultView
from contracts.roles import METHODOLOGISTS
from contracts.texts import FailureView
from kernel import fields
from kernel.contract import Command, Interface, Rpc, View

#: Most bytes of a file of a timetable.
LARGEST_TIMETABLE: Final = 10 * 1024**2
SHA256: Final = validate.Regexp(r"[0-9a-f]{64}\Z", error="Not the SHA-256 of a file.")

CLASS: Final = "class"
SUBJECT: Final = "subject"
TEACHER: Final = "teacher"
CLASSROOM: Final = "classroom"
#: Of what a file has names.
KINDS: Final = (CLASS, SUBJECT, TEACHER, CLASSROOM)
#: Most names of a kind, and the longest name, that a file may have.
MOST_NAMES: Final = 500
LONGEST_NAME: Final = 200

#: How ours was found for a name of the file: of the same name, remembered from an earlier file, alike; several that are
#: alike, none.
SAME: Final = "same"
REMEMBERED: Final = "remembered"
ALIKE: Final = "alike"
SEVERAL: Final = "several"
UNKNOWN: Final = "unknown"
#: Of a class in another year than the present one: none is called so in that year, and none is made for it.
NOT_THEN: Final = "not-then"
FOUND: Final = (SAME, REMEMBERED, ALIKE, SEVERAL, UNKNOWN, NOT_THEN)

#: What a name means: one that we have, a new one, nothing.
KNOWN: Final = "known"
NEW: Final = "new"
NONE: Final = "none"
MEANINGS: Final = (KNOWN, NEW, NONE)

#: What becomes of an entry of the timetable.
ADDED: Final = "added"
CHANGED: Final = "changed"
DROPPED: Final = "dropped"
CHANGES: Final = (ADDED, CHANGED, DROPPED)
#: In what lessons fall together, and what is none of it: one subject of two classes in one room or by one teacher.
TOGETHER: Final = "together"
FALLING: Final = (*CLASHES, TOGETHER)
#: Most entries that an answer names.
MOST_CHANGES: Final = 4000

#: Where the number of a group goes in the name of it.
NUMBER: Final = "{number}"


class NameMeans(Command):
    """What a name of the file means. A name of which nothing is said means what is proposed for it, if anything is."""

    kind = fields.Str(required=True, validate=validate.OneOf(KINDS))
    name = fields.Str(required=True, validate=validate.Length(1, LONGEST_NAME))
    means = fields.Str(required=True, validate=validate.OneOf(MEANINGS))
    id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "Of the one that we have."})


class TimetableFile(Command):
    """A file that was handed in, and what its names mean: from a day on it is the whole timetable of its classes.

    A subject or classroom that is `new` is made when the file is taken; a class or a teacher has to be made before.
    Lessons of a class or subject that means `none` are left out, and such a class keeps its week; those whose teacher
    or classroom means `none` have none.
    """

    year_id = fields.UUID(required=True)
    file = fields.Str(required=True, validate=SHA256, metadata={"description": "The SHA-256 of its content."})
    from_date = fields.Date(required=True)
    names = fields.List(
        fields.Nested(NameMeans), load_default=list, validate=validate.Length(max=MOST_NAMES * len(KINDS))
    )
    unknown_is_new = fields.Bool(
        load_default=False,
        metadata={"description": "Names like none of ours, of which nothing is said, are new; but for teachers."},
    )
    teachers_are_new = fields.Bool(
        load_default=False,
        metadata={
            "description": "Of teachers like none of ours, of whom nothing is said, those are new whose name is "
            "understood and who are nobody else of the file."
        },
    )
    group_name = fields.Str(
        load_default=NUMBER,
        validate=[validate.Length(max=30), validate.Regexp(r".*\{number\}", error="Say where the number goes.")],
        metadata={"description": "How a group is called that the file only numbers, such as `group {number}`."},
    )


class TakeTimetableFile(TimetableFile):
    """A file that was looked at, to be taken as it was shown."""

    version = fields.Int(required=True, metadata={"description": "The version of the timetable it was shown for."})
    bells_version = fields.Int(
        load_default=None,
        allow_none=True,
        metadata={"description": "To take the file's bells, too: the version of the bells they were shown for."},
    )
    bells_title = fields.Str(
        load_default="Bells of a file",
        validate=validate.Length(1, 100),
        metadata={"description": "What bells of days that have none yet are called."},
    )


class FilePersonView(View):
    """A person's name, as far as the file says it: given name and patronymic may be initials."""

    family_name = fields.Str(required=True)
    given_name = fields.Str(required=True)
    patronymic = fields.Str(required=True)


class FileNameView(View):
    """A name of the file, and what is proposed for it."""

    kind = fields.Str(required=True, validate=validate.OneOf(KINDS))
    name = fields.Str(required=True)
    place = fields.Str(required=True, metadata={"description": "Where the file names it first."})
    lessons = fields.Int(required=True, metadata={"description": "Lessons a week that name it."})
    found = fields.Str(required=True, validate=validate.OneOf(FOUND))
    alike = fields.List(fields.UUID(), required=True, metadata={"description": "Ours that it may be."})
    means = fields.Str(
        required=True,
        allow_none=True,
        validate=validate.OneOf(MEANINGS),
        metadata={"description": "By what was said, else as proposed; null where somebody has to say it."},
    )
    id = fields.UUID(required=True, allow_none=True)
    #: These are missing from an older version.
    person = fields.Nested(
        FilePersonView,
        load_default=None,
        allow_none=True,
        metadata={"description": "Of a teacher; null where it is not understood which word is the family name."},
    )
    may_be = fields.List(
        fields.Str(),
        load_default=list,
        metadata={"description": "Other names of the file that may be the same teacher's."},
    )
    idle = fields.Bool(
        load_default=False,
        metadata={"description": "Only lessons of classes that are left out have it: nothing is made of it."},
    )


class NewCourseView(View):
    """A course to be made, as there is none of the subject for the class or group yet."""

    title = fields.Str(required=True)
    class_name = fields.Str(required=True)
    subject = fields.Str(required=True)
    group_name = fields.Str(required=True)
    teacher_ids = fields.List(fields.UUID(), required=True)
    new_teachers = fields.List(
        fields.Str(), load_default=list, metadata={"description": "Teachers to be made, by their names in the file."}
    )


class PlaceInWeekView(View):
    """Where a lesson of the week is held, and by whom. Without `teacher_id`: by the course's teachers."""

    classroom = fields.Str(required=True)
    teacher_id = fields.UUID(required=True, allow_none=True)
    new_teacher = fields.Str(
        load_default="", metadata={"description": "A teacher to be made holds it: the name in the file."}
    )


class EntryChangeView(View):
    """What becomes of a course's lesson in the week: where it was, and where it will be."""

    change = fields.Str(required=True, validate=validate.OneOf(CHANGES))
    title = fields.Str(required=True)
    class_name = fields.Str(required=True)
    weekday = fields.Int(required=True)
    number = fields.Int(required=True)
    week = fields.Str(required=True)
    before = fields.Nested(PlaceInWeekView, required=True, allow_none=True)
    after = fields.Nested(PlaceInWeekView, required=True, allow_none=True)


class KeptClassroomView(View):
    """A lesson of the week that keeps its classroom, as the file says none."""

    title = fields.Str(required=True)
    class_name = fields.Str(required=True)
    weekday = fields.Int(required=True)
    number = fields.Int(required=True)
    week = fields.Str(required=True)
    classroom = fields.Str(required=True)


class ClassCountView(View):
    """What becomes of the lessons a week of a class that the file names."""

    class_name = fields.Str(required=True)
    added = fields.Int(required=True)
    changed = fields.Int(required=True)
    dropped = fields.Int(required=True)
    staying = fields.Int(required=True)


class ClashCountView(View):
    """How many pairs of lessons would fall together, by what they have in common.

    `together`: lessons of one subject in one classroom or by one teacher, which classes have together.
    """

    clash = fields.Str(required=True, validate=validate.OneOf(FALLING))
    count = fields.Int(required=True)


class FallingView(View):
    """Two lessons a week that would fall together, and what they have in common."""

    clash = fields.Str(required=True, validate=validate.OneOf(FALLING))
    weekday = fields.Int(required=True)
    number = fields.Int(required=True)
    other_number = fields.Int(
        required=True, metadata={"description": "That of the other one; different where two shifts overlap."}
    )
    week = fields.Str(
        required=True,
        validate=validate.OneOf(WEEKS),
        metadata={"description": "Empty: every week; 1: in odd weeks alone; 2: in even ones."},
    )
    titles = fields.List(fields.Str(), required=True, metadata={"description": "Of their courses."})
    classroom = fields.Str(required=True, metadata={"description": "In common; empty: it is something else."})
    teacher_ids = fields.List(fields.UUID(), required=True)
    new_teachers = fields.List(
        fields.Str(), required=True, metadata={"description": "Teachers to be made, by their names in the file."}
    )


class ImportCountsView(View):
    """What a file would make, and what it leaves open."""

    courses = fields.Int(required=True, metadata={"description": "Courses that are made."})
    subjects = fields.Int(required=True)
    classrooms = fields.Int(required=True)
    new_classes = fields.Int(required=True, metadata={"description": "Classes that have to be made first."})
    new_teachers = fields.Int(load_default=0, metadata={"description": "Teachers who have to be made first."})
    teachers_joining = fields.Int(required=True, metadata={"description": "Teachers who join courses there are."})
    added = fields.Int(required=True)
    changed = fields.Int(required=True)
    dropped = fields.Int(required=True)
    staying = fields.Int(required=True)
    left_out = fields.Int(required=True, metadata={"description": "Lessons of classes and subjects that mean none."})
    without_teacher = fields.Int(required=True, metadata={"description": "Lessons a week that nobody holds."})
    without_classroom = fields.Int(required=True)
    kept_classrooms = fields.Int(
        load_default=0, metadata={"description": "Lessons a week that keep their classroom, as the file says none."}
    )
    unplaced = fields.Str(required=True, metadata={"description": "Hours a week to which the file gives no time."})


class FileBellView(View):
    """Begin and end of a lesson of the day, before and after; null where no bell rings."""

    number = fields.Int(required=True)
    before_starts = fields.Str(required=True, allow_none=True)
    before_ends = fields.Str(required=True, allow_none=True)
    starts = fields.Str(required=True, allow_none=True)
    ends = fields.Str(required=True, allow_none=True)


class FileBellScheduleView(View):
    """Bells of the first shift that the file would change, of all weekdays or of some."""

    title = fields.Str(required=True)
    weekdays = fields.List(fields.Int(), required=True, metadata={"description": "ISO weekdays; empty for all."})
    bells = fields.List(fields.Nested(FileBellView), required=True)


class FileBellsView(View):
    """What taking the bells of a file would change from the same day on, unless there are faults."""

    version = fields.Int(required=True, metadata={"description": "The version of the year's bells and calendar."})
    kept = fields.Bool(required=True, metadata={"description": "The year has bells already."})
    schedules = fields.List(fields.Nested(FileBellScheduleView), required=True)
    faults = fields.List(fields.Nested(FailureView), required=True)


class TimetableFaultView(FileFaultView):
    """What could not be read of a file, and the lesson of the week at that place, if there is one.

    Whoever takes the file puts it right by hand in the week of the class.
    """

    #: These are missing from an older version.
    class_name = fields.Str(load_default="")
    class_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "Null where the class is not there yet."}
    )
    weekday = fields.Int(load_default=None, allow_none=True)
    number = fields.Int(load_default=None, allow_none=True)


class TimetableFileView(View):
    """What a file would change of a year's timetable from a day on, and what of it cannot be read."""

    year_id = fields.UUID(required=True)
    file = fields.Str(required=True)
    from_date = fields.Date(required=True)
    version = fields.Int(required=True)
    refused = fields.Bool(required=True, metadata={"description": "Nothing of the file could be read."})
    open = fields.Int(required=True, metadata={"description": "Names of which somebody has to say what they mean."})
    names = fields.List(fields.Nested(FileNameView), required=True)
    counts = fields.Nested(ImportCountsView, required=True)
    classes = fields.List(fields.Nested(ClassCountView), required=True)
    courses = fields.List(fields.Nested(NewCourseView), required=True)
    changes = fields.List(fields.Nested(EntryChangeView), required=True, metadata={"description": "The first 4000."})
    #: Missing from an older version.
    kept = fields.List(fields.Nested(KeptClassroomView), load_default=list, metadata={"description": "The first 4000."})
    clashes = fields.List(fields.Nested(ClashCountView), required=True)
    #: Missing from an older version.
    falling = fields.List(
        fields.Nested(FallingView),
        load_default=list,
        metadata={"description": "What `clashes` counts, in the order of the week; the first 4000."},
    )
    faults = fields.List(fields.Nested(TimetableFaultView), required=True)
    bells = fields.Nested(
        FileBellsView, load_default=None, allow_none=True, metadata={"description": "Null: the file has no bells."}
    )


class TakenTimetableView(ImportCountsView):
    """What was taken. Lessons are laid in the background."""

    year_id = fields.UUID(required=True)
    version = fields.Int(required=True)
    bells = fields.Bool(load_default=False, metadata={"description": "The bells were changed."})


class TimetableImport(Interface, service="gradebook"):
    """Timetables from files."""

    read_timetable_file = Rpc(
        TimetableFile, TimetableFileView, "What a file would change of a year's timetable.", METHODOLOGISTS
    )
    take_timetable_file = Rpc(
        TakeTimetableFile, TakenTimetableView, "Take a file of a timetable as it was shown.", METHODOLOGISTS
    )
