"""Writes the demo school into the services' databases, as if it had been kept there from the start.

Copies that services keep of each other's things are written by the services' own functions. Nothing is announced:
nobody is to get letters about four weeks that are over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cli.demo.logins import demo_logins
from cli.demo.model import DemoSchool, Lesson
from kernel.database import UnitOfWork
from services.attendance import queries as attendance_queries
from services.attendance import tables as attendance
from services.gradebook import recording
from services.gradebook import tables as gradebook
from services.identity import tables as identity
from services.identity.credentials import HASHER
from services.identity.rules import logins, names
from services.notifications import queries as notifications_queries

OPERATOR: Final = "operator"
#: The kind of work of an answer in the lesson.
ANSWER: Final = "answer"
#: When teachers and homeroom teachers enter what the day brought.
ENTERED_AT: Final = time(15, 0)
ROWS_AT_ONCE: Final = 2000

Row = dict[str, Any]
Units = Mapping[str, UnitOfWork]


def is_empty(units: Units) -> bool:
    """Whether the installation holds no school at all."""
    with units["identity"].everywhere(keyed=False) as session:
        return session.scalar(select(identity.School.id).limit(1)) is None


def load(school: DemoSchool, units: Units) -> dict[str, dict[str, str]]:
    """Write the school; returns role → login and password of those whom one can sign in as.

    `units` holds each service's unit of work by the service's name, on a migrated database.
    """
    loader = _Loader(school)
    passwords = {role: logins.new_password() for role in (*demo_logins(school), OPERATOR)}
    with units["identity"].everywhere(keyed=False) as session:
        loader.accounts(session, passwords)
    for service, write in (
        ("identity", loader.people), ("gradebook", loader.journal), ("attendance", loader.attendance),
        ("notifications", loader.notifications),
    ):  # fmt: skip
        with units[service].of(school.school.id) as session:
            write(session)
    known = {role: login.login for role, login in demo_logins(school).items()} | {OPERATOR: OPERATOR}
    return {role: {"login": known[role], "password": password} for role, password in passwords.items()}


class _Loader:
    """One school on its way into the databases."""

    def __init__(self, school: DemoSchool) -> None:
        self.school = school
        self.id = school.school.id
        self.logins = demo_logins(school)
        self.lessons = {lesson.id: lesson for lesson in school.lessons}
        self.courses = {course.id: course for course in school.courses}
        self.class_of = {one.student_id: one.class_id for one in school.enrolments if one.until is None}

    # --- identity ----------------------------------------------------------------------------------

    def accounts(self, session: Session, passwords: Mapping[str, str]) -> None:
        """The school itself and everybody's sign-in. Those who have no password here get one by being issued it."""
        _write(session, identity.School, [{
            "id": self.id, "name": self.school.school.name, "source_id": None, "identifier": "demo",
            "time_zone": self.school.school.time_zone,
        }])  # fmt: skip
        moment = self._at(self.school.year.starts_on)
        rows = [
            {"id": self._account(login.person_id), "login": login.login, "is_operator": False,
             "password_hash": HASHER.hash(passwords[role]), "created_at": moment}
            for role, login in self.logins.items()
        ]  # fmt: skip
        rows.append(
            {"id": uuid5(self.id, OPERATOR), "login": OPERATOR, "is_operator": True, "created_at": moment,
             "password_hash": HASHER.hash(passwords[OPERATOR])}
        )  # fmt: skip
        _write(session, identity.Account, rows)

    def people(self, session: Session) -> None:
        """People, roles, classes, enrolments, guardians, consents."""
        with_login = {login.person_id for login in self.logins.values()}
        gone = {one.student_id for one in self.school.enrolments} - set(self.class_of)
        self._write(session, identity.Person, (
            {
                "id": one.id, "family_name": one.family_name, "given_name": one.given_name,
                "patronymic": one.patronymic, "search_name": names.folded(one.name), "email": one.email,
                "phone": one.phone, "language": "ru", "birth_date": one.birth_date, "sex": one.sex,
                "source_id": None, "username": None, "human_id": None,
                "account_id": self._account(one.id) if one.id in with_login else None, "enabled": True,
                "left_on": self._left_on(one.id) if one.id in gone else None, "class_id": self.class_of.get(one.id),
                "revision": 1,
            }
            for one in self.school.people
        ))  # fmt: skip
        self._write(session, identity.Role, (
            {"person_id": one.id, "role": role, "held": True, "appointed": role not in ("student", "parent")}
            for one in self.school.people for role in one.roles
        ))  # fmt: skip
        self._write(session, identity.SchoolClass, (
            {"id": one.id, "name": one.name, "grade": one.grade, "homeroom_teacher_id": one.homeroom_teacher_id,
             "source_id": None, "ended_on": None, "revision": 1}
            for one in self.school.classes
        ))  # fmt: skip
        self._write(session, identity.Enrolment, (
            {"id": one.id, "class_id": one.class_id, "student_id": one.student_id, "since": one.since,
             "until": one.until}
            for one in self.school.enrolments
        ))  # fmt: skip
        self._write(session, identity.Guardianship, (
            {"guardian_id": one.guardian_id, "student_id": one.student_id, "ended_on": None}
            for one in self.school.guardianships
        ))  # fmt: skip
        self._write(session, identity.Consent, (
            {"id": one.id, "guardian_id": one.guardian_id, "student_id": one.student_id, "purpose": one.purpose,
             "granted": True, "since": self._at(one.granted_on), "entered_by_account_id": None, "replaced_at": None}
            for one in self.school.consents
        ))  # fmt: skip

    # --- gradebook ---------------------------------------------------------------------------------

    def journal(self, session: Session) -> None:
        """Calendar, courses, lessons, marks, each with its history."""
        recording.renewed_students(session, self.id, self._student_facts())
        recording.renewed_classes(session, self.id, self._class_facts())
        self._calendar(session)
        self._courses(session)
        self._lessons(session)
        self._marks(session)

    def _calendar(self, session: Session) -> None:
        self._write(session, gradebook.Setting, [
            {"lowest": 1, "highest": 5, "tokens": ["зач", "незач", "н/а", "осв"],
             "time_zone": self.school.school.time_zone}
        ])  # fmt: skip
        year = self.school.year
        self._write(session, gradebook.Year, [
            {"id": year.id, "title": year.title, "starts_on": year.starts_on, "ends_on": year.ends_on}
        ])  # fmt: skip
        self._write(session, gradebook.Term, (
            {"id": one.id, "year_id": one.year_id, "title": one.title, "starts_on": one.starts_on,
             "ends_on": one.ends_on}
            for one in self.school.terms
        ))  # fmt: skip
        self._write(session, gradebook.Subject, ({"id": one.id, "name": one.name} for one in self.school.subjects))
        self._write(session, gradebook.KindOfWork, (
            {"id": one.id, "name": one.name, "weight": one.weight, "is_answer": one.code == ANSWER}
            for one in self.school.kinds
        ))  # fmt: skip

    def _courses(self, session: Session) -> None:
        grades = {one.id: one.grade for one in self.school.classes}
        self._write(session, gradebook.Course, (
            {"id": one.id, "title": one.title, "subject_id": one.subject_id, "class_id": one.class_id,
             "grade": grades[one.class_id], "year_id": one.year_id}
            for one in self.school.courses
        ))  # fmt: skip
        self._write(
            session,
            gradebook.CourseTeacher,
            (
                {"course_id": one.id, "teacher_id": teacher}
                for one in self.school.courses
                for teacher in one.teacher_ids
            ),
        )
        self._write(session, gradebook.CourseMember, (
            {"id": uuid5(one.id, f"{member.student_id}:{member.since}"), "course_id": one.id,
             "student_id": member.student_id, "since": member.since, "until": member.until}
            for one in self.school.courses for member in one.members
        ))  # fmt: skip

    def _lessons(self, session: Session) -> None:
        described = [
            (one, {"topic": one.topic, "homework": one.homework, "homework_due": one.homework_due, "version": 1})
            for one in self.school.lessons
        ]
        self._write(session, gradebook.Lesson, (
            {"id": one.id, "course_id": one.course_id, "date": one.date, "number": one.number, **said}
            for one, said in described
        ))  # fmt: skip
        self._write(session, gradebook.LessonRevision, (
            {"lesson_id": one.id, **said, "changed_by": self._teacher(one), "changed_at": self._at(one.date)}
            for one, said in described
        ))  # fmt: skip

    def _marks(self, session: Session) -> None:
        columns = {(mark.lesson_id, mark.kind_id) for mark in self.school.marks}
        work = {key: uuid5(key[0], str(key[1])) for key in columns}
        self._write(session, gradebook.Work, (
            {"id": work_id, "lesson_id": key[0], "kind_id": key[1], "title": "", "source_id": None}
            for key, work_id in work.items()
        ))  # fmt: skip
        self._write(session, gradebook.Mark, (
            {"id": one.id, "work_id": work[one.lesson_id, one.kind_id], "student_id": one.student_id,
             "value": one.value, "comment": one.comment, "version": 1}
            for one in self.school.marks
        ))  # fmt: skip
        self._write(session, gradebook.MarkRevision, (
            {"mark_id": one.id, "version": 1, "value": one.value, "comment": one.comment, "reason": "",
             "changed_by": self._teacher(self.lessons[one.lesson_id]), "changed_at": self._at(one.set_on)}
            for one in self.school.marks
        ))  # fmt: skip

    # --- attendance, notifications -----------------------------------------------------------------

    def attendance(self, session: Session) -> None:
        """Checks and absences of the lessons held, each with its history."""
        attendance_queries.keep_students(session, self.id, self._student_facts())
        attendance_queries.keep_classes(session, self.id, self._class_facts())
        checked = [self.lessons[check.lesson_id] for check in self.school.checks]
        self._write(session, attendance.LessonCopy, (
            {"lesson_id": one.id, "title": self.courses[one.course_id].title, "date": one.date, "number": one.number}
            for one in checked
        ))  # fmt: skip
        self._write(session, attendance.LessonTeacherCopy, (
            {"lesson_id": one.id, "teacher_id": teacher}
            for one in checked for teacher in self.courses[one.course_id].teacher_ids
        ))  # fmt: skip
        for table in (attendance.LessonCheck, attendance.LessonCheckRevision):
            self._write(session, table, (
                {"lesson_id": one.lesson_id, "class_id": self._class(one.lesson_id), "version": 1,
                 "checked_at": self._at(self.lessons[one.lesson_id].date), "checked_by": one.checked_by}
                for one in self.school.checks
            ))  # fmt: skip
        self._absences(session)

    def _absences(self, session: Session) -> None:
        checker = {check.lesson_id: check.checked_by for check in self.school.checks}
        self._write(session, attendance.Absence, (
            {"id": one.id, "lesson_id": one.lesson_id, "student_id": one.student_id,
             "class_id": self._class(one.lesson_id), "code": one.code, "minutes": one.minutes, "version": 1}
            for one in self.school.absences
        ))  # fmt: skip
        self._write(session, attendance.AbsenceRevision, (
            {"absence_id": one.id, "version": 1, "code": one.code, "minutes": one.minutes,
             "changed_by": checker.get(one.lesson_id), "changed_at": self._at(self.lessons[one.lesson_id].date)}
            for one in self.school.absences
        ))  # fmt: skip

    def notifications(self, session: Session) -> None:
        """Whom to tell."""
        notifications_queries.keep_students(session, self.id, self._student_facts())

    # --- what several of them need -----------------------------------------------------------------

    def _student_facts(self) -> list[Row]:
        """As identity answers `student_facts`."""
        people = {one.id: one for one in self.school.people}
        purposes: dict[tuple[UUID, UUID], list[str]] = {}
        for consent in self.school.consents:
            purposes.setdefault((consent.student_id, consent.guardian_id), []).append(consent.purpose)
        guardians: dict[UUID, list[Row]] = {}
        for tie in self.school.guardianships:
            guardians.setdefault(tie.student_id, []).append(
                {"guardian_id": tie.guardian_id, "email": people[tie.guardian_id].email, "language": "ru",
                 "purposes": sorted(purposes.get((tie.student_id, tie.guardian_id), []))}
            )  # fmt: skip
        return [
            {"student_id": one.id, "revision": 1, "name": one.name, "class_id": self.class_of.get(one.id),
             "guardians": guardians.get(one.id, [])}
            for one in self.school.people if "student" in one.roles
        ]  # fmt: skip

    def _class_facts(self) -> list[Row]:
        """As identity answers `class_facts`."""
        return [
            {"class_id": one.id, "revision": 1, "name": one.name, "grade": one.grade,
             "homeroom_teacher_id": one.homeroom_teacher_id}
            for one in self.school.classes
        ]  # fmt: skip

    def _account(self, person_id: UUID) -> UUID:
        return uuid5(person_id, "account")

    def _teacher(self, lesson: Lesson) -> UUID:
        return self.courses[lesson.course_id].teacher_ids[0]

    def _class(self, lesson_id: UUID) -> UUID:
        return self.courses[self.lessons[lesson_id].course_id].class_id

    def _left_on(self, student_id: UUID) -> date:
        last = max(one.until for one in self.school.enrolments if one.student_id == student_id and one.until)
        return last + timedelta(days=1)

    def _at(self, day: date) -> datetime:
        """The afternoon of a school day."""
        return datetime.combine(day, ENTERED_AT, ZoneInfo(self.school.school.time_zone)).astimezone(UTC)

    def _write(self, session: Session, table: type[Any], rows: Iterable[Row]) -> None:
        _write(session, table, ({"school_id": self.id, **row} for row in rows))


def _write(session: Session, table: type[Any], rows: Iterable[Row]) -> None:
    for part in _in_parts(list(rows)):
        session.execute(insert(table), part)


def _in_parts(rows: list[Row]) -> Iterator[list[Row]]:
    return (rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE))
