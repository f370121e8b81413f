"""Answers calls about marks: lists kinds of work, posts and changes marks, shows their history."""

from __future__ import annotations

from sqlalchemy.orm import Session

from contracts.gradebook.marks import ChangeMark, MarkId, Marks, NewMark, PostMark, PostMarks
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.contract import Empty, given
from kernel.data import inbox
from kernel.data.rows import NewRows
from kernel.errors import Stale
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.lessons import queries as lessons_queries
from services.gradebook.marks import permissions, queries, recording, views
from services.gradebook.marks.rules import cells, marks
from services.gradebook.people import queries as people_queries
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy.rules import first_grade
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import Scale, scale_at
from services.gradebook.rows import View, missing


class MarksEntrypoints(Entrypoints):
    """Answers calls about marks: lists kinds of work, posts and changes marks, shows their history."""

    @rpc(Marks.kinds)
    def kinds(self, actor: Actor, command: Empty) -> View:
        """Kinds of work; any member of the school may read them."""
        with self.unit_of_work(actor) as session:
            return {"kinds": views.kinds(queries.kinds(session))}

    @rpc(Marks.post_mark)
    def post_mark(self, actor: Actor, command: PostMark) -> View:
        """Post one mark."""
        with self.unit_of_work(actor) as session:
            (posted,), rows = _post(session, actor, command, {"": command}, recording.news_of_mark)
            return inbox.answer(session, posted, *rows)

    @rpc(Marks.post_marks)
    def post_marks(self, actor: Actor, command: PostMarks) -> View:
        """Post a column of marks in a constant number of statements."""
        entries = {f"marks.{index}.": entry for index, entry in enumerate(command.marks)}
        with self.unit_of_work(actor) as session:
            posted, rows = _post(session, actor, command, entries, recording.news_of_column)
            return inbox.answer(session, {"marks": posted}, *rows)

    @rpc(Marks.change_mark)
    def change_mark(self, actor: Actor, command: ChangeMark) -> View:
        """Change or withdraw a mark of a course of the actor's; the history keeps the old value."""
        with self.unit_of_work(actor) as session:
            row = queries.mark(session, command.mark_id, actor.person_id, lock=True)
            courses_permissions.check_writes_course(actor, courses_queries.course_ties(row), missing("mark", row.id))
            if row.version != command.version:
                raise Stale("Someone changed the mark first.", rule="stale", field="version", present=views.mark(row))
            value = command.value
            if value is not None:
                value = cells.mark_text(value, _scale(policy_queries.policy(session), row.grade), day=row.date)
                first_grade.check_grade_takes_marks(row.grade, "value")
            comment = str(given(command).get("comment", row.comment)).strip()
            marks.check_mark_changes((row.value, row.comment), (value, comment))
            reason = marks.change_reason(command.reason)
            changed = recording.changed_mark(session, actor, row, value, comment, reason)
            return inbox.answer(session, views.mark(row, **changed))

    @rpc(Marks.mark_history)
    def mark_history(self, actor: Actor, command: MarkId) -> View:
        """Every version of a mark; those who may read the mark may read them."""
        with self.unit_of_work(actor) as session:
            row = queries.mark(session, command.mark_id, actor.person_id)
            student = people_queries.student_ties(row, actor.person_id)
            if not permissions.may_read_mark(actor, row.student_id, courses_queries.course_ties(row), student):
                raise missing("mark", row.id)
            revisions = queries.revisions_of(session, row.id)
        return {"mark_id": row.id, "revisions": [dict(revision) for revision in revisions]}


def _post(
    session: Session, actor: Actor, command: PostMark | PostMarks, entries: dict[str, NewMark], news: recording.News
) -> tuple[list[View], list[NewRows]]:
    """All `entries` as marks, with the rows that save them; their keys are prefixes of field names in refusals."""
    lessons_queries.lock(session, command.lesson_id)
    column = queries.column(session, command.lesson_id, actor.person_id, command.kind_id)
    courses_permissions.check_writes_course(actor, courses_queries.course_ties(column), missing("lesson", column.id))
    policy = policy_queries.policy_of(column)
    marks.check_lesson_was_held(column.date, local_date(now(), policy.time_zone))
    students = [entry.student_id for entry in entries.values()]
    marks.check_each_student_once(students)
    members = courses_queries.members_of(column.members)
    accepted: list[recording.NewMark] = []
    for prefix, entry in entries.items():
        student_id = entry.student_id
        marks.check_member(student_id, members, prefix + "student_id")
        grade = members[student_id] if column.grade is None else column.grade
        first_grade.check_grade_takes_marks(grade, prefix + "student_id")
        value = cells.mark_text(entry.value, _scale(policy, grade), prefix + "value", column.date)
        accepted.append(recording.NewMark(student_id, value, entry.comment.strip()))
    kind_id = queries.kind_of_column(column, command.kind_id)
    if column.work_id is not None:
        marks.check_column_is_free(students, queries.marks_in_column(session, column.work_id, students))
    return recording.new_marks(session, actor, column, kind_id, accepted, news)


def _scale(policy: Policy, grade: int | None) -> Scale:
    return scale_at(policy, Place(grade))
