"""Selects what homework has beside its text, with the actor's ties to its lesson."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from kernel.data.among import among
from services.gradebook.courses.queries import TIES
from services.gradebook.courses.tables import Course, CourseMember
from services.gradebook.gathered import Values, gathered
from services.gradebook.homework.permissions import FamilyTies
from services.gradebook.homework.rules.details import Details, Link, Task
from services.gradebook.homework.tables import (
    HomeworkDetail,
    HomeworkDone,
    HomeworkFile,
    HomeworkRevision,
    LessonNote,
    PersonalTask,
)
from services.gradebook.lessons.queries import SHOWN, HeldBy, is_held
from services.gradebook.lessons.tables import Lesson, LessonRevision
from services.gradebook.people.tables import GuardianCopy
from services.gradebook.rows import missing

_Other: Final = aliased(Lesson, name="later_lesson")
#: The day of the next lesson of its course after the `Lesson` of the enclosing query.
NEXT_LESSON: Final = (
    select(func.min(_Other.date))
    .where(_Other.course_id == Lesson.course_id, _Other.date > Lesson.date, is_held(_Other))
    .correlate(Lesson)
    .scalar_subquery()
)


class FileOfLesson(NamedTuple):
    """A file of a lesson, from a value of `FILES`."""

    id: UUID
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What a lesson's homework has beside its text and files."""

    details: Details
    version: int
    #: The day of the course's next lesson.
    next_lesson: dt.date | None


#: Personal tasks of the `Lesson` of the enclosing query, for `tasks_of`.
TASKS: Final = (
    select(gathered(PersonalTask.student_id, PersonalTask.text, PersonalTask.due))
    .where(PersonalTask.lesson_id == Lesson.id)
    .correlate(Lesson)
    .scalar_subquery()
)
#: Files of the `Lesson` of the enclosing query that were not removed, for `files_of`.
FILES: Final = (
    select(gathered(HomeworkFile.id, HomeworkFile.name, HomeworkFile.media_type, HomeworkFile.size))
    .where(HomeworkFile.lesson_id == Lesson.id, HomeworkFile.removed_at.is_(None))
    .correlate(Lesson)
    .scalar_subquery()
)
_KEPT: Final = (
    select(
        HomeworkDetail.minutes,
        HomeworkDetail.links,
        func.coalesce(HomeworkDetail.version, 0).label("version"),
        TASKS.label("tasks"),
        NEXT_LESSON.label("next_lesson"),
    )
    .select_from(Lesson)
    .outerjoin(HomeworkDetail, HomeworkDetail.lesson_id == Lesson.id)
    .where(Lesson.id == bindparam("lesson_id"))
)


def kept(session: Session, lesson_id: UUID) -> Kept:
    """What a lesson that exists has."""
    row = session.execute(_KEPT, {"lesson_id": lesson_id}).one()
    links = tuple(Link(one["url"], one["title"]) for one in row.links or ())
    return Kept(Details(row.minutes, links, tasks_of(row.tasks)), row.version, row.next_lesson)


def tasks_of(rows: Iterable[Values]) -> tuple[Task, ...]:
    """The personal tasks of `TASKS`, by student."""
    return tuple(sorted(Task(UUID(student), text, dt.date.fromisoformat(due)) for student, text, due in rows))


def files_of(files: Iterable[Values] | None) -> list[FileOfLesson]:
    """The files of `FILES`, by name."""
    found = [FileOfLesson(UUID(file_id), *more) for file_id, *more in files or ()]
    return sorted(found, key=lambda file: (file.name, file.id))


class FileRow(Protocol):
    """A file of a lesson."""

    id: UUID
    lesson_id: UUID
    sha256: str
    name: str
    media_type: str
    size: int
    added_by: UUID | None
    added_at: dt.datetime
    removed_by: UUID | None
    removed_at: dt.datetime | None


_FILE: Final = (
    HomeworkFile.id,
    HomeworkFile.lesson_id,
    HomeworkFile.sha256,
    HomeworkFile.name,
    HomeworkFile.media_type,
    HomeworkFile.size,
    HomeworkFile.added_by,
    HomeworkFile.added_at,
    HomeworkFile.removed_by,
    HomeworkFile.removed_at,
)
_FILES: Final = (
    select(*_FILE)
    .where(HomeworkFile.lesson_id == bindparam("lesson_id"))
    .order_by(HomeworkFile.added_at, HomeworkFile.id)
)


def files(session: Session, lesson_id: UUID) -> Sequence[FileRow]:
    """The files of a lesson, and those that were removed, in the order in which they were added."""
    return cast("Sequence[FileRow]", session.execute(_FILES, {"lesson_id": lesson_id}).all())


