"""Answers calls about what homework has beside its text: files, links, minutes, personal tasks, private notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.gradebook.homework import FILES, MOST_FILES, AddFile, FileId, Homework, SetDone, SetHomework, SetNote
from contracts.gradebook.lessons import LessonId, TeacherDay
from kernel.auth import Actor
from kernel.clock import now
from kernel.contract import given
from kernel.data import inbox
from kernel.errors import Conflict, Invalid, Stale
from kernel.files.store import FileMissing, Place, Store, delete_unneeded
from kernel.running.entrypoints import Entrypoints, every, rpc
from kernel.running.providers import Files
from kernel.running.threads import off_hub
from services.gradebook import handed_in
from services.gradebook.calendar import queries as calendar_queries
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.homework import permissions, queries, recording, views
from services.gradebook.homework.readers.attachments import look_at
from services.gradebook.homework.rules import details, done
from services.gradebook.homework.rules.details import Details
from services.gradebook.lessons import changing
from services.gradebook.lessons import permissions as lessons_permissions
from services.gradebook.lessons import queries as lessons_queries
from services.gradebook.lessons import recording as lessons_recording
from services.gradebook.lessons.changing import Changing
from services.gradebook.lessons.queries import LessonRow
from services.gradebook.lessons.rules import lessons
from services.gradebook.rows import View, missing
from services.gradebook.windows.queries import Windows, held
from services.gradebook.windows.rules.deadlines import IN_TIME, Late


class HomeworkEntrypoints(Entrypoints):
    """Answers calls about what homework has beside its text."""

    files = Files()

    @rpc(Homework.homework)
    def homework(self, actor: Actor, command: LessonId) -> View:
        """What the homework of a lesson has, for those who may read the lesson."""
        with self.unit_of_work(actor) as session:
            return _shown(session, actor, _readable(session, actor, command.lesson_id))

    @rpc(Homework.homework_of_day)
    def homework_of_day(self, actor: Actor, command: TeacherDay) -> View:
        """What the homework of a teacher's lessons on a date has."""
        teacher_id = lessons_permissions.whose_day(actor, command.teacher_id)
        if teacher_id is None:
            return {"lessons": []}
        with self.unit_of_work(actor) as session:
            day = lessons_queries.day_of_teacher(session, teacher_id, command.date)
            found = queries.of_lessons(session, [one.id for one in day]) if day else ()
        return {"lessons": [views.of_lesson(one) for one in found]}

    @rpc(Homework.set_homework)
    def set_homework(self, actor: Actor, command: SetHomework) -> View:
        """Change minutes, links and personal tasks of a lesson of a course of the actor's."""
        with self.unit_of_work(actor) as session:
            lesson = _writable(session, actor, command.lesson_id)
            row, before = lesson.row, queries.kept(session, lesson.row.id)
            if before.version != command.version:
                present = _shown(session, actor, row)
                raise Stale("Someone changed the homework first.", rule="stale", field="version", present=present)
            after = _changed(session, row, before, given(command))
            if after != before.details:
                late = _late(session, lesson, before, command.reason) if after else IN_TIME
                recording.changed_homework(session, actor, row.id, before, after, late)
                everybody = details.links_are_news(before.details, after)
                _announce(session, row, None if everybody else details.with_news(before.details, after))
            return inbox.answer(session, _shown(session, actor, row))

    @rpc(Homework.add_file)
    def add_file(self, actor: Actor, command: AddFile) -> View:
        """Let a lesson of a course of the actor's have a file that was handed in."""
        name = details.safe_name(command.name)
        content = _content(self.files, actor, command.file)
        found = off_hub(look_at, content, name)
        details.check_file(found.rule, name)
        with self.unit_of_work(actor) as session:
            lesson = _writable(session, actor, command.lesson_id)
            row = lesson.row
            changing.check_takes_homework(session, row)
            present = queries.present_files(session, row.id)
            if all((one.sha256, one.name) != (command.file, name) for one in present):
                _check_room(present)
                of_content, kept = (command.file, name, found.media_type, len(content)), queries.kept(session, row.id)
                late = _late(session, lesson, kept, command.reason)
                recording.added_file(session, actor, row.id, kept, of_content, late)
                _announce(session, row)
            return inbox.answer(session, _shown(session, actor, row))

    @rpc(Homework.remove_file)
    def remove_file(self, actor: Actor, command: FileId) -> View:
        """Take a file away from its lesson. It can be brought back."""
        with self.unit_of_work(actor) as session:
            row, _, file = _lesson_of_file(session, actor, command.file_id)
            if file.removed_at is None:
                recording.removed_file(session, actor, queries.kept(session, row.id), file)
            return inbox.answer(session, _shown(session, actor, row))

    @rpc(Homework.restore_file)
    def restore_file(self, actor: Actor, command: FileId) -> View:
        """Bring back a file that was taken away from its lesson."""
        with self.unit_of_work(actor) as session:
            row, files, file = _lesson_of_file(session, actor, command.file_id)
            present = [one for one in files if one.removed_at is None]
            if all((one.sha256, one.name) != (file.sha256, file.name) for one in present):
                _check_room(present)
                recording.restored_file(session, actor, queries.kept(session, row.id), file)
                _announce(session, row)
            return inbox.answer(session, _shown(session, actor, row))

    @rpc(Homework.homework_file)
    def homework_file(self, actor: Actor, command: FileId) -> View:
        """Where a file is kept, for those who may read the lesson, its students and their guardians."""
        with self.unit_of_work(actor) as session:
            row = queries.file(session, command.file_id, actor.person_id)
        ties = lessons_queries.ties(row, actor.person_id)
        if not permissions.may_have_homework(actor, ties, queries.family_ties(row), row.date):
            raise missing("file", command.file_id)
        return views.stored(row)

    @rpc(Homework.homework_history)
    def homework_history(self, actor: Actor, command: LessonId) -> View:
        """Who set which homework of a lesson and when, for those who may read the lesson."""
        with self.unit_of_work(actor) as session:
            row = _readable(session, actor, command.lesson_id)
            return views.history(queries.texts(session, row.id), queries.changes(session, row.id))

    @rpc(Homework.set_done)
    def set_done(self, actor: Actor, command: SetDone) -> View:
        """Tick a lesson's homework as done, as the student saw it, or take that back; for the student who has it."""
        with self.unit_of_work(actor) as session:
            row = queries.to_do(session, command.lesson_id, actor.person_id)
            given = bool(row.homework) or row.task is not None
            if not permissions.may_tick(actor, own=bool(row.own), given=given):
                raise missing("lesson", command.lesson_id)
            files = [UUID(file_id) for (file_id,) in row.files]
            of_now = done.fingerprint(row.homework, row.task, row.links or (), files)
            if not command.done:
                recording.unticked(session, actor, command.lesson_id)
            elif row.fingerprint != (seen := command.seen or of_now):
                recording.ticked(session, actor, command.lesson_id, seen)
            return inbox.answer(session, {})

    @rpc(Homework.note)
    def note(self, actor: Actor, command: LessonId) -> View:
        """The actor's own note on a lesson that the actor may read."""
        with self.unit_of_work(actor) as session:
            row = _readable(session, actor, command.lesson_id)
            return {"text": queries.note(session, row.id, actor.person_id)}

    @rpc(Homework.set_note)
    def set_note(self, actor: Actor, command: SetNote) -> View:
        """Write the actor's own note on a lesson that the actor may read."""
        with self.unit_of_work(actor) as session:
            row = _readable(session, actor, command.lesson_id)
            recording.changed_note(session, actor, row.id, command.text.strip())
            return inbox.answer(session, {})

    @every(seconds=handed_in.DAY)
    def delete_unneeded_homework_files(self) -> None:
        """Delete files that were handed in more than a day ago and that no lesson has or had."""
        with self.unit_of_work.everywhere() as session:
            needed = [Place(FILES, school_id).key(sha256) for school_id, sha256 in queries.stored(session)]
        delete_unneeded(self.files, FILES, needed, now())


