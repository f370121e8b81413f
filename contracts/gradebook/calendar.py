"""Academic years: their terms, holidays, moved and short days, the weeks of the grades."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Final, TypeVar

from marshmallow import validate

from contracts.reading import FileFaultView
from contracts.roles import KEEPERS, MEMBERS, METHODOLOGISTS
from kernel import fields
from kernel.contract import Command, Empty, Interface, Rpc, View

#: The ways to divide a year into terms. A school has several at once: half-years in grades 10 and 11, quarters below.
QUARTERS: Final = "quarters"
TRIMESTERS: Final = "trimesters"
MODULES: Final = "modules"
HALF_YEARS: Final = "half-years"
WHOLE_YEAR: Final = "year"
DIVISIONS: Final = (QUARTERS, TRIMESTERS, MODULES, HALF_YEARS, WHOLE_YEAR)

#: The grades of a school.
GRADES: Final = range(1, 12)
#: The first grade that goes by half-years, if nothing else is said.
SENIOR: Final = 10
#: The school days of a week.
FIVE_DAYS: Final = 5
SIX_DAYS: Final = 6

#: What days off are: holidays of the school, a public holiday, closed for another reason, such as a quarantine.
HOLIDAYS: Final = "holidays"
PUBLIC: Final = "public"
CLOSED: Final = "closed"
DAYS_OFF: Final = (HOLIDAYS, PUBLIC, CLOSED)
#: What else a day is: a school day, one of shortened lessons, one taught by another weekday's timetable, a day outside
#: of the week of the grade, a day outside of its terms.
SCHOOL: Final = "school"
SHORT: Final = "short"
MOVED: Final = "moved"
WEEKEND: Final = "weekend"
OUTSIDE: Final = "outside"
STATES: Final = (SCHOOL, SHORT, MOVED, WEEKEND, OUTSIDE, *DAYS_OFF)

#: What was changed: the year itself, its terms, the weeks of grades, days, bells, classes of the second shift.
CHANGES: Final = ("year", "terms", "grades", "days", "bells", "shifts")
#: What becomes of days by a file.
ADDED: Final = "added"
REPLACED: Final = "replaced"
GONE: Final = "gone"
SAME: Final = "same"

#: Most bytes of a file of days.
LARGEST_DAYS_FILE: Final = 1024 * 1024
#: Most terms of a division, and days changed at once.
MOST_TERMS: Final = 12
MOST_DAYS: Final = 400

Term = TypeVar("Term")
#: A date, or the text of one (ISO 8601).
Day = TypeVar("Day", date, str)

DIVISION: Final = (
    "The division of the year, by whose terms courses go: `quarters`, `trimesters`, `modules`, `half-years` or `year`; "
    "with `:2` and so on where a year has several of a kind. Empty where no import has said it."
)


class SpanView(View):
    """Days of a year, the first and the last one included."""

    id = fields.UUID(required=True)
    title = fields.Str(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class TermView(SpanView):
    """A term: a quarter, half-year or trimester."""

    division = fields.Str(load_default="", metadata={"description": DIVISION})


class YearView(SpanView):
    """An academic year with its terms, those of all its divisions."""

    terms = fields.List(fields.Nested(TermView), required=True)


class CalendarView(View):
    """The school's academic years, newest first."""

    years = fields.List(fields.Nested(YearView), required=True)


class OfGrades(Command):
    """Something for some grades, or for all."""

    grades = fields.List(
        fields.Int(validate=validate.Range(GRADES[0], GRADES[-1])),
        load_default=list,
        metadata={"description": "For whom; empty for all grades."},
    )


class YearId(Command):
    """One academic year."""

    year_id = fields.UUID(required=True)


class TermCountView(View):
    """School days of a term, and weeks of as many school days as the grade has in a week, to one decimal."""

    term_id = fields.UUID(required=True)
    days = fields.Int(required=True)
    weeks = fields.Str(required=True)


