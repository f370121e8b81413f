"""The demo school in the databases: consistent across services, as if events had told them, and silent."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select
from uuid_utils.compat import uuid7

from cli.demo import load
from cli.demo.curriculum import SUBJECTS
from cli.demo.load import club
from cli.demo.load.plans import VARIANTS
from cli.demo.logins import classes_of_logins
from contracts import SERVICES
from contracts.gradebook.course_plans import CoursePlans
from contracts.gradebook.term_marks import TermMarks
from kernel.auth import Actor
from kernel.data.database import UnitOfWork, make_engine
from kernel.data.outbox import OutboxRow
from kernel.data.tenancy import SchoolRow
from kernel.errors import Conflict
from kernel.files.folder import FolderStore
from services.attendance import base as attendance
from services.attendance.absences import tables as absences_tables
from services.attendance.checks import tables as checks_tables
from services.attendance.copies import tables as copies_tables
from services.gradebook import base as gradebook_base
from services.gradebook.bells import queries as bells_queries
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.calendar.rules.checking import check_change
from services.gradebook.calendar.rules.year_calendar import calendar_of
from services.gradebook.courses import tables as courses_tables
from services.gradebook.lessons import tables as lessons_tables
from services.gradebook.marks import tables as marks_tables
from services.gradebook.people import tables as gradebook_people
from services.gradebook.plans import tables as plans_tables
from services.gradebook.service import GradebookService
from services.identity import base as identity_base
from services.identity.accounts import tables as accounts_tables
from services.identity.accounts.passwords import matches
from services.identity.classes import tables as classes_tables
from services.identity.people import tables as identity_people
from services.notifications import base as notifications
from services.notifications.copies.tables import GuardianCopy
from services.notifications.deliveries.tables import Delivery
from tests.cli.conftest import TODAY, migrated
from tests.kit.calls import call
from tests.kit.marks import copies_and_originals

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
BASES = {
    "identity": identity_base, "gradebook": gradebook_base, "attendance": attendance, "notifications": notifications,
}  # fmt: skip


@pytest.fixture
def ask(loaded):
    """All rows of a query in a service's database, in the demo school."""

    def rows(service, *columns, where=()):
        with loaded.units[service].of(loaded.school.school.id) as session:
            return session.execute(select(*columns).where(*where)).all()

    return rows


@pytest.fixture
def count_in(loaded):
    """How many rows of the demo school a table of a service has."""

    def of(units, service, table):
        with units[service].of(loaded.school.school.id) as session:
            return session.scalar(select(func.count()).select_from(table))

    return of


@pytest.fixture
def count(loaded, count_in):
    return lambda service, table: count_in(loaded.units, service, table)


@pytest.fixture
def check_same(loaded, count_in):
    """Check that a loading in several attempts wrote as much as one in one go."""

    def check(units):
        for service, base in BASES.items():
            for table in rows_of_schools(base):
                assert count_in(units, service, table) == count_in(loaded.units, service, table), table

    return check


def test_every_part_of_the_school_is_there(loaded, count):
    school = loaded.school
    assert count("identity", identity_people.Person) == len(school.people)
    assert count("identity", classes_tables.SchoolClass) == 12 + 1
    assert count("identity", classes_tables.Enrolment) == len(school.enrolments)
    assert count("identity", identity_people.Guardianship) == len(school.guardianships)
    assert count("identity", identity_people.Consent) == len(school.consents)
    assert count("gradebook", calendar_tables.Term) == 4 + 2
    assert count("gradebook", courses_tables.Course) == len(school.courses) + 1
    assert count("gradebook", courses_tables.Curriculum) == sum(len(subject.hours) for subject in SUBJECTS)
    told = [lesson for lesson in school.lessons if lesson.topic]
    described = len(told) + len(school.past_lessons)
    assert count("gradebook", lessons_tables.LessonRevision) == described < count("gradebook", lessons_tables.Lesson)
    marks = len(school.marks) + len(school.past_marks)
    assert count("gradebook", marks_tables.Mark) == count("gradebook", marks_tables.MarkRevision) == marks
    assert count("gradebook", plans_tables.Plan) == len(school.plans) + len(VARIANTS)
    topics = {plan.key: len(plan.topics) for plan in school.plans}
    assert count("gradebook", plans_tables.PlanTopic) == sum(topics.values()) + sum(topics[one] for one in VARIANTS)
    assert count("attendance", checks_tables.LessonCheck) == len(school.checks)
    assert count("attendance", absences_tables.Absence) == len(school.absences)
    assert count("attendance", absences_tables.AbsenceRevision) == len(school.absences)


