"""The heads of the grid's columns and rows: what the actor may enter in them, and why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.gradebook.sheets import EVERYBODY, NOBODY, OWN
from kernel.auth import Actor
from kernel.errors import Refused, refusal_of
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.courses.permissions import CourseTies
from services.gradebook.courses.queries.movement import Movement
from services.gradebook.journal import rules as journal_rules
from services.gradebook.lessons import queries as lessons_queries
from services.gradebook.lessons.rules.states import State
from services.gradebook.marks import deciding
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy.rules import first_grade, known_grade
from services.gradebook.policy.rules.known_grade import ClassGrade
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.rows import View
from services.gradebook.sheets import views
from services.gradebook.sheets.queries import LessonOfSheet, Member, PageRow
from services.gradebook.windows import views as windows_views
from services.gradebook.windows.queries import Held, Windows, openings_of
from services.gradebook.windows.rules.edit_windows import EditWindow, Lock, check_open


class Heads:
    """Makes the heads of columns, of one page for one actor; or those of an earlier moment, which take nothing."""

    def __init__(
        self, session: Session, actor: Actor, page: PageRow, ties: CourseTies, as_of: datetime | None = None
    ) -> None:
        self._session = session
        self._actor = actor
        self._page = page
        self._ties = ties
        self._earlier = None if as_of is None else journal_rules.earlier_record()
        self._windows = Windows(session, as_of=as_of)
        self._today = policy_queries.today_of(page, as_of)
        self._term = courses_queries.TermOfCourse(page.term_title, page.term_ends_on)
        self._openings = openings_of(page, page.openings)
        self._closing: dict[tuple[int, str], EditWindow] = {}

    @property
    def has_openings(self) -> bool:
        """Whether the methodologist keeps lessons of the course open now."""
        return any(one.holds(self._windows.now) for one in self._openings)

    def column(self, column: views.Column) -> View:
        """The head of a column."""
        one = column.lesson
        lesson = Held(one.id, one.date, self._page, self._term, self._openings, one.homework_due)
        kind = column.kind.name if column.kind else None
        refusal, opened_until, late = self._refusal(one, lesson), None, None
        if refusal is None and kind is not None:
            window = self._window(lesson, kind)
            refusal = refusal_of(lambda: check_open(window, self._windows.now, "lesson_id"))
            opened_until = window.opened_until(self._windows.now)
            late = self._late(lesson, kind) if refusal is None else None
        absences = self._earlier is None and self._takes_absences(one.state, lesson)
        return views.column(column, self._today, refusal, (opened_until, late), absences=absences)

    def _window(self, lesson: Held, kind: str) -> EditWindow:
        """The window of a lesson's marks.

        One that closes with the term is that of all later lessons of its policy and kind of work, if nobody opened any.
        """
        if self._openings:
            return self._windows.of(lesson, kind)
        key = (policy_queries.policy_on(self._session, self._page, lesson.day).version, kind)
        known = self._closing.get(key)
        if known is None or lesson.day < known.counted_from:
            found = self._windows.of(lesson, kind)
            if found.closed_by is not Lock.TERM:
                return found
            known = self._closing[key] = found
        return known

    def _late(self, lesson: Held, kind: str) -> View | None:
        """Whether first marks come late now; told only where the policy asks why."""
        if not self._windows.asks_reason(lesson, kind):
            return None
        return windows_views.late_marks(self._windows, lesson, kind)

    def _refusal(self, one: LessonOfSheet, lesson: Held) -> Refused | None:
        if self._earlier is not None:
            return self._earlier
        ties = lessons_queries.with_stand_in(self._ties, one.teacher_id, self._actor.person_id)
        return refusal_of(lambda: deciding.check_may_take_marks(self._actor, ties, one.state, lesson))

    def _takes_absences(self, state: str, lesson: Held) -> bool:
        """Whether its day has come, it is held, and its term is open."""
        if state == State.CANCELLED or lesson.day > self._today:
            return False
        if self._today <= self._term.ends_on:
            return True
        window = self._windows.of(lesson)
        return window.closed_by is not Lock.TERM or window.is_open(self._windows.now)


def whose_absences(actor: Actor, ties: CourseTies, policy: Policy, place: Place, members: Iterable[Member]) -> str:
    """Whose absences the actor may enter today (clause 3.3)."""
    if courses_permissions.enters_absences(actor, ties, policy.keeping.teachers_enter_absences.at(place).value):
        return EVERYBODY
    return OWN if any(is_own(actor, one) for one in members) else NOBODY


def is_own(actor: Actor, member: Member) -> bool:
    """Whether the actor is the homeroom teacher of a student's class."""
    return actor.person_id is not None and member.homeroom_teacher_id == actor.person_id


def rows(
    actor: Actor,
    page: PageRow,
    policy: Policy,
    members: Sequence[Member],
    means: Iterable[tuple[str, View]],
    term_marks: Mapping[UUID, str | None],
    moved: Mapping[str, Refused],
) -> list[View]:
    """The heads of rows: of students with their means and the term marks that are set, in this order.

    `moved` says of students whose marks went on in another course why they get none here.
    """
    known = {str(one.student_id): one for one in members}
    refusals: dict[ClassGrade, Refused | None] = {}
    found = {str(student): value for student, value in term_marks.items()}
    return [
        _row(actor, page, policy, student, known.get(student), mean, refusals)
        | {"term_mark": found.get(student)}
        | _closed(moved.get(student))
        for student, mean in means
    ]


def moved(
    page: PageRow, movement: Movement, students: Iterable[UUID], today: date, *, has_openings: bool
) -> dict[str, Refused]:
    """Student → why the marks are closed of who went on in another course; of none while lessons are kept open."""
    if has_openings:
        return {}
    refusals = {str(one): movement.refusal_of(one, page.id, today) for one in students}
    return {student_id: refusal for student_id, refusal in refusals.items() if refusal is not None}


def _closed(refusal: Refused | None) -> View:
    return {} if refusal is None else {"takes_marks": False, "refusal": refusal.to_wire()}


def _row(
    actor: Actor,
    page: PageRow,
    policy: Policy,
    student_id: str,
    member: Member | None,
    mean: View,
    refusals: dict[ClassGrade, Refused | None],
) -> View:
    own = courses_queries.grade_of(member) if member else ClassGrade()
    if own not in refusals:
        refusals[own] = _gets_no_marks(page, policy, own)
    refusal = refusals[own]
    return {
        "student_id": student_id,
        "own": member is not None and is_own(actor, member),
        "takes_marks": refusal is None,
        "refusal": refusal and refusal.to_wire(),
        "mean": mean["value"],
        "counted": mean["counted"],
    }


def _gets_no_marks(page: PageRow, policy: Policy, own: ClassGrade) -> Refused | None:
    """Why a student whose class is of this grade gets no marks; None for one who does."""
    grade = known_grade.deciding(courses_queries.grade_of(page), own)
    return refusal_of(lambda: first_grade.check_marked(policy, Place(grade.grade, page.subject), grade))