def present_files(session: Session, lesson_id: UUID) -> list[FileRow]:
    """The files that a lesson has."""
    return [one for one in files(session, lesson_id) if one.removed_at is None]


_LESSON_OF_FILE: Final = select(HomeworkFile.lesson_id).where(HomeworkFile.id == bindparam("file_id"))


def lesson_of_file(session: Session, file_id: UUID) -> UUID:
    """The lesson that a file belongs to. Raises `NotFound`."""
    found = session.scalar(_LESSON_OF_FILE, {"file_id": file_id})
    if found is None:
        raise missing("file", file_id)
    return found


class TiedFile(FileRow, HeldBy, Protocol):
    """A file with the person's ties to its lesson."""

    date: dt.date
    own: bool
    guards: bool


#: The last day on which students who join the course have the homework to do.
_LAST_DAY: Final = func.coalesce(Lesson.homework_due, NEXT_LESSON, Lesson.date)
_HAS_HOMEWORK: Final = (
    CourseMember.course_id == Lesson.course_id,
    CourseMember.since <= _LAST_DAY,
    or_(CourseMember.until.is_(None), CourseMember.until >= Lesson.date),
)
_PERSON: Final[ColumnElement[Any]] = bindparam("person_id")
_OWN: Final = exists().where(*_HAS_HOMEWORK, CourseMember.student_id == _PERSON).correlate(Lesson)
_GUARDS: Final = (
    exists()
    .where(*_HAS_HOMEWORK, GuardianCopy.student_id == CourseMember.student_id, GuardianCopy.guardian_id == _PERSON)
    .correlate(Lesson)
)
_TIED_FILE: Final = (
    select(*_FILE, Lesson.date, Lesson.teacher_id, *TIES, _OWN.label("own"), _GUARDS.label("guards"))
    .select_from(HomeworkFile)
    .join(Lesson, Lesson.id == HomeworkFile.lesson_id)
    .join(Course, Course.id == Lesson.course_id)
    .where(HomeworkFile.id == bindparam("file_id"), HomeworkFile.removed_at.is_(None))
)


def file(session: Session, file_id: UUID, person_id: UUID | None) -> TiedFile:
    """A file that its lesson has, with the person's ties. Raises `NotFound`."""
    row = session.execute(_TIED_FILE, {"file_id": file_id, "person_id": person_id}).one_or_none()
    if row is None:
        raise missing("file", file_id)
    return cast(TiedFile, row)


def family_ties(row: TiedFile) -> FamilyTies:
    """The person's ties to students who have the homework."""
    return FamilyTies(own=bool(row.own), guards=bool(row.guards))


class LessonHomework(Protocol):
    """A lesson of a day with the numbers of what its homework has."""

    lesson_id: UUID
    minutes: int | None
    links: list[Any] | None
    files: int
    tasks: int
    next_lesson: dt.date | None
    version: int


_OF_LESSONS: Final = (
    select(
        Lesson.id.label("lesson_id"),
        HomeworkDetail.minutes,
        HomeworkDetail.links,
        func.coalesce(HomeworkDetail.version, 0).label("version"),
        select(func.count(HomeworkFile.id))
        .where(HomeworkFile.lesson_id == Lesson.id, HomeworkFile.removed_at.is_(None))
        .correlate(Lesson)
        .scalar_subquery()
        .label("files"),
        select(func.count(PersonalTask.student_id))
        .where(PersonalTask.lesson_id == Lesson.id)
        .correlate(Lesson)
        .scalar_subquery()
        .label("tasks"),
        NEXT_LESSON.label("next_lesson"),
    )
    .select_from(Lesson)
    .outerjoin(HomeworkDetail, HomeworkDetail.lesson_id == Lesson.id)
    .where(among(Lesson.id, "lesson_ids"))
)


def of_lessons(session: Session, lesson_ids: Collection[UUID]) -> Sequence[LessonHomework]:
    """What the homework of these lessons has, in no order."""
    return cast("Sequence[LessonHomework]", session.execute(_OF_LESSONS, {"lesson_ids": lesson_ids}).all())


_TAUGHT_ON: Final = select(Lesson.date).where(Lesson.course_id == bindparam("course_id"), is_held(Lesson))


def days_with_lessons(session: Session, course_id: UUID, days: Collection[dt.date]) -> set[dt.date]:
    """Those of the days on which a course has a lesson."""
    return set(session.scalars(_TAUGHT_ON.where(Lesson.date.in_(sorted(days))), {"course_id": course_id}))