def test_a_club_has_no_grade_yet(loaded, ask):
    ((class_id, name),) = ask(
        "identity",
        classes_tables.SchoolClass.id,
        classes_tables.SchoolClass.name,
        where=[classes_tables.SchoolClass.grade.is_(None)],
    )
    assert name == club.NAME
    copies = ask("gradebook", gradebook_people.ClassCopy.class_id, where=[gradebook_people.ClassCopy.grade.is_(None)])
    assert [one.class_id for one in copies] == [class_id]
    courses = ask("gradebook", courses_tables.Course.id, where=[courses_tables.Course.grade.is_(None)])
    (course,) = courses
    members = ask(
        "gradebook", courses_tables.CourseMember.id, where=[courses_tables.CourseMember.course_id == course.id]
    )
    assert len(members) == club.STUDENTS


def test_d10_the_schools_calendar_says_what_the_timetable_of_the_demo_goes_by(loaded):
    school = loaded.school
    with loaded.units["gradebook"].of(school.school.id) as session:
        year = bells_queries.year_of(session, session.scalars(select(calendar_tables.Year.id)).one())
    check_change(None, year.calendar, {})
    assert {school_class.grade for school_class in school.classes} == set(year.calendar.grades)
    for grade in year.calendar.grades:
        calendar = calendar_of(year.calendar, grade)
        lessons = {one.date for one in school.lessons if grade_of(school, one) == grade}
        assert lessons
        assert [day for day in sorted(lessons) if not calendar.is_school_day(day)] == []
    assert len(year.calendar.short_days) == len(school.short_days) > 0
    assert [len(one.bells) for one in year.schedules] == [7, 7]
    assert year.schedules[1].short


def grade_of(school, lesson):
    """The grade that a lesson is for."""
    course = next(course for course in school.courses if course.id == lesson.course_id)
    return next(one.grade for one in school.classes if one.id == course.class_id)


@dataclass
class Finished:
    """Another loading, which broke off at its last step but one and was finished by the next."""

    units: dict[str, UnitOfWork]
    #: Whether there were schools when it had broken off.
    had_schools: bool
    logins: load.Logins
    logins_path: Path


