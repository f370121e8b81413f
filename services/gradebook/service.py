"""The gradebook as a Nameko service: its name and its entry points."""

from __future__ import annotations

from services.gradebook.bells.entrypoints import BellsEntrypoints
from services.gradebook.bundles.entrypoints import BundlesEntrypoints
from services.gradebook.calendar.entrypoints import CalendarEntrypoints
from services.gradebook.calendar_feeds.entrypoints import CalendarFeedsEntrypoints
from services.gradebook.classrooms.entrypoints import ClassroomsEntrypoints
from services.gradebook.course_plans.entrypoints import CoursePlansEntrypoints
from services.gradebook.courses.entrypoints import (
    CoursesEntrypoints,
    GroupsEntrypoints,
    SubjectsEntrypoints,
    TermsEntrypoints,
)
from services.gradebook.day_changes.entrypoints import DayChangesEntrypoints
from services.gradebook.homework.entrypoints import HomeworkEntrypoints
from services.gradebook.journal.entrypoints import JournalEntrypoints
from services.gradebook.lessons.entrypoints import LessonsEntrypoints
from services.gradebook.load.entrypoints import LoadEntrypoints
from services.gradebook.marks.entrypoints import MarksEntrypoints
from services.gradebook.next_year.entrypoints import NextYearEntrypoints
from services.gradebook.openings.entrypoints import OpeningsEntrypoints
from services.gradebook.other_schools.entrypoints import OtherSchoolsEntrypoints
from services.gradebook.past_import.entrypoints import PastImportEntrypoints
from services.gradebook.people.entrypoints import PeopleEntrypoints
from services.gradebook.plans.entrypoints import PlansEntrypoints
from services.gradebook.policy.entrypoints import PolicyEntrypoints
from services.gradebook.sheets.entrypoints import SheetsEntrypoints
from services.gradebook.term_results.entrypoints import TermMarksEntrypoints
from services.gradebook.timetable.entrypoints import TimetableEntrypoints
from services.gradebook.timetable_import.entrypoints import TimetableImportEntrypoints
from services.gradebook.voting.entrypoints import VotingEntrypoints
from services.gradebook.weeks.entrypoints import WeeksEntrypoints


class GradebookService(
    CalendarEntrypoints,
    BellsEntrypoints,
    ClassroomsEntrypoints,
    CoursesEntrypoints,
    TermsEntrypoints,
    SubjectsEntrypoints,
    GroupsEntrypoints,
    LessonsEntrypoints,
    OpeningsEntrypoints,
    TimetableEntrypoints,
    DayChangesEntrypoints,
    HomeworkEntrypoints,
    WeeksEntrypoints,
    CalendarFeedsEntrypoints,
    TimetableImportEntrypoints,
    PlansEntrypoints,
    CoursePlansEntrypoints,
    MarksEntrypoints,
    LoadEntrypoints,
    JournalEntrypoints,
    SheetsEntrypoints,
    TermMarksEntrypoints,
    OtherSchoolsEntrypoints,
    PastImportEntrypoints,
    PeopleEntrypoints,
    PolicyEntrypoints,
    VotingEntrypoints,
    BundlesEntrypoints,
    NextYearEntrypoints,
):
    """Calendar, timetable, courses, thematic plans, lessons, homework and marks of schools."""

    name = "gradebook"
