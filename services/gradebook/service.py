"""Entry points of the gradebook: load, permit, decide, save, announce, answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.gradebook.calendar import Calendar
from contracts.gradebook.courses import Courses
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from contracts.identity.bundles import BundleImported
from contracts.identity.classes import Classes, ClassesChanged
from contracts.identity.people import People, StudentsChanged
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.contract import in_parts
from kernel.data import inbox
from kernel.data.received import Received
from kernel.errors import Conflict, Stale
from kernel.running.entrypoints import on_event, rpc
from kernel.running.providers import Database, Remote
from services.gradebook import importing, page_queries, permissions, queries, recording, views
from services.gradebook.rules import first_grade, lessons, marks
from services.gradebook.views import View

Command = dict[str, Any]


class GradebookService:
    """Calendar, courses, lessons, homework and marks of schools."""

    name = "gradebook"
    unit_of_work = Database()
    ask = Remote()

    # --- the school --------------------------------------------------------------------------------

    @rpc(Calendar.calendar)
    def calendar(self, actor: Actor, command: Command) -> View:
        """Years and terms, for every member of the school."""
        permissions.check_member_of_school(actor)
        with self.unit_of_work(actor) as session:
            return views.calendar(queries.years(session), queries.terms(session))

    @rpc(Marks.kinds)
    def kinds(self, actor: Actor, command: Command) -> View:
        """Kinds of work, for every member of the school."""
        permissions.check_member_of_school(actor)
        with self.unit_of_work(actor) as session:
            return {"kinds": views.kinds(queries.kinds(session))}

    @rpc(Courses.courses)
    def courses(self, actor: Actor, command: Command) -> View:
        """The courses the actor may read, filtered in SQL."""
        permissions.check_staff(actor)
        everything = permissions.reads_all_courses(actor)
        with self.unit_of_work(actor) as session:
            found, teachers = queries.courses(session, actor.person_id, everything=everything, **command)
        return views.courses(found, teachers)

    # --- lessons -----------------------------------------------------------------------------------

    @rpc(Lessons.day)
    def day(self, actor: Actor, command: Command) -> View:
        """A teacher's lessons on a date."""
        permissions.check_staff(actor)
        teacher_id = command["teacher_id"] or actor.person_id
        permissions.check_reads_day(actor, teacher_id)
        with self.unit_of_work(actor) as session:
            found = queries.day_of_teacher(session, teacher_id, command["date"]) if teacher_id else []
        return {"lessons": [views.lesson(row) for row in found]}

    @rpc(Lessons.lesson)
    def lesson(self, actor: Actor, command: Command) -> View:
        """A lesson with those taught on its date and those teaching."""
        permissions.check_staff(actor)
        with self.unit_of_work(actor) as session:
            row = queries.lesson(session, command["lesson_id"], actor.person_id)
            if not permissions.may_read_course(actor, queries.course_ties(row)):
                raise queries.missing("lesson", row.id)
            members = queries.members_on(session, row.course_id, row.date)
            teachers = queries.teachers_of(session, row.course_id)
        return {**views.lesson(row), "student_ids": list(members), "teacher_ids": list(teachers)}

    @rpc(Lessons.add_lesson)
    def add_lesson(self, actor: Actor, command: Command) -> View:
        """A lesson of one's own course, with the first entry of its history."""
        permissions.check_teacher(actor)
        day, number = command["date"], command["number"]
        with self.unit_of_work(actor) as session:
            course = queries.course(session, command["course_id"], actor.person_id, lock=True)
            ties = queries.course_ties(course)
            permissions.check_writes_course(actor, ties, queries.missing("course", course.id))
            lessons.check_date_in_year(day, course.starts_on, course.ends_on)
            if queries.lesson_at(session, course.id, day, number) is not None:
                raise Conflict(
                    "The course has a lesson with this number on {date} already.",
                    rule="lesson-exists", field="number", date=day.isoformat(),
                )  # fmt: skip
            row = recording.new_lesson(session, actor, course.id, day, number, command["topic"].strip())
            return inbox.answer(session, {**row, "title": course.title, "class_id": course.class_id})

    @rpc(Lessons.describe_lesson)
    def describe_lesson(self, actor: Actor, command: Command) -> View:
        """Topic and homework of a lesson of one's own course; homework is announced to its students."""
        permissions.check_teacher(actor)
        with self.unit_of_work(actor) as session:
            row = queries.lesson(session, command["lesson_id"], actor.person_id, lock=True)
            ties = queries.course_ties(row)
            permissions.check_writes_course(actor, ties, queries.missing("lesson", row.id))
            if row.version != command["version"]:
                raise Stale(
                    "Someone changed the lesson first.",
                    rule="stale",
                    field="version",
                    present=views.lesson(row),
                )
            before = lessons.Description(row.topic, row.homework, row.homework_due)
            after = lessons.described(before, command, row.date)
            if after == before:
                return inbox.answer(session, views.lesson(row))
            students: list[UUID] = []
            if lessons.homework_is_news(before, after):
                members = queries.members_on(session, row.course_id, row.date)
                first_grade.check_grade_takes_homework(members.values() if row.grade is None else [row.grade])
                students = list(members)
            changed = recording.described_lesson(session, actor, row, after, students)
            return inbox.answer(session, views.lesson(row, **changed))

    # --- marks -------------------------------------------------------------------------------------

    @rpc(Marks.post_mark)
    def post_mark(self, actor: Actor, command: Command) -> View:
        """One mark: a column of one."""
        permissions.check_teacher(actor)
        with self.unit_of_work(actor) as session:
            (posted,) = self._post(session, actor, command, {"": command})
            return inbox.answer(session, posted)

    @rpc(Marks.post_marks)
    def post_marks(self, actor: Actor, command: Command) -> View:
        """A column of marks in a constant number of statements."""
        permissions.check_teacher(actor)
        entries = {f"marks.{index}.": entry for index, entry in enumerate(command["marks"])}
        with self.unit_of_work(actor) as session:
            return inbox.answer(session, {"marks": self._post(session, actor, command, entries)})

    def _post(self, session: Session, actor: Actor, command: Command, entries: dict[str, Command]) -> list[View]:
        """Post `entries` (prefix of the field's name in refusals → entry): all of them, or none."""
        lesson = queries.lesson(session, command["lesson_id"], actor.person_id, lock=True)
        permissions.check_writes_course(actor, queries.course_ties(lesson), queries.missing("lesson", lesson.id))
        marking = queries.marking(session)
        marks.check_lesson_was_held(lesson.date, local_date(now(), marking.time_zone))
        marks.check_each_student_once([entry["student_id"] for entry in entries.values()])
        members = queries.members_on(session, lesson.course_id, lesson.date)
        accepted: list[recording.NewMark] = []
        for prefix, entry in entries.items():
            student_id = entry["student_id"]
            marks.check_member(student_id, members, prefix + "student_id")
            grade = members[student_id] if lesson.grade is None else lesson.grade
            first_grade.check_grade_takes_marks(grade, prefix + "student_id")
            value = marks.mark_value(entry["value"], marking, prefix + "value")
            accepted.append(recording.NewMark(student_id, value, entry["comment"].strip()))
        column = queries.column(session, lesson.id, command["kind_id"])
        if column.work_id is not None:
            students = [mark.student_id for mark in accepted]
            marks.check_column_is_free(students, queries.marks_in_column(session, column.work_id, students))
        return recording.new_marks(session, actor, lesson, column, accepted)

    @rpc(Marks.change_mark)
    def change_mark(self, actor: Actor, command: Command) -> View:
        """Another value for a mark of one's own course, or none; the history keeps the old one."""
        permissions.check_teacher(actor)
        with self.unit_of_work(actor) as session:
            row = queries.mark(session, command["mark_id"], actor.person_id, lock=True)
            permissions.check_writes_course(actor, queries.course_ties(row), queries.missing("mark", row.id))
            if row.version != command["version"]:
                raise Stale("Someone changed the mark first.", rule="stale", field="version", present=views.mark(row))
            value = command["value"]
            if value is not None:
                value = marks.mark_value(value, queries.marking(session))
                first_grade.check_grade_takes_marks(row.grade, "value")
            comment = command.get("comment", row.comment).strip()
            marks.check_mark_changes((row.value, row.comment), (value, comment))
            reason = marks.change_reason(command["reason"])
            changed = recording.changed_mark(session, actor, row, value, comment, reason)
            return inbox.answer(session, views.mark(row, **changed))

    @rpc(Marks.mark_history)
    def mark_history(self, actor: Actor, command: Command) -> View:
        """Every state of a mark, for those who may read the mark."""
        with self.unit_of_work(actor) as session:
            row = queries.mark(session, command["mark_id"], actor.person_id)
            student = queries.ties_to_student_of(row, actor.person_id)
            if not permissions.may_read_mark(actor, row.student_id, queries.course_ties(row), student):
                raise queries.missing("mark", row.id)
            revisions = queries.revisions_of(session, row.id)
        return {"mark_id": row.id, "revisions": [revision._asdict() for revision in revisions]}

    # --- pages -------------------------------------------------------------------------------------

    @rpc(Journal.journal_page)
    def journal_page(self, actor: Actor, command: Command) -> View:
        """A course's page for a term, for staff."""
        permissions.check_staff(actor)
        with self.unit_of_work(actor) as session:
            course = queries.course(session, command["course_id"], actor.person_id)
            ties = queries.course_ties(course)
            if not permissions.may_read_course(actor, ties):
                raise queries.missing("course", course.id)
            term = queries.term(session, command["term_id"])
            if term.year_id != course.year_id:
                raise queries.missing("term", term.id)
            span = (term.starts_on, term.ends_on)
            found = page_queries.marks_between(session, course.id, *span)
            students = page_queries.members_between(session, course.id, *span)
            # an import may bring marks of a student who had left
            students = sorted({*students, *(row.student_id for row in found)})
            return {
                "course": views.course(course, queries.teachers_of(session, course.id)),
                "term": views.term(term),
                "lessons": [views.lesson(row) for row in page_queries.lessons_of(session, [course.id], *span)],
                "student_ids": students,
                "kinds": views.kinds(queries.kinds(session)),
                "marks": [views.mark(row) for row in found],
                "means": views.journal_means(students, found),
                "may_write": permissions.may_write_course(actor, ties),
            }

    @rpc(Journal.diary_week)
    def diary_week(self, actor: Actor, command: Command) -> View:
        """A student's week."""
        student_id = command["student_id"]
        span = lessons.week_of(command["date"])
        with self.unit_of_work(actor) as session:
            self._check_reads_student(session, actor, student_id)
            found = page_queries.marks_of(session, student_id, *span)
            courses = page_queries.courses_of(session, student_id, *span)
            course_ids = {row.id for row in courses} | {row.course_id for row in found}
            planned = page_queries.lessons_of(session, course_ids, *span)
        return {
            "student_id": student_id,
            "starts_on": span[0],
            "days": views.diary_days(span[0], planned, courses, found),
        }

    @rpc(Journal.marks_of)
    def marks_of(self, actor: Actor, command: Command) -> View:
        """A student's marks and means by course."""
        student_id = command["student_id"]
        span = (command["starts_on"], command["ends_on"])
        with self.unit_of_work(actor) as session:
            self._check_reads_student(session, actor, student_id)
            found = page_queries.marks_of(session, student_id, *span)
            courses = page_queries.courses_of(session, student_id, *span)
        return {"student_id": student_id, "subjects": views.subjects(courses, found)}

    @staticmethod
    def _check_reads_student(session: Session, actor: Actor, student_id: UUID) -> None:
        """Refuse, as if the student did not exist, all who may not read the student's marks."""
        ties = queries.student_ties(session, student_id, actor.person_id)
        if ties is None or not permissions.may_read_student(actor, student_id, ties):
            raise queries.missing("student", student_id)

    @rpc(Journal.notices)
    def notices(self, actor: Actor, command: Command) -> View:
        """What notices say; things that do not exist are left out."""
        permissions.check_notices(actor)
        with self.unit_of_work(actor) as session:
            found = page_queries.mark_notices(session, command["mark_ids"])
            homework = page_queries.homework_notices(session, command["lesson_ids"])
        return {"marks": [row._asdict() for row in found], "homework": [row._asdict() for row in homework]}

    # --- what identity announces -------------------------------------------------------------------

    @on_event(StudentsChanged)
    def on_students_changed(self, received: Received[StudentsChanged]) -> None:
        """Renew the copies of students and of the guardians who may look."""
        facts: list[View] = []
        for ids in in_parts(received.event.student_ids):
            facts += self.ask(People.student_facts, person_ids=ids)["students"]
        with self.unit_of_work.once(received) as session:
            recording.renewed_students(session, received.tenant_id, facts)

    @on_event(ClassesChanged)
    def on_classes_changed(self, received: Received[ClassesChanged]) -> None:
        """Renew the copies of classes, and of the zone that their school lives in."""
        facts: list[View] = []
        zone = None
        for ids in in_parts(received.event.class_ids):
            answer = self.ask(Classes.class_facts, class_ids=ids)
            facts += answer["classes"]
            zone = answer["time_zone"]
        with self.unit_of_work.once(received) as session:
            recording.renewed_classes(session, received.tenant_id, facts)
            if zone is not None:
                recording.renewed_time_zone(session, received.tenant_id, zone)

    @on_event(BundleImported)
    def on_bundle_imported(self, received: Received[BundleImported]) -> None:
        """Write the gradebook's part of a bundle, or find out what writing it would do; then say so."""
        importing.take_over(self.unit_of_work, self.ask, received)