@pytest.fixture(scope="module")
def finished(loaded, tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished")
    units = migrated(folder)
    with pytest.raises(IsADirectoryError):
        load.load(units, loaded.files, folder, TODAY)
    had_schools, path = load.has_schools(units["identity"]), folder / "logins.json"
    yield Finished(units, had_schools, load.load(units, loaded.files, path, TODAY), path)
    for unit in units.values():
        unit.engine.dispose()


def test_people_courses_and_marks_have_the_same_ids_at_every_loading(loaded, finished):
    """What is kept by commands gets its ids from the gradebook; the rest of a screen's address stays what it was."""
    again = finished.units
    of_gradebook = (
        gradebook_people.StudentCopy, gradebook_people.GuardianCopy, gradebook_people.ClassCopy,
        courses_tables.Subject, courses_tables.Course, courses_tables.CourseTeacher, courses_tables.CourseMember,
        marks_tables.KindOfWork, marks_tables.Work, marks_tables.Mark,
    )  # fmt: skip
    for service, tables in (("identity", rows_of_schools(identity_base)), ("gradebook", of_gradebook)):
        for table in tables:
            keys = inspect(table).primary_key
            with loaded.units[service].everywhere() as one, again[service].everywhere() as other:
                query = select(*keys).order_by(*keys)
                assert one.execute(query).all() == other.execute(query).all(), table


def rows_of_schools(base):
    """The tables of a service with rows of schools."""
    return [one.class_ for one in base.Base.registry.mappers if issubclass(one.class_, SchoolRow)]


def test_copies_say_what_their_owner_says(loaded, ask):
    people = {row.id: row for row in ask("identity", identity_people.Person.id, identity_people.Person.class_id,
                                         identity_people.Person.revision, identity_people.Person.email)}  # fmt: skip
    for service, tables in (("gradebook", gradebook_people), ("attendance", copies_tables)):
        copied = ask(service, tables.StudentCopy.student_id, tables.StudentCopy.class_id, tables.StudentCopy.revision)
        assert len(copied) == 300
        assert all((people[row[0]].class_id, people[row[0]].revision) == (row[1], row[2]) for row in copied)
    reached = ask("notifications", GuardianCopy.guardian_id, GuardianCopy.email)
    assert len(reached) == len(loaded.school.guardianships)
    assert all(people[guardian].email == email for guardian, email in reached)


def test_only_who_consented_to_the_portal_is_let_in(loaded, ask):
    consented = {
        (one.student_id, one.guardian_id) for one in loaded.school.consents if one.purpose == "portal"
    }  # fmt: skip
    assert 0 < len(consented) < len(loaded.school.guardianships)
    let_in = ask("gradebook", gradebook_people.GuardianCopy.student_id, gradebook_people.GuardianCopy.guardian_id)
    assert set(map(tuple, let_in)) == consented
    seen = ask("attendance", copies_tables.GuardianCopy.student_id, copies_tables.GuardianCopy.guardian_id,
               where=[copies_tables.GuardianCopy.portal])  # fmt: skip
    assert set(map(tuple, seen)) == consented


def test_nothing_of_its_history_is_told_or_sent(loaded, count):
    assert count("notifications", Delivery) == 0
    for unit in loaded.units.values():
        with unit.everywhere() as session:
            assert session.scalar(select(func.count()).select_from(OutboxRow)) == 0


def test_nothing_was_entered_later_than_now(loaded, ask):
    ((latest,),) = ask("gradebook", func.max(marks_tables.MarkRevision.changed_at))
    assert latest.date() == TODAY - timedelta(days=1)


def test_marks_say_what_their_lesson_says(loaded):
    copies, originals = copies_and_originals(loaded.units["gradebook"])
    assert len(copies) == len(loaded.school.marks) + len(loaded.school.past_marks)
    assert copies == originals


def test_each_login_opens_its_own_account_with_its_own_password(loaded):
    with loaded.units["identity"].everywhere() as session:
        accounts = {row.login: row for row in session.scalars(select(accounts_tables.Account))}
        holders = dict(session.execute(select(identity_people.Person.account_id, identity_people.Person.id)).all())
    assert set(loaded.logins) == set(accounts)
    assert len({one["password"] for one in loaded.logins.values()}) == len(loaded.logins) == 11
    for role, one in loaded.logins.items():
        account = accounts[one["login"]]
        assert matches(account.password_hash, one["password"])
        assert account.is_operator == (role == "operator") == (account.id not in holders)
    assert not matches(accounts["parent"].password_hash, loaded.logins["teacher"]["password"])


def test_the_logins_are_written_for_the_owner_of_the_data_alone(loaded):
    assert json.loads(loaded.logins_path.read_text()) == loaded.logins
    assert stat.S_IMODE(loaded.logins_path.stat().st_mode) == 0o600


def test_it_is_not_loaded_twice(loaded):
    before = loaded.logins_path.read_text()
    with pytest.raises(Conflict, match="already"):
        load.load(loaded.units, loaded.files, loaded.logins_path, TODAY)
    assert loaded.logins_path.read_text() == before


def test_a_loading_that_broke_off_is_finished_by_the_next_one(loaded, finished, check_same):
    """It broke off when everything was there, except for the people."""
    assert not finished.had_schools
    assert json.loads(finished.logins_path.read_text()) == finished.logins
    check_same(finished.units)
    with pytest.raises(Conflict):
        load.load(finished.units, loaded.files, finished.logins_path, TODAY)


KILLED = """
import os, sys
from datetime import date
from pathlib import Path
from cli.demo import load
from cli.demo.load import plans
from kernel.files.folder import FolderStore
from tests.cli.conftest import migrated

folder, today = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
plans.keep = lambda *_: os._exit(9)
load.load(migrated(folder), FolderStore(folder / "files"), folder / "logins.json", today)
"""


def test_a_loading_that_was_killed_is_finished_by_the_next_one(loaded, check_same, tmp_path):
    """The process ends in the middle of the gradebook's part, when the year and its lessons are there already."""
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(TODAY)], cwd=ROOT, check=False)  # our own
    assert killed.returncode == 9
    units = {name: UnitOfWork(make_engine(f"sqlite:///{tmp_path / name}.sqlite"), consumer=name) for name in SERVICES}
    assert not load.has_schools(units["identity"])
    load.load(units, FolderStore(tmp_path / "files"), tmp_path / "logins.json", TODAY)
    check_same(units)


