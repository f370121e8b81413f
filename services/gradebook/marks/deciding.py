"""Decides, by the rules, what becomes of entries in columns: of whole columns, and of single cells of the grid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.auth import Actor
from kernel.errors import NotFound
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.courses.permissions import CourseTies
from services.gradebook.courses.queries import movement as movement_queries
from services.gradebook.courses.queries.movement import Movement
from services.gradebook.lessons import queries as lessons_queries
from services.gradebook.lessons.rules import states
from services.gradebook.marks import queries, recording
from services.gradebook.marks.rules import cells, columns, marks, owed
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy.rules import first_grade
from services.gradebook.policy.rules.known_grade import ClassGrade, deciding
from services.gradebook.policy.rules.policy import Place, Policy, place_of
from services.gradebook.policy.rules.scales import Scale, scale_at
from services.gradebook.rows import missing
from services.gradebook.windows import queries as windows_queries
from services.gradebook.windows.queries import Held, Windows
from services.gradebook.windows.rules.deadlines import Duty, Late


def check_takes_marks(actor: Actor, column: queries.ColumnRow, windows: Windows) -> None:
    """Refuse marks of a column that is not the actor's, cancelled, still to come or closed."""
    lesson = windows_queries.held(column, column.id)
    check_may_take_marks(actor, lessons_queries.ties(column, actor.person_id), column.state, lesson)
    windows.check(lesson, "lesson_id", column.kind)


def check_may_take_marks(actor: Actor, ties: CourseTies, state: str, lesson: Held) -> None:
    """The same of a lesson in a `state`, whatever its window says; `ties` are those of the actor to it."""
    courses_permissions.check_writes_course(actor, ties, _missing(lesson))
    states.check_is_held(state, lesson.day)
    marks.check_lesson_was_held(lesson.day, policy_queries.today_of(lesson.course))


def _missing(lesson: Held) -> NotFound:
    assert lesson.id is not None, "a lesson that takes marks has been entered"
    return missing("lesson", lesson.id)


def late(windows: Windows, column: queries.ColumnRow, reason: str) -> Late:
    """What is kept of marks that are set for the first time now, if that is late. Raises `Invalid`."""
    return windows.late(windows_queries.held(column, column.id), [Duty.MARKS], reason, column.kind)


def place_of_mark(column: queries.ColumnRow, policy: Policy, own: ClassGrade) -> Place:
    """The place of a mark of a student whose class is of the grade `own`."""
    grade = deciding(courses_queries.grade_of(column), own)
    return place_of(policy, grade.grade, column.subject, column.kind)


def check_gets_marks(column: queries.ColumnRow, policy: Policy, own: ClassGrade, field: str) -> None:
    """Refuse a mark where none is given to a student whose class is of the grade `own`; the refusal names `field`."""
    grade = deciding(courses_queries.grade_of(column), own)
    first_grade.check_marked(policy, place_of_mark(column, policy, own), grade, field)


class Moved:
    """Whose marks in a course are closed, as the student has moved to another one. Asks nothing where nobody left."""

    def __init__(self, session: Session, windows: Windows) -> None:
        self._session, self._windows = session, windows
        self._movements: dict[UUID, Movement] = {}

    def check(self, column: queries.ColumnRow, student_id: UUID, field: str) -> None:
        """Refuse the marks of a student in a column. Raises `Invalid`."""
        if student_id in courses_queries.left_before(column.members, policy_queries.today_of(column)):
            self.check_student(windows_queries.held(column, column.id), column.course_id, student_id, field)

    def check_student(self, lesson: Held, course_id: UUID, student_id: UUID, field: str) -> None:
        """The same in any lesson of a course, that the methodologist has not opened."""
        if any(one.covers(lesson.id, lesson.day) and one.holds(self._windows.now) for one in lesson.openings):
            return
        if course_id not in self._movements:
            self._movements[course_id] = movement_queries.of_course(self._session, course_id)
        # what a term that ended before the move has stays the course's
        movement = self._movements[course_id].by(lesson.term.ends_on if lesson.term else lesson.day)
        refusal = movement.refusal_of(student_id, course_id, policy_queries.today_of(lesson.course))
        if refusal is not None:
            refusal.field = field
            raise refusal


class Decided(NamedTuple):
    """What a command sets and changes in a column."""

    new: list[recording.NewMark]
    changed: list[recording.ChangedMark]
    owed: list[recording.OwedChange]

    def add(self, mark: recording.NewMark | recording.ChangedMark | None, owes: recording.OwedChange | None) -> None:
        """Add what an entry sets or changes."""
        if owes is not None:
            self.owed.append(owes)
        if isinstance(mark, recording.NewMark):
            self.new.append(mark)
        elif mark is not None:
            self.changed.append(mark)


class Scales:
    """The scales of a column's marks: found once for all students whose classes are of one grade."""

    def __init__(self, column: queries.ColumnRow, policy: Policy) -> None:
        """`policy` is that of the column's day."""
        self._column, self._policy = column, policy
        self._found: dict[ClassGrade, Scale] = {}

    def mark_text(self, own: ClassGrade, prefix: str, text: str) -> str:
        """The marks in a text, of a student whose class is of the grade `own`. Raises `Invalid`."""
        return cells.mark_text(text, self._scale(own, prefix), prefix + "value", self._column.date)

    def written(self, own: ClassGrade, prefix: str, text: str) -> cells.Written:
        """The marks and the work owed in a text. Raises `Invalid`."""
        return cells.column_written(text, self._scale(own, prefix), prefix + "value", self._column.date)

    def _scale(self, own: ClassGrade, prefix: str) -> Scale:
        column, policy = self._column, self._policy
        if own not in self._found:
            check_gets_marks(column, policy, own, prefix + "student_id")
            self._found[own] = scale_at(policy, place_of_mark(column, policy, own))
        return self._found[own]


def own_grade(members: Mapping[UUID, ClassGrade], student_id: UUID, kept: courses_queries.OfClass | None) -> ClassGrade:
    """What is known of the grade of the student's class; of one who has left, by the mark that is `kept`."""
    return members.get(student_id) or (courses_queries.grade_of(kept) if kept else ClassGrade())


def owed_of(
    student_id: UUID,
    kept: queries.OwedOfCell | None,
    written: cells.Written,
    seen: tuple[int | None, str],
    *,
    marked_now: bool,
) -> recording.OwedChange | None:
    """What becomes of the work that is owed in a cell; None if it stays as it is.

    `seen` is the version of it that was seen, and the field that says so. Raises `Stale`.
    """
    after = owed.outcome(
        kept, written.owed, has_mark=written.value is not None, marked_now=marked_now, seen=seen[0], field=seen[1]
    )
    return recording.OwedChange(student_id, kept, after) if after else None


def write_of(
    student_id: UUID, kept: queries.MarkShown | None, entered: columns.Entered, prefix: str, reason: str
) -> recording.NewMark | recording.ChangedMark | None:
    """The mark to be written; None if the entry changes nothing.

    Raises `Invalid` for a comment without a mark, and `Stale`; their fields begin with `prefix`.
    """
    value, comment = entered.value, columns.comment_of(kept, entered)
    match columns.outcome(kept, entered, prefix):
        case columns.Outcome.NEW if value is not None:
            return recording.NewMark(student_id, value, comment)
        case columns.Outcome.CHANGED if kept is not None:
            return recording.ChangedMark(kept, value, comment, reason)
    return None
