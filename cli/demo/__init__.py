"""Generates the demo school, a lyceum of 12 classes, from a date and a seed, with the same result each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from cli.demo.changes import day_changes
from cli.demo.curriculum import KINDS
from cli.demo.journal import journal
from cli.demo.logins import DemoLogin, classes_of_logins, demo_logins
from cli.demo.model import DemoSchool, KindOfWork, id_of
from cli.demo.past import past
from cli.demo.people import people
from cli.demo.plans import plans
from cli.demo.school import frame
from cli.demo.timetable import timetable
from cli.demo.year import bells, school_year

__all__ = ["DemoLogin", "DemoSchool", "demo_logins", "generate", "id_of"]


def generate(today: date, seed: int = 1) -> DemoSchool:
    """The demo school on the morning of `today`.

    It has records of the last four weeks of lessons, fewer in September, and in summer of the year's last weeks; and of
    the last ended term some works and the term marks, in the classes of those who have logins.
    People, classes and timetable depend only on the school year and the seed, and a day's records do not change
    with a later `today`.
    """
    year = school_year(today, seed)
    folk = people(year.year.starts_on.year, seed)
    school = frame(year, folk, today, seed)
    slots = timetable(school.classes, school.courses, seed)
    kinds = tuple(
        KindOfWork(key=f"kind:{code}", id=id_of(f"kind:{code}", seed), code=code, name=name, weight=weight)
        for code, name, weight in KINDS
    )
    changes = day_changes(year, school, slots, today, seed)
    written = journal(year, school, slots, changes, kinds, today, seed)
    present = DemoSchool(
        seed=seed,
        today=today,
        school=school.school,
        people=folk.everybody(),
        classes=school.classes,
        enrolments=school.enrolments,
        guardianships=folk.guardianships,
        consents=folk.consents,
        year=year.year,
        terms=(*year.quarters, *year.half_years),
        holidays=year.holidays,
        bells=bells(seed),
        short_bells=bells(seed, short=True),
        short_days=year.short_days,
        moved_days=year.moved_days(today),
        subjects=school.subjects,
        courses=school.courses,
        plans=plans(year, school, slots, seed),
        timetable=slots,
        day_changes=changes,
        kinds=kinds,
        lessons=written.lessons,
        marks=written.marks,
        checks=written.checks,
        absences=written.absences,
    )
    before = past(year, written, present, classes_of_logins(present))
    return replace(present, past_lessons=before.lessons, past_marks=before.marks, term_marks=before.term_marks)