class TextRow(Protocol):
    """A version of a lesson's topic and homework."""

    version: int
    topic: str
    homework: str
    homework_due: dt.date | None
    changed_by: UUID | None
    changed_at: dt.datetime
    due_on: dt.date | None
    reason: str


class ChangeRow(Protocol):
    """A change of what a lesson's homework has beside its text."""

    version: int
    what: str
    file: str
    minutes: int | None
    links: list[Values]
    tasks: list[Values]
    changed_by: UUID | None
    changed_at: dt.datetime
    due_on: dt.date | None
    reason: str


_TEXTS: Final = (
    select(
        LessonRevision.version,
        LessonRevision.topic,
        LessonRevision.homework,
        LessonRevision.homework_due,
        LessonRevision.changed_by,
        LessonRevision.changed_at,
        LessonRevision.due_on,
        LessonRevision.reason,
    )
    .where(LessonRevision.lesson_id == bindparam("lesson_id"))
    .order_by(LessonRevision.version.desc())
)
_CHANGES: Final = (
    select(
        HomeworkRevision.version,
        HomeworkRevision.what,
        HomeworkRevision.file,
        HomeworkRevision.minutes,
        HomeworkRevision.links,
        HomeworkRevision.tasks,
        HomeworkRevision.changed_by,
        HomeworkRevision.changed_at,
        HomeworkRevision.due_on,
        HomeworkRevision.reason,
    )
    .where(HomeworkRevision.lesson_id == bindparam("lesson_id"))
    .order_by(HomeworkRevision.version.desc())
)


def texts(session: Session, lesson_id: UUID) -> Sequence[TextRow]:
    """The versions of a lesson's topic and homework, the newest first."""
    return cast("Sequence[TextRow]", session.execute(_TEXTS, {"lesson_id": lesson_id}).all())


def changes(session: Session, lesson_id: UUID) -> Sequence[ChangeRow]:
    """The changes of what a lesson's homework has beside its text, the newest first."""
    return cast("Sequence[ChangeRow]", session.execute(_CHANGES, {"lesson_id": lesson_id}).all())


class ToDo(Protocol):
    """What a lesson gave the person to do, and the person's tick."""

    homework: str
    task: str | None
    links: list[dict[str, str]] | None
    #: Each with its id alone.
    files: list[Values]
    #: Whether the person is a student who has the homework.
    own: bool
    #: Of the tick; None without one.
    fingerprint: str | None


_FILE_IDS: Final = (
    select(gathered(HomeworkFile.id))
    .where(HomeworkFile.lesson_id == Lesson.id, HomeworkFile.removed_at.is_(None))
    .correlate(Lesson)
    .scalar_subquery()
)
_TO_DO: Final = (
    select(
        Lesson.homework,
        PersonalTask.text.label("task"),
        HomeworkDetail.links,
        _FILE_IDS.label("files"),
        _OWN.label("own"),
        HomeworkDone.fingerprint,
    )
    .select_from(Lesson)
    .outerjoin(HomeworkDetail, HomeworkDetail.lesson_id == Lesson.id)
    .outerjoin(PersonalTask, and_(PersonalTask.lesson_id == Lesson.id, PersonalTask.student_id == _PERSON))
    .outerjoin(HomeworkDone, and_(HomeworkDone.lesson_id == Lesson.id, HomeworkDone.student_id == _PERSON))
    .where(Lesson.id == bindparam("lesson_id"), SHOWN)
)


def to_do(session: Session, lesson_id: UUID, person_id: UUID | None) -> ToDo:
    """What a lesson that people see gave the person to do. Raises `NotFound`."""
    row = session.execute(_TO_DO, {"lesson_id": lesson_id, "person_id": person_id}).one_or_none()
    if row is None:
        raise missing("lesson", lesson_id)
    return cast(ToDo, row)


_NOTE: Final = select(LessonNote.text).where(
    LessonNote.lesson_id == bindparam("lesson_id"), LessonNote.person_id == bindparam("person_id")
)


def note(session: Session, lesson_id: UUID, person_id: UUID | None) -> str:
    """The person's own note on a lesson; empty if there is none."""
    return session.scalar(_NOTE, {"lesson_id": lesson_id, "person_id": person_id}) or ""


_STORED: Final = select(HomeworkFile.school_id, HomeworkFile.sha256).distinct()


def stored(session: Session) -> list[tuple[UUID, str]]:
    """School and content of every file that a lesson has or had; of all schools the session is open to."""
    return [(row.school_id, row.sha256) for row in session.execute(_STORED)]