class GradeView(View):
    """By which terms a grade goes, its week, and how many school days and weeks the year and each term have for it."""

    grade = fields.Int(required=True)
    division = fields.Str(required=True, metadata={"description": DIVISION})
    days_a_week = fields.Int(required=True, metadata={"description": "5 or 6."})
    said = fields.Bool(required=True, metadata={"description": "False where the school has not said it: as is usual."})
    terms = fields.List(fields.Nested(TermCountView), required=True)
    days = fields.Int(required=True)
    weeks = fields.Str(required=True)


class DayOffView(View):
    """Days without lessons, both included."""

    id = fields.UUID(required=True)
    kind = fields.Str(required=True, metadata={"description": "`holidays`, `public` or `closed`."})
    name = fields.Str(required=True)
    first = fields.Date(required=True)
    last = fields.Date(required=True)
    grades = fields.List(fields.Int(), required=True)


class ShortDayView(View):
    """A day of shortened lessons."""

    id = fields.UUID(required=True)
    date = fields.Date(required=True)
    grades = fields.List(fields.Int(), required=True)


class MovedDayView(ShortDayView):
    """A day taught by the timetable of an ISO weekday."""

    weekday = fields.Int(required=True)


class DayOfGradesView(View):
    """What a day is for some grades, or for all (`grades` empty)."""

    state = fields.Str(
        required=True,
        metadata={
            "description": "`school`, `short`, `moved`, `weekend`, `outside` the terms, `holidays`, `public`, `closed`."
        },
    )
    name = fields.Str(required=True)
    weekday = fields.Int(required=True, allow_none=True)
    grades = fields.List(fields.Int(), required=True)


class RunView(View):
    """Days in a row that are the same, both included."""

    first = fields.Date(required=True)
    last = fields.Date(required=True)
    told = fields.List(fields.Nested(DayOfGradesView), required=True)


class EnteredTermView(TermView):
    """A term, and whether a person entered it; else an import brought it, and the next one sets it again."""

    by_hand = fields.Bool(required=True)


class ScheduleView(SpanView):
    """The calendar schedule of a year. A change sends `version` back: two people do not overwrite each other."""

    version = fields.Int(required=True)
    terms = fields.List(fields.Nested(EnteredTermView), required=True)
    grades = fields.List(fields.Nested(GradeView), required=True)
    days_off = fields.List(fields.Nested(DayOffView), required=True)
    moved_days = fields.List(fields.Nested(MovedDayView), required=True)
    short_days = fields.List(fields.Nested(ShortDayView), required=True)
    days = fields.List(
        fields.Nested(RunView),
        required=True,
        metadata={"description": "Every day of the year, those in a row that are the same together."},
    )


class MakeYear(Command):
    """A new academic year."""

    title = fields.Str(required=True, validate=validate.Length(1, 100))
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class ChangeYear(MakeYear):
    """Another title, first or last day of a year."""

    year_id = fields.UUID(required=True)
    version = fields.Int(required=True, metadata={"description": "The version this change starts from."})


class GivenTerm(Command):
    """A term; with the `id` of one that is there, that one changed."""

    id = fields.UUID(load_default=None, allow_none=True)
    title = fields.Str(required=True, validate=validate.Length(1, 100))
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class SetTerms(Command):
    """The terms of one division of a year, in place of its present ones; without any, the division is no more."""

    year_id = fields.UUID(required=True)
    division = fields.Str(
        required=True,
        validate=validate.Regexp(rf"({'|'.join(DIVISIONS)})(:[2-9])?\Z|\Z", error="Not a division of the year."),
        metadata={"description": DIVISION},
    )
    terms = fields.List(fields.Nested(GivenTerm), required=True, validate=validate.Length(max=MOST_TERMS))
    version = fields.Int(required=True, metadata={"description": "The version this change starts from."})


