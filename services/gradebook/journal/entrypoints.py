"""Answers calls for the journal page, the diary, a student's marks and the texts of notices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.gradebook.journal import DiaryWeek, Journal, JournalPageAsOf, NoticeIds, StudentCourse, StudentTerm
from kernel.auth import Actor
from kernel.clock import now
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.brought import queries as brought_queries
from services.gradebook.brought import views as brought_views
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.courses import views as courses_views
from services.gradebook.courses.queries import shifts as shifts_queries
from services.gradebook.homework import permissions as homework_permissions
from services.gradebook.journal import framing, rules, terms_shown, trends, views
from services.gradebook.journal.moves import Moves
from services.gradebook.journal.queries import diary, families, notices, pages
from services.gradebook.lessons import queries as lessons_queries
from services.gradebook.lessons import views as lessons_views
from services.gradebook.lessons.rules import lessons
from services.gradebook.marks import queries as marks_queries
from services.gradebook.marks import views as marks_views
from services.gradebook.people import queries as people_queries
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy.rules import first_grade
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.rows import View, missing
from services.gradebook.term_marks import queries as term_marks_queries
from services.gradebook.windows import queries as windows_queries
from services.gradebook.windows import views as windows_views

Row = TypeVar("Row", bound=families.StudentRow)


class JournalEntrypoints(Entrypoints):
    """Answers calls for the journal page, the diary, a student's marks and the texts of notices."""

    @rpc(Journal.journal_page)
    def journal_page(self, actor: Actor, command: JournalPageAsOf) -> View:
        """A course's page for a term, for staff."""
        as_of = rules.moment_asked(command.as_of, now())
        with self.unit_of_work(actor) as session:
            page = pages.page(session, command.course_id, command.term_id, actor.person_id, as_of)
            ties, span = framing.readable(session, actor, page, command.term_id)
            found = pages.marks_between(session, page.id, *span, as_of)
            planned = pages.lessons_of(session, [page.id], *span, as_of)
            today = policy_queries.today_of(page, as_of)
            policy = policy_queries.policy_on(session, page, min(today, page.term_ends_on))
            members = pages.members_of(page)
            brought = brought_queries.brought_to(session, page, members, *span, as_of)
            windows = _windows(session, page, planned, as_of)
            taken = _taken(session, page, planned)
        # an import may have added marks of a student who had left
        students = sorted({*(one.student_id for one in members), *(row.student_id for row in found)})
        place = Place(page.grade, page.subject)
        kinds, teachers = marks_queries.kinds_of(page.kinds), courses_queries.teachers_of(page.teachers)
        in_place = marks_views.kinds_in(place, kinds, policy)
        return {
            "course": courses_views.course(page, teachers, today),
            "term": {
                "id": page.term_id,
                "title": page.term_title,
                "starts_on": page.term_starts_on,
                "ends_on": page.term_ends_on,
                "division": page.division,
            },
            "lessons": [lessons_views.lesson(row, taken[row.id], windows[row.id]) for row in planned],
            "student_ids": students,
            "members": [one._asdict() for one in members],
            "kinds": marks_views.kinds(in_place.values()),
            "marks": marks_views.marks(found),
            "brought": brought_views.brought(brought, in_place),
            "means": views.journal_means(students, found, brought, kinds, policy, place),
            "may_write": as_of is None and courses_permissions.may_write_course(actor, ties),
            "as_of": views.as_of(as_of),
        }

    @rpc(Journal.diary_week)
    def diary_week(self, actor: Actor, command: DiaryWeek) -> View:
        """A student's week."""
        student_id = command.student_id
        span = lessons.week_of(command.date)
        with self.unit_of_work(actor) as session:
            student = framing.readable_student(
                actor, student_id, families.student_of_diary(session, student_id, actor.person_id, *span)
            )
            found = families.marks_of(session, student_id, *span)
            courses = families.courses_of(student)
            course_ids = {row.id for row in courses} | {row.course_id for row in found}
            ties = people_queries.student_ties(student, actor.person_id)
            ticks = homework_permissions.may_see_done(actor, student_id, ties)
            lessons_of_week = diary.diary_lessons(session, student_id, course_ids, *span, ticks=ticks)
            times = shifts_queries.times_of(session, {row.year_id: row.year_version for row in lessons_of_week})
            policy = policy_queries.policy_on(session, student, min(span[1], policy_queries.today_of(student)))
        kinds = marks_queries.kinds_of(student.kinds)
        places = {row.id: Place(row.grade, row.subject) for row in courses}
        weighed = {one: marks_views.kinds_in(places.get(one, Place()), kinds, policy) for one in course_ids}
        return {
            "student_id": student_id,
            "starts_on": span[0],
            "days": views.diary_days(span[0], lessons_of_week, courses, found, weighed, times),
            "owed": views.owed(families.owed_by(student), policy_queries.today_of(student)),
        }

    @rpc(Journal.marks_of)
    def marks_of(self, actor: Actor, command: StudentTerm) -> View:
        """A student's marks and means by course: of a term in the courses that go by it, or between dates in all."""
        student_id, as_of = command.student_id, rules.moment_asked(command.as_of, now())
        dates = rules.dates_given(command.starts_on, command.ends_on, command.term_id)
        if dates is None:
            return _marks_of_term(self, actor, student_id, command.term_id, as_of)
        with self.unit_of_work(actor) as session:
            student = _student(session, actor, student_id, dates, as_of)
            found = families.marks_of(session, student_id, *dates, as_of)
            courses = families.courses_of(student)
            # an import may have added marks of courses that the student was in at another time, or never
            others = families.courses(session, {row.course_id for row in found} - {row.id for row in courses})
            policy = policy_queries.policy_on(session, student, min(dates[1], policy_queries.today_of(student, as_of)))
        shown: list[families.CourseTime | families.CourseShown] = [*courses, *others]
        moves = Moves(student_id, courses, {row.id for row in shown}, student.elsewhere, dates)
        return {
            "student_id": student_id,
            "subjects": _subjects(student, shown, found, policy, moves),
            "as_of": views.as_of(as_of),
        }

    @rpc(Journal.subject_trend)
    def subject_trend(self, actor: Actor, command: StudentCourse) -> View:
        """A student's marks in one course over its year, each term as `marks_of` has it, with the mean after each."""
        student_id, course_id = command.student_id, command.course_id
        with self.unit_of_work(actor) as session:
            row = families.student_of_terms(session, student_id, actor.person_id)
            student = framing.readable_student(actor, student_id, row)
            courses, today = families.courses_of(student), policy_queries.today_of(student)
            course = _course(session, courses, course_id)
            terms = [term for term in families.terms_of(student) if rules.goes_by(course, term)]
            found = families.marks_of(session, student_id, *rules.span_of(terms, today))
            others = families.courses(session, {row.course_id for row in found} - {row.id for row in courses})
            if course_id not in {row.id for row in courses} | {row.id for row in others}:
                raise missing("course", course_id)
            parts = [
                trends.Part(
                    term,
                    terms_shown.of_term(student_id, student, courses, others, found, term),
                    policy_queries.policy_on(session, student, min(today, term.ends_on)),
                )
                for term in terms
            ]
            topics = families.topics(session, {row.lesson_id for one in parts for row in one.shown.marks_in(course_id)})
            policy = policy_queries.policy_on(session, student, today)
        place = Place(course.grade, course.subject)
        shown = [one for one in parts if one.is_shown(course_id, today)]
        kinds = marks_queries.kinds_of(student.kinds)
        return {
            "student_id": student_id,
            "course_id": course_id,
            "title": course.title,
            **trends.ends_of_scale(policy, place),
            "terms": [trends.of_term(course_id, one, kinds, place, topics) for one in shown],
        }

    @rpc(Journal.notices)
    def notices(self, actor: Actor, command: NoticeIds) -> View:
        """The facts that notices tell; unknown ids are left out."""
        with self.unit_of_work(actor) as session:
            found = notices.mark_notices(session, command.mark_ids)
            homework = notices.homework_notices(session, command.lesson_ids)
            changed = notices.changed_lessons(session, command.changed_lesson_ids)
            term_marks = term_marks_queries.notices(session, command.term_mark_ids)
            owed = notices.owed_notices(session, command.owed_ids)
        return {
            "marks": [dict(row) for row in found],
            "homework": [views.homework_notice(dict(row)) for row in homework],
            "changed_lessons": [dict(row) for row in changed],
            "term_marks": [dict(row) for row in term_marks],
            "owed": [dict(row) for row in owed],
        }