def test_a_login_that_is_somebodys_already_is_not_taken(loaded, tmp_path):
    units = migrated(tmp_path)
    with units["identity"].everywhere() as session:
        session.add(accounts_tables.Account(login="parent", password_hash="", created_at=load.now()))
    with pytest.raises(Conflict, match="parent"):
        load.load(units, loaded.files, tmp_path / "logins.json", TODAY)
    assert not load.has_schools(units["identity"])


def test_courses_are_about_as_far_as_their_plans_say(loaded):
    """The journal knows the last four weeks alone, and a plan's fulfilment is right all the same."""
    service, school_id = GradebookService(), loaded.school.school.id
    service.unit_of_work = loaded.units["gradebook"]
    director = Actor(school_id, uuid7(), uuid7(), uuid7(), frozenset({"director"}))
    found = call(service, CoursePlans.progress, director, as_of=TODAY)
    assert found["without_plan"] == [club.SUBJECT]
    assert len(found["courses"]) == len(loaded.school.courses)
    lags = sorted(float(one["behind"]) for one in found["courses"])
    assert lags[0] > -8
    assert lags[-1] < 8
    near = [lag for lag in lags if abs(lag) <= 4]
    assert len(near) > 0.8 * len(lags), lags


def test_the_quarter_that_ended_has_its_marks_set_checked_and_locked(loaded):
    """As the families and the homeroom teachers of the logins find it at the first look: each figure opens."""
    school, service = loaded.school, GradebookService()
    service.unit_of_work = loaded.units["gradebook"]
    director = Actor(school.school.id, uuid7(), uuid7(), uuid7(), frozenset({"director"}))
    (first,) = {one.term_id for one in school.term_marks}
    title, starts_on = next((one.title, one.starts_on) for one in school.terms if one.id == first)
    with service.unit_of_work.of(school.school.id) as session:
        wanted = select(calendar_tables.Term.id).where(
            calendar_tables.Term.starts_on == starts_on, calendar_tables.Term.title == title
        )
        term_id = session.scalars(wanted).one()
    by_quarters = {one.id for one in school.classes if 1 < one.grade < 10}  # the first grade has no marks
    classes = classes_of_logins(school) & by_quarters
    assert 0 < len(classes) < len(by_quarters)
    for class_id in sorted(classes):
        page = call(service, TermMarks.class_term_marks, director, class_id=class_id, term_id=term_id)
        assert {(one["state"], one["missing"]) for one in page["courses"]} == {("locked", 0)}
        assert [cell for cell in page["cells"] if cell["value"] != cell["computed"] or not cell["value"]] == []
        attested = [cell["value"] for cell in page["cells"] if cell["value"] != "н/а"]
        assert len(attested) > 0.95 * len(page["cells"])
    student = next(one.student_id for one in school.enrolments if one.class_id in classes and one.until is None)
    found = call(service, TermMarks.student_term_marks, director, student_id=student)
    assert len([mark for subject in found["subjects"] for mark in subject["marks"]]) > 8