class GivenGrade(Command):
    """By which terms a grade goes, as is usual where `division` is empty, and how many days its week has."""

    grade = fields.Int(required=True, validate=validate.Range(GRADES[0], GRADES[-1]))
    division = fields.Str(load_default="", validate=validate.Length(max=40))
    days_a_week = fields.Int(required=True, validate=validate.OneOf((FIVE_DAYS, SIX_DAYS)))


class SetGrades(Command):
    """Terms and weeks of grades, in place of whatever was said of any grade."""

    year_id = fields.UUID(required=True)
    grades = fields.List(fields.Nested(GivenGrade), required=True, validate=validate.Length(max=len(GRADES)))
    version = fields.Int(required=True, metadata={"description": "The version this change starts from."})


class GivenDayOff(OfGrades):
    """Days without lessons, both included; with the `id` of such that are there, those changed."""

    id = fields.UUID(load_default=None, allow_none=True)
    kind = fields.Str(required=True, validate=validate.OneOf(DAYS_OFF))
    name = fields.Str(required=True, validate=validate.Length(1, 200))
    first = fields.Date(required=True)
    last = fields.Date(required=True)


class GivenShortDay(OfGrades):
    """A day of shortened lessons; with the `id` of one that is there, that one changed."""

    id = fields.UUID(load_default=None, allow_none=True)
    date = fields.Date(required=True)


class GivenMovedDay(GivenShortDay):
    """A day taught by the timetable of an ISO weekday, whatever else the day is."""

    weekday = fields.Int(required=True, validate=validate.Range(1, 7))


class ChangeDays(Command):
    """Days off, moved and short days that are added, changed or removed: all of it or nothing."""

    year_id = fields.UUID(required=True)
    days_off = fields.List(fields.Nested(GivenDayOff), load_default=list, validate=validate.Length(max=MOST_DAYS))
    moved_days = fields.List(fields.Nested(GivenMovedDay), load_default=list, validate=validate.Length(max=MOST_DAYS))
    short_days = fields.List(fields.Nested(GivenShortDay), load_default=list, validate=validate.Length(max=MOST_DAYS))
    removed = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=MOST_DAYS),
        metadata={"description": "Days off, moved and short days that go."},
    )
    version = fields.Int(required=True, metadata={"description": "The version this change starts from."})


class DaysFile(OfGrades):
    """A file of days that was handed in: a working-day calendar (XML) or an iCalendar.

    `kind` and `grades` are those of an iCalendar's events; the other says itself what its days are.
    """

    year_id = fields.UUID(required=True)
    file = fields.Str(
        required=True,
        validate=validate.Regexp(r"[0-9a-f]{64}\Z", error="Not the SHA-256 of a file."),
        metadata={"description": "The SHA-256 of its content."},
    )
    kind = fields.Str(load_default=HOLIDAYS, validate=validate.OneOf(DAYS_OFF))


class TakeDaysFile(DaysFile):
    """A file of days that was looked at, to be taken as it was shown."""

    version = fields.Int(required=True, metadata={"description": "The version of the year that it was shown for."})


class RowOfDaysView(View):
    """Days off (`off`), a `moved` or a `short` day; `kind` is that of days off, `weekday` that of a moved one."""

    what = fields.Str(required=True, validate=validate.OneOf(("off", "moved", "short")))
    first = fields.Date(required=True)
    last = fields.Date(required=True)
    kind = fields.Str(required=True)
    name = fields.Str(required=True)
    weekday = fields.Int(required=True, allow_none=True)
    grades = fields.List(fields.Int(), required=True)


class DaysChangeView(View):
    """What becomes of days: `added`, `replaced`, `gone`, or the `same`; what is there now, and what will be."""

    change = fields.Str(required=True, validate=validate.OneOf((ADDED, REPLACED, GONE, SAME)))
    before = fields.List(fields.Nested(RowOfDaysView), required=True)
    after = fields.Nested(RowOfDaysView, required=True, allow_none=True)