def _marks_of_term(
    service: Entrypoints, actor: Actor, student_id: UUID, term_id: UUID | None, as_of: datetime | None
) -> View:
    """A student's marks and means in a term, by the courses that go by it; in the present one, if none is given."""
    with service.unit_of_work(actor) as session:
        row = families.student_of_terms(session, student_id, actor.person_id, as_of)
        student = framing.readable_student(actor, student_id, row, as_of)
        terms, courses = families.terms_of(student), families.courses_of(student)
        today = policy_queries.today_of(student, as_of)
        term = rules.term_chosen(terms, courses, term_id, today)
        policy = policy_queries.policy_on(session, student, min(today, term.ends_on) if term else today)
        found = families.marks_of(session, student_id, term.starts_on, term.ends_on, as_of) if term else []
        others = families.courses(session, {row.course_id for row in found} - {row.id for row in courses})
    subjects = []
    if term is not None:
        one = terms_shown.of_term(student_id, student, courses, others, found, term)
        subjects = _subjects(student, one.courses, one.marks, policy, one.moves)
    return {
        "student_id": student_id,
        "term": term and term._asdict(),
        "terms": [one._asdict() for one in terms],
        "subjects": subjects,
        "as_of": views.as_of(as_of),
    }


def _windows(
    session: Session,
    page: pages.PageRow,
    planned: Sequence[lessons_queries.LessonShown],
    as_of: datetime | None,
) -> dict[UUID, View]:
    """Lesson → whether its topic and homework are closed, opened or late; or were so at a moment."""
    windows = windows_queries.Windows(session, as_of=as_of)
    term = courses_queries.TermOfCourse(page.term_title, page.term_ends_on)
    openings = windows_queries.openings_of(page, page.openings)
    lessons_of_page = [windows_queries.Held(row.id, row.date, page, term, openings) for row in planned]
    return {row.id: windows_views.of_lesson(windows, held) for row, held in zip(planned, lessons_of_page, strict=True)}


