"""What every change of a lesson begins with: whether this actor may change it now, and whether it was seen as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.auth import Actor
from kernel.errors import NotFound, Stale
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.lessons import queries, recording, views
from services.gradebook.lessons.queries import LessonInTerm, LessonRow
from services.gradebook.lessons.rules import lessons, states
from services.gradebook.policy.queries import policy_on
from services.gradebook.policy.rules import first_grade
from services.gradebook.policy.rules.known_grade import in_lesson
from services.gradebook.rows import View, missing
from services.gradebook.windows import views as windows_views
from services.gradebook.windows.queries import Held, Windows, held
from services.gradebook.windows.rules.deadlines import Duty, Late


@dataclass(frozen=True, slots=True)
class Changing:
    """A lesson that the actor may change, locked until the transaction ends, and until when that is so."""

    row: LessonRow
    windows: Windows
    held: Held

    @property
    def description(self) -> lessons.Description:
        """Topic and homework as they are before the change."""
        return lessons.Description(self.row.topic, self.row.homework, self.row.homework_due)

    def late(self, duties: Iterable[Duty], reason: str) -> Late:
        """What is kept of an entry that does these duties now, for a `reason`. Raises `Invalid`."""
        return self.windows.late(self.held, duties, reason)


def change(
    session: Session, actor: Actor, lesson_id: UUID, refusal: NotFound | None = None, field: str = "lesson_id"
) -> Changing:
    """The lesson, locked against others who would change it (clause 3.2).

    Raises `Forbidden` for who does not teach its course, or `refusal` (there is no such lesson) where the actor may not
    read it either; `Conflict` for a cancelled lesson, and for one that is closed, which names the `field`.
    """
    row = queries.lesson(session, lesson_id, actor.person_id, lock=True)
    ties = queries.ties(row, actor.person_id)
    courses_permissions.check_writes_course(actor, ties, refusal or missing("lesson", row.id))
    states.check_is_held(row.state, row.date)
    windows, lesson = Windows(session), held(row, row.id)
    windows.check(lesson, field)
    return Changing(row, windows, lesson)


def change_description(session: Session, actor: Actor, lesson_id: UUID, version: int) -> Changing:
    """As `change`, for topic, homework and topics of the plan; raises `Stale` for who saw an earlier `version`."""
    changing = change(session, actor, lesson_id)
    if changing.row.version != version:
        present = shown(session, changing.row, changing.windows)
        raise Stale("Someone changed the lesson first.", rule="stale", field="version", present=present)
    return changing


def described(session: Session, actor: Actor, changing: Changing, after: lessons.Description, reason: str) -> View:
    """Save a lesson's description, with its history. Returns the columns that changed.

    What is entered first and late is marked so, with its `reason`; new homework is announced to the lesson's students.
    Raises `Invalid` where the policy asks for a reason, or gives no homework.
    """
    row, before = changing.row, changing.description
    late = changing.late(lessons.first_entries(before, after), reason)
    students: list[UUID] = []
    if lessons.homework_is_news(before, after):
        students = check_takes_homework(session, row)
    return recording.described_lesson(session, actor, row, after, students, late)


def check_takes_homework(session: Session, row: LessonRow) -> list[UUID]:
    """Refuse homework for students who have none (clause 2.5). Returns the students of the lesson."""
    members = courses_queries.members_on(session, row.course_id, row.date)
    grades = in_lesson(courses_queries.grade_of(row), members.values())
    first_grade.check_homework_given(policy_on(session, row, row.date), grades, row.subject)
    return list(members)


def shown(session: Session, row: LessonInTerm, windows: Windows, **changed: Any) -> View:
    """The view of a lesson, which says whether it is closed; `changed` overrides columns that changed since."""
    window = windows_views.of_lesson(windows, held(row, row.id))
    return views.lesson(row, queries.taken(session, row), window, **changed)
