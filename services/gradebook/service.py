"""The gradebook as a Nameko service: its name and its entry points."""

from __future__ import annotations

from services.gradebook.bundles.entrypoints import BundlesEntrypoints
from services.gradebook.calendar.entrypoints import CalendarEntrypoints
from services.gradebook.courses.entrypoints import CoursesEntrypoints
from services.gradebook.journal.entrypoints import JournalEntrypoints
from services.gradebook.lessons.entrypoints import LessonsEntrypoints
from services.gradebook.marks.entrypoints import MarksEntrypoints
from services.gradebook.people.entrypoints import PeopleEntrypoints
from services.gradebook.policy.entrypoints import PolicyEntrypoints


class GradebookService(
    CalendarEntrypoints,
    CoursesEntrypoints,
    LessonsEntrypoints,
    MarksEntrypoints,
    JournalEntrypoints,
    PeopleEntrypoints,
    PolicyEntrypoints,
    BundlesEntrypoints,
):
    """Calendar, courses, lessons, homework and marks of schools."""

    name = "gradebook"