def _taken(
    session: Session, page: pages.PageRow, planned: Sequence[lessons_queries.LessonShown]
) -> dict[UUID, first_grade.Taken]:
    """Lesson → what it takes: a new version of the policy may begin in the term, and members come and go."""
    place, known, found = Place(page.grade, page.subject), {}, {}
    for row in planned:
        policy, grades = policy_queries.policy_on(session, page, row.date), lessons_queries.grades_in(row)
        key = policy.version, grades
        if key not in known:
            known[key] = first_grade.taken(policy, place, grades)
        found[row.id] = known[key]
    return found


def _subjects(
    student: families.StudentRow,
    shown: Sequence[families.CourseTime | families.CourseShown],
    found: Sequence[families.FamilyMark],
    policy: Policy,
    moves: Moves,
) -> list[View]:
    """The shown courses with their marks of the period, each where it counts."""
    titles = {row.id: row.title for row in shown}
    places = {row.id: Place(row.grade, row.subject) for row in shown}
    return views.subjects(titles, places, found, marks_queries.kinds_of(student.kinds), policy, moves)


def _student(
    session: Session, actor: Actor, student_id: UUID, span: tuple[date, date], as_of: datetime | None = None
) -> families.StudentRow:
    """A student whose marks the actor reads. Raises `Refused`."""
    row = families.student(session, student_id, actor.person_id, *span, as_of)
    return framing.readable_student(actor, student_id, row, as_of)


def _course(
    session: Session, courses: Sequence[families.CourseTime], course_id: UUID
) -> families.CourseTime | families.CourseShown:
    """One of the student's courses, or another one of the school. Raises `NotFound`."""
    own = next((row for row in courses if row.id == course_id), None)
    found = [own] if own else families.courses(session, {course_id})
    if not found:
        raise missing("course", course_id)
    return found[0]