class DaysFileView(View):
    """What a file would change of a year's calendar, by date, and what of it cannot be read."""

    year_id = fields.UUID(required=True)
    file = fields.Str(required=True)
    version = fields.Int(required=True)
    refused = fields.Bool(required=True, metadata={"description": "Nothing of the file could be read."})
    changes = fields.List(fields.Nested(DaysChangeView), required=True)
    faults = fields.List(fields.Nested(FileFaultView), required=True)


class CalendarChangeView(View):
    """A change of a year's calendar: who made it and when, and of the rows that differ what they were and became."""

    version = fields.Int(required=True)
    what = fields.Str(
        required=True, metadata={"description": "`year`, `terms`, `grades`, `days`, `bells` or `shifts`."}
    )
    changed_by = fields.UUID(required=True, allow_none=True, metadata={"description": "Null for an import."})
    changed_at = fields.DateTime(required=True)
    before = fields.Dict(required=True)
    after = fields.Dict(required=True)


class CalendarChangesView(View):
    """The changes of a year's calendar, newest first."""

    changes = fields.List(fields.Nested(CalendarChangeView), required=True)


class Calendar(Interface, service="gradebook"):
    """Years, their terms and days."""

    calendar = Rpc(Empty, CalendarView, "Academic years and terms of the school.", MEMBERS)
    schedule = Rpc(YearId, ScheduleView, "The calendar schedule of a year.", MEMBERS)
    make_year = Rpc(MakeYear, ScheduleView, "Make an academic year.", METHODOLOGISTS)
    change_year = Rpc(ChangeYear, ScheduleView, "Change title, first and last day of a year.", METHODOLOGISTS)
    set_terms = Rpc(SetTerms, ScheduleView, "Set the terms of a division of a year.", METHODOLOGISTS)
    set_grades = Rpc(SetGrades, ScheduleView, "Set the terms and weeks of the grades.", METHODOLOGISTS)
    change_days = Rpc(ChangeDays, ScheduleView, "Change days off, moved and short days of a year.", METHODOLOGISTS)
    read_days_file = Rpc(DaysFile, DaysFileView, "What a file of days would change of a year.", METHODOLOGISTS)
    take_days_file = Rpc(TakeDaysFile, ScheduleView, "Take a file of days as it was shown.", METHODOLOGISTS)
    calendar_changes = Rpc(YearId, CalendarChangesView, "Who changed a year's calendar, and how.", KEEPERS)


def term_at(terms: Iterable[Term], day: Day, starts_on: Callable[[Term], Day]) -> Term | None:
    """Of the terms of one division, the one to show on a day: the last that has begun, or the first if none has."""
    ordered = sorted(terms, key=starts_on)
    begun = [term for term in ordered if starts_on(term) <= day]
    if begun:
        return begun[-1]
    return ordered[0] if ordered else None


def year_at(years: Iterable[Term], day: date, span: Callable[[Term], tuple[date, date]]) -> Term | None:
    """The academic year that goes on on a day, else the nearest, of two as near the later.

    `span` says the first and the last day of a year.
    """

    def days_between(year: Term) -> tuple[int, int]:
        first, last = span(year)
        return max((first - day).days, (day - last).days, 0), -first.toordinal()

    return min(years, key=days_between, default=None)


def grades_in_figures(grades: Collection[int]) -> str:
    """Grades as people write them: `1–4, 9`; empty where there are none."""
    parts: list[list[int]] = []
    for grade in sorted(grades):
        if parts and grade == parts[-1][-1] + 1:
            parts[-1].append(grade)
        else:
            parts.append([grade])
    return ", ".join(_span(part) for part in parts)


def _span(grades: list[int]) -> str:
    if len(grades) < 3:
        return ", ".join(map(str, grades))
    return f"{grades[0]}–{grades[-1]}"