def _readable(session: Session, actor: Actor, lesson_id: UUID) -> LessonRow:
    """A lesson that the actor may read. Raises `NotFound`."""
    row = lessons_queries.lesson(session, lesson_id, actor.person_id)
    if not courses_permissions.may_read_day(actor, lessons_queries.ties(row, actor.person_id), row.date):
        raise missing("lesson", lesson_id)
    return row


def _writable(session: Session, actor: Actor, lesson_id: UUID) -> Changing:
    """A lesson whose homework the actor may change, locked against others who would; people see it again."""
    lesson = changing.change(session, actor, lesson_id)
    lessons_recording.bring_back(session, lesson.row)
    return lesson


def _late(session: Session, lesson: Changing, before: queries.Kept, reason: str) -> Late:
    """What is kept of something that a lesson's homework gets beside its text. Raises `Invalid`."""
    present = queries.present_files(session, lesson.row.id)
    return lesson.late(details.first_entry(lesson.row.homework, before.details, present), reason)


def _lesson_of_file(
    session: Session, actor: Actor, file_id: UUID
) -> tuple[LessonRow, Sequence[queries.FileRow], queries.FileRow]:
    """The lesson of a file, locked, all its files, and this one; the refusals of others are in the file's words."""
    lesson_id = queries.lesson_of_file(session, file_id)
    row = changing.change(session, actor, lesson_id, missing("file", file_id), "file_id").row
    files = queries.files(session, lesson_id)
    return row, files, next(one for one in files if one.id == file_id)


def _content(store: Store, actor: Actor, file: str) -> bytes:
    """A file that somebody of the actor's school handed in. Raises `Invalid`."""
    try:
        return store.read(Place(FILES, actor.tenant_id).key(file))
    except FileMissing:
        raise Invalid("The file is not there any more: hand it in again.", rule="file-missing", field="file") from None


def _announce(session: Session, row: LessonRow, students: list[UUID] | None = None) -> None:
    """Announce new homework to these students of a lesson; without `students` to all of them."""
    if students is None:
        students = list(courses_queries.members_on(session, row.course_id, row.date))
    lessons_recording.announce_homework(session, row.id, row.version, students)


def _check_room(files: Sequence[queries.FileRow]) -> None:
    if len(files) >= MOST_FILES:
        raise Conflict("A lesson has {most} files at most.", rule="too-many-files", field="file", most=MOST_FILES)


def _changed(session: Session, row: LessonRow, before: queries.Kept, command: Mapping[str, Any]) -> Details:
    """What a lesson's homework would have. Raises `Invalid`."""
    after = before.details
    if "minutes" in command:
        after = replace(after, minutes=command["minutes"])
    if "links" in command:
        links = [
            details.checked_link(one["url"], one["title"], f"links.{index}")
            for index, one in enumerate(command["links"])
        ]
        after = replace(after, links=tuple(links))
    if "tasks" in command:
        members = courses_queries.members_on(session, row.course_id, row.date)
        usual = row.homework_due or before.next_lesson
        after = replace(after, tasks=details.tasks_of(command["tasks"], members, row.date, usual))
        _check_days(session, row, {one.due for one in after.tasks} - {usual, *(t.due for t in before.details.tasks)})
    if after and after != before.details:
        changing.check_takes_homework(session, row)
    return after


def _check_days(session: Session, row: LessonRow, days: set[Any]) -> None:
    """Refuse days on which the course has no lesson and cannot have one."""
    if not days:
        return
    course = lessons_queries.due_day(session, row.course_id, min(days))
    year = calendar_queries.year_of(session, course.year_id)
    for due in sorted(days - queries.days_with_lessons(session, row.course_id, days)):
        lessons.check_due_day(due, year, row.grade, course.division)


def _shown(session: Session, actor: Actor, row: LessonRow) -> View:
    """What a lesson's homework has now."""
    ties = lessons_queries.ties(row, actor.person_id)
    windows = Windows(session)
    writes = courses_permissions.may_write_course(actor, ties) and windows.of(held(row, row.id)).is_open(windows.now)
    return views.homework(row.id, queries.kept(session, row.id), queries.files(session, row.id), writes=writes)
