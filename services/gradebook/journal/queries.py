"""Selects the rows of whole pages and of notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, NamedTuple, Protocol, cast
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, and_, bindparam, case, exists, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from kernel.clock import now
from kernel.data.among import among
from services.gradebook.as_it_stood import at
from services.gradebook.brought.queries import elsewhere_in_course, elsewhere_of_student
from services.gradebook.calendar.tables import Term, Year
from services.gradebook.classrooms.tables import Classroom
from services.gradebook.courses.queries import (
    GRADE_OF_COURSE,
    CourseClass,
    CourseRow,
    course_with_ties,
    teachers_beside,
)
from services.gradebook.courses.queries.movement import Movement, StayInCourse
from services.gradebook.courses.tables import Course, CourseMember, Subject
from services.gradebook.gathered import Values, gathered
from services.gradebook.homework.queries import TASKS
from services.gradebook.homework.tables import HomeworkDetail, HomeworkDone, HomeworkFile, PersonalTask
from services.gradebook.lessons.queries import (
    CAME,
    HELD,
    IN_ORDER,
    SHOWN,
    STANDING,
    Came,
    LessonShown,
    LessonThen,
    Standing,
    in_order,
    is_held,
    lesson_columns,
)
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.queries import (
    MARKS_IN_ORDER,
    MarkShown,
    MarkThen,
    is_shown,
    kinds_beside,
    mark_columns,
    marks_in_order,
    only_if_helps,
)
from services.gradebook.marks.rules.owed import OWED
from services.gradebook.marks.tables import KindOfWork, Mark, MarkRevision, OwedWork
from services.gradebook.people.queries import TiedToStudent, student_with_ties
from services.gradebook.people.tables import StudentCopy
from services.gradebook.policy.queries import SETTING, SETTING_THEN, SettingRow
from services.gradebook.policy.tables import Setting
from services.gradebook.rows import missing
from services.gradebook.windows.queries import openings_beside

# --- the journal -----------------------------------------------------------------------------------


class FrameRow(CourseRow, Protocol):
    """A course with the person's ties and the school's setting, and the frame of its page for a term."""

    #: These are None where the course goes by no such term: its year has none, or in another division.
    term_id: UUID | None
    term_title: str
    term_starts_on: dt.date
    term_ends_on: dt.date
    teachers: list[Values]
    #: For `marks.queries.kinds_of`.
    kinds: list[Values]
    #: For `windows.queries.openings_of`.
    openings: list[Values]
    #: For `brought.queries.Elsewhere`.
    elsewhere: list[Values]


class PageRow(FrameRow, Protocol):
    """The frame of a journal page."""

    #: For `members_of`.
    students: list[Values]


class MemberTime(NamedTuple):
    """A student's time in a course, both days included."""

    student_id: UUID
    since: dt.date
    until: dt.date | None


#: Whether a membership is one of the `Course` of the enclosing query on any day of its `Term`.
IN_TERM: Final = and_(
    CourseMember.course_id == Course.id,
    CourseMember.since <= Term.ends_on,
    or_(CourseMember.until.is_(None), CourseMember.until >= Term.starts_on),
)
_STUDENTS_OF_TERM: Final = (
    select(gathered(CourseMember.student_id, CourseMember.since, CourseMember.until))
    .where(IN_TERM)
    .correlate(Course, Term)
    .scalar_subquery()
)


def _frame(*, then: bool) -> Select[*tuple[Any, ...]]:
    return (
        course_with_ties(SETTING_THEN if then else SETTING)
        .outerjoin(
            Term,
            and_(Term.id == bindparam("term_id"), Term.year_id == Course.year_id, Term.division == Course.division),
        )
        .add_columns(
            Term.id.label("term_id"),
            Term.title.label("term_title"),
            Term.starts_on.label("term_starts_on"),
            Term.ends_on.label("term_ends_on"),
            teachers_beside().label("teachers"),
            kinds_beside().label("kinds"),
            openings_beside(then=then).label("openings"),
            elsewhere_in_course(then=then).label("elsewhere"),
        )
    )


#: For pages of a term that need more beside.
FRAME: Final = _frame(then=False)
#: The same at the moment `AS_OF`: versions of the policy, openings and marks of other schools; the rest is today's.
FRAME_THEN: Final = _frame(then=True)
_PAGE: Final = FRAME.add_columns(_STUDENTS_OF_TERM.label("students"))
_PAGE_THEN: Final = FRAME_THEN.add_columns(_STUDENTS_OF_TERM.label("students"))


class MarkOfPage(MarkShown, Protocol):
    """A mark, and whether it counts only where it raises the mean, as its column says."""

    only_if_helps: bool


def _marks_between(mark: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*mark_columns(mark), only_if_helps(mark, then=mark is MarkThen))
        .where(
            mark.course_id == bindparam("course_id"), mark.date.between(bindparam("starts_on"), bindparam("ends_on"))
        )
        .order_by(*marks_in_order(mark))
    )


_MARKS_BETWEEN: Final = _marks_between(Mark)
_MARKS_BETWEEN_THEN: Final = _marks_between(MarkThen)


def page(
    session: Session, course_id: UUID, term_id: UUID, person_id: UUID | None, as_of: dt.datetime | None = None
) -> PageRow:
    """The frame of a course's page for a term, with the person's ties. Raises `NotFound` for the course."""
    return cast(PageRow, frame(session, _PAGE_THEN if as_of else _PAGE, course_id, term_id, person_id, as_of))


def frame(
    session: Session,
    statement: Any,
    course_id: UUID,
    term_id: UUID,
    person_id: UUID | None,
    as_of: dt.datetime | None = None,
) -> Any:
    """The row of a statement made of `FRAME`, or of `FRAME_THEN`. Raises `NotFound` for the course."""
    wanted = {"course_id": course_id, "term_id": term_id, "person_id": person_id, **at(as_of)}
    row = session.execute(statement, wanted).one_or_none()
    if row is None:
        raise missing("course", course_id)
    return row


def members_of(page: PageRow) -> list[MemberTime]:
    """The students who were in the course on any day of the term, with the days; a student may have several times."""
    return sorted(
        MemberTime(UUID(student), dt.date.fromisoformat(since), until and dt.date.fromisoformat(until))
        for student, since, until in page.students
    )


def marks_between(
    session: Session, course_id: UUID, starts_on: dt.date, ends_on: dt.date, as_of: dt.datetime | None = None
) -> Sequence[MarkOfPage]:
    """A course's marks of lessons in the period, in order; as they stood at a moment, if one is given."""
    wanted = {"course_id": course_id, "starts_on": starts_on, "ends_on": ends_on, **at(as_of)}
    statement = _MARKS_BETWEEN_THEN if as_of else _MARKS_BETWEEN
    return cast("Sequence[MarkOfPage]", session.execute(statement, wanted).all())


# --- the diary -------------------------------------------------------------------------------------


class FamilyMark(Protocol):
    """A mark as the student's family sees it."""

    id: UUID
    lesson_id: UUID
    course_id: UUID
    kind_id: UUID
    date: dt.date
    value: str
    comment: str
    version: int
    only_if_helps: bool


class DiaryLesson(Standing, Came, Protocol):
    """A lesson that was held or planned in a week, or that gave homework which is due in it."""

    id: UUID
    course_id: UUID
    title: str
    date: dt.date
    number: int | None
    topic: str
    homework: str
    homework_due: dt.date | None
    class_id: UUID | None
    grade: int | None
    #: The day of the course's next lesson on a later day; selected only for homework without a day.
    next_lesson: dt.date | None
    minutes: int | None
    links: list[dict[str, str]] | None
    #: For `files_of`.
    files: list[Values]
    #: The student's own task.
    task: str | None
    task_due: dt.date | None
    #: Of the student's tick; None without one, and for those who are not told.
    done_at: dt.datetime | None
    fingerprint: str | None
    year_id: UUID
    year_version: int


class FileOfLesson(NamedTuple):
    """A file of a lesson, from a value of `DiaryLesson.files`."""

    id: UUID
    name: str
    media_type: str
    size: int


class CourseShown(Protocol):
    """A course, and the division of which year it goes by."""

    id: UUID
    title: str
    year_id: UUID
    division: str
    subject: str
    grade: int | None


class CourseTime(NamedTuple):
    """A course and a student's membership of it, from a value of `StudentRow.courses`."""

    id: UUID
    title: str
    year_id: UUID
    division: str
    since: dt.date
    until: dt.date | None
    subject: str
    grade: int | None
    subject_id: UUID
    group_name: str
    class_id: UUID | None
    class_name: str | None


class TermOfStudent(NamedTuple):
    """A term by which a course of a student goes, from a value of `StudentRow.terms`."""

    id: UUID
    title: str
    starts_on: dt.date
    ends_on: dt.date
    division: str
    year_id: UUID


class StudentRow(TiedToStudent, SettingRow, Protocol):
    """A student with what the pages of the family need beside marks and lessons."""

    #: For `courses_of`.
    courses: list[Values]
    #: For `marks.queries.kinds_of`.
    kinds: list[Values]
    #: For `brought.queries.Elsewhere`.
    elsewhere: list[Values]


class OwedByStudent(NamedTuple):
    """A work that a student owes, from a value of `StudentOfDiaryRow.owed`."""

    lesson_id: UUID
    course_id: UUID
    title: str
    kind: str
    date: dt.date
    due: dt.date | None


class StudentOfDiaryRow(StudentRow, Protocol):
    """A student with the courses of a period, and what is owed."""

    #: For `owed_by`.
    owed: list[Values]


class StudentOfTermsRow(StudentRow, Protocol):
    """A student with the courses of all years, and the terms by which they go."""

    #: For `terms_of`.
    terms: list[Values]


_COURSES_OF_STUDENT: Final = (
    select(
        gathered(
            Course.id,
            Course.title,
            Course.year_id,
            Course.division,
            CourseMember.since,
            CourseMember.until,
            Subject.name,
            GRADE_OF_COURSE,
            Course.subject_id,
            Course.group_name,
            Course.class_id,
            CourseClass.name,
        )
    )
    .select_from(Course)
    .join(Subject, Subject.id == Course.subject_id)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .join(CourseMember, CourseMember.course_id == Course.id)
    .where(CourseMember.student_id == StudentCopy.student_id)
    .correlate(StudentCopy)
)
_COURSES_BETWEEN: Final = _COURSES_OF_STUDENT.join(Year, Year.id == Course.year_id).where(
    Year.starts_on <= bindparam("ends_on"),
    Year.ends_on >= bindparam("starts_on"),
    CourseMember.since <= bindparam("ends_on"),
    or_(CourseMember.until.is_(None), CourseMember.until >= bindparam("starts_on")),
)
_GOES_BY_TERM: Final = (
    exists()
    .where(
        CourseMember.course_id == Course.id,
        CourseMember.student_id == StudentCopy.student_id,
        Course.year_id == Term.year_id,
        Course.division == Term.division,
    )
    .correlate(StudentCopy, Term)
)
_TERMS_OF_STUDENT: Final = (
    select(gathered(Term.id, Term.title, Term.starts_on, Term.ends_on, Term.division, Term.year_id))
    .where(_GOES_BY_TERM)
    .correlate(StudentCopy)
)
_ANY_STUDENT: Final = (
    student_with_ties()
    .outerjoin(Setting, Setting.school_id == StudentCopy.school_id)
    .add_columns(*SETTING, kinds_beside().label("kinds"), elsewhere_of_student().label("elsewhere"))
)
_OWED_BY_STUDENT: Final = (
    select(gathered(Lesson.id, Course.id, Course.title, KindOfWork.name, Lesson.date, OwedWork.due))
    .select_from(OwedWork)
    .join(Lesson, Lesson.id == OwedWork.lesson_id)
    .join(Course, Course.id == Lesson.course_id)
    .join(KindOfWork, KindOfWork.id == OwedWork.kind_id)
    .where(OwedWork.student_id == StudentCopy.student_id, OwedWork.state == OWED, is_shown(OwedWork))
    .correlate(StudentCopy)
    .scalar_subquery()
)
_STUDENT: Final = _ANY_STUDENT.add_columns(
    _COURSES_BETWEEN.scalar_subquery().label("courses"), _OWED_BY_STUDENT.label("owed")
)
_STUDENT_OF_TERMS: Final = _ANY_STUDENT.add_columns(
    _COURSES_OF_STUDENT.scalar_subquery().label("courses"), _TERMS_OF_STUDENT.scalar_subquery().label("terms")
)
_MARKS_OF_STUDENT: Final = (
    select(
        Mark.id,
        Mark.lesson_id,
        Mark.course_id,
        Mark.kind_id,
        Mark.date,
        Mark.value,
        Mark.comment,
        Mark.version,
        only_if_helps(Mark),
    )
    .where(
        Mark.student_id == bindparam("student"),
        Mark.value.is_not(None),
        Mark.date.between(bindparam("starts_on"), bindparam("ends_on")),
        is_shown(Mark),
    )
    .order_by(*MARKS_IN_ORDER)
)
_Other: Final = aliased(Lesson, name="other_lesson")
_OTHER_HELD: Final = is_held(_Other)
_NEXT_LESSON: Final = (
    select(func.min(_Other.date))
    .where(_Other.course_id == Lesson.course_id, _Other.date > Lesson.date, _OTHER_HELD)
    .correlate(Lesson)
    .scalar_subquery()
)
# DISTINCT changes no row: without it PostgreSQL asks for the last day of a course once for each of its lessons.
_LAST_DAY_BEFORE: Final = (
    select(
        Course.id,
        select(func.max(_Other.date))
        .where(_Other.course_id == Course.id, _Other.date < bindparam("starts_on"), _OTHER_HELD)
        .correlate(Course)
        .scalar_subquery()
        .label("day"),
    )
    .where(among(Course.id, "course_ids"))
    .distinct()
    .subquery()
)
_Given: Final = aliased(Lesson, name="given_lesson")
_WEEK: Final[tuple[Any, Any]] = (bindparam("starts_on"), bindparam("ends_on"))
#: Homework without a day that is due in a week was given in it, or on the last day before it.
_OF_WEEK: Final = union_all(
    select(_Given.id).where(among(_Given.course_id, "course_ids"), _Given.date.between(*_WEEK)),
    select(_Given.id).where(among(_Given.course_id, "course_ids"), _Given.homework_due.between(*_WEEK)),
    select(_Given.id)
    .join(_LAST_DAY_BEFORE, and_(_LAST_DAY_BEFORE.c.id == _Given.course_id, _LAST_DAY_BEFORE.c.day == _Given.date))
    .where(_Given.homework != "", _Given.homework_due.is_(None)),
    select(PersonalTask.lesson_id).where(
        PersonalTask.student_id == bindparam("student"), PersonalTask.due.between(*_WEEK)
    ),
)
_FILES_OF_LESSON: Final = (
    select(gathered(HomeworkFile.id, HomeworkFile.name, HomeworkFile.media_type, HomeworkFile.size))
    .where(HomeworkFile.lesson_id == Lesson.id, HomeworkFile.removed_at.is_(None))
    .correlate(Lesson)
    .scalar_subquery()
)
_DIARY_LESSONS: Final = (
    select(
        Lesson.id, Lesson.course_id, Course.title, Lesson.date, Lesson.number, Lesson.topic, Lesson.homework,
        Lesson.homework_due, Course.class_id, GRADE_OF_COURSE.label("grade"),
        case((and_(Lesson.homework != "", Lesson.homework_due.is_(None)), _NEXT_LESSON)).label("next_lesson"),
        *STANDING, CAME,
        HomeworkDetail.minutes, HomeworkDetail.links, PersonalTask.text.label("task"),
        PersonalTask.due.label("task_due"),
        # a lesson that has files has a detail
        case((HomeworkDetail.version > 0, _FILES_OF_LESSON)).label("files"),
        HomeworkDone.done_at, HomeworkDone.fingerprint,
        Course.year_id, Year.version.label("year_version"),
    )
    .join(Course, Course.id == Lesson.course_id)
    .join(Year, Year.id == Course.year_id)
    .outerjoin(Classroom, Classroom.id == Lesson.classroom_id)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .outerjoin(HomeworkDetail, HomeworkDetail.lesson_id == Lesson.id)
    .outerjoin(
        PersonalTask, and_(PersonalTask.lesson_id == Lesson.id, PersonalTask.student_id == bindparam("student"))
    )
    .outerjoin(
        HomeworkDone, and_(HomeworkDone.lesson_id == Lesson.id, HomeworkDone.student_id == bindparam("ticked_by"))
    )
    .where(Lesson.id.in_(_OF_WEEK), SHOWN)
    .order_by(*IN_ORDER)
)  # fmt: skip
_COURSES: Final = (
    select(
        Course.id,
        Course.title,
        Course.year_id,
        Course.division,
        Subject.name.label("subject"),
        GRADE_OF_COURSE.label("grade"),
    )
    .join(Subject, Subject.id == Course.subject_id)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .where(among(Course.id, "course_ids"))
)


def _lessons_of(lesson: Any, held: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(*lesson_columns(lesson))
        .join(Course, Course.id == lesson.course_id)
        .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
        .where(
            among(lesson.course_id, "course_ids"),
            lesson.date.between(bindparam("starts_on"), bindparam("ends_on")),
            held,
        )
        .order_by(*in_order(lesson))
    )


_LESSONS_OF: Final = _lessons_of(Lesson, HELD)
#: Which lessons were held then has no history; those with a mark that stood were, whatever became of them.
_MARKED_THEN: Final = LessonThen.id.in_(
    select(MarkThen.lesson_id).where(
        among(MarkThen.course_id, "course_ids"),
        MarkThen.date.between(bindparam("starts_on"), bindparam("ends_on")),
        MarkThen.value.is_not(None),
    )
)
_LESSONS_OF_THEN: Final = _lessons_of(LessonThen, or_(is_held(LessonThen), _MARKED_THEN))


def student(
    session: Session, student_id: UUID, person_id: UUID | None, starts_on: dt.date, ends_on: dt.date
) -> StudentOfDiaryRow | None:
    """A student with the person's ties, the courses of the period and what is owed; None if there is no such one."""
    wanted = {
        "student_id": student_id, "person_id": person_id, "starts_on": starts_on, "ends_on": ends_on, "shown_at": now(),
    }  # fmt: skip
    return cast("StudentOfDiaryRow | None", session.execute(_STUDENT, wanted).one_or_none())


def owed_by(row: StudentOfDiaryRow) -> list[OwedByStudent]:
    """What a student owes: what is due first, then what has no date, each in the order of the lessons."""
    found = [
        OwedByStudent(
            UUID(lesson_id), UUID(course_id), title, kind, dt.date.fromisoformat(date),
            due and dt.date.fromisoformat(due),
        )
        for lesson_id, course_id, title, kind, date, due in row.owed
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.due or dt.date.max, one.date, one.title, one.lesson_id))


def student_of_terms(session: Session, student_id: UUID, person_id: UUID | None) -> StudentOfTermsRow | None:
    """A student with the person's ties, all courses and their terms; None if the school has no such student."""
    wanted = {"student_id": student_id, "person_id": person_id}
    return cast("StudentOfTermsRow | None", session.execute(_STUDENT_OF_TERMS, wanted).one_or_none())


def courses_of(row: StudentRow) -> list[CourseTime]:
    """The courses of the student's row, with the dates of the membership."""
    return [
        CourseTime(
            UUID(course_id), title, UUID(year_id), division,
            dt.date.fromisoformat(since), until and dt.date.fromisoformat(until), subject, grade,
            UUID(subject_id), group_name, class_id and UUID(class_id), class_name,
        )
        for course_id, title, year_id, division, since, until, subject, grade, subject_id, group_name, class_id,
        class_name in row.courses
    ]  # fmt: skip


def moves_of(student_id: UUID, courses: Iterable[CourseTime], by: dt.date = dt.date.max) -> Movement:
    """For which courses the student left others of `courses`, which are the student's, by a day."""
    return Movement(
        StayInCourse(
            student_id, one.id, one.since, one.until, one.title, one.group_name, one.class_id, one.class_name,
            one.subject_id, one.year_id,
        )
        for one in courses
        if one.since <= by
    )  # fmt: skip


def terms_of(row: StudentOfTermsRow) -> list[TermOfStudent]:
    """The terms by which the student's courses go, by date."""
    terms = [
        TermOfStudent(
            UUID(term_id), title, dt.date.fromisoformat(starts_on), dt.date.fromisoformat(ends_on), division,
            UUID(year_id),
        )
        for term_id, title, starts_on, ends_on, division, year_id in row.terms
    ]  # fmt: skip
    return sorted(terms, key=lambda term: (term.starts_on, term.ends_on, term.id))


def marks_of(session: Session, student_id: UUID, starts_on: dt.date, ends_on: dt.date) -> Sequence[FamilyMark]:
    """A student's marks of lessons in the period, in order; withdrawn ones and those of hidden columns are left out."""
    wanted = {"student": student_id, "starts_on": starts_on, "ends_on": ends_on, "shown_at": now()}
    return cast("Sequence[FamilyMark]", session.execute(_MARKS_OF_STUDENT, wanted).all())


def courses(session: Session, course_ids: Collection[UUID]) -> Sequence[CourseShown]:
    """These courses."""
    if not course_ids:
        return []
    return cast("Sequence[CourseShown]", session.execute(_COURSES, {"course_ids": course_ids}).all())


def lessons_of(
    session: Session,
    course_ids: Collection[UUID],
    starts_on: dt.date,
    ends_on: dt.date,
    as_of: dt.datetime | None = None,
) -> Sequence[LessonShown]:
    """The lessons of these courses in the period, in order; with topic and homework of a moment, if one is given."""
    wanted = {"course_ids": course_ids, "starts_on": starts_on, "ends_on": ends_on, **at(as_of)}
    statement = _LESSONS_OF_THEN if as_of else _LESSONS_OF
    return cast("Sequence[LessonShown]", session.execute(statement, wanted).all())


def diary_lessons(
    session: Session,
    student_id: UUID,
    course_ids: Collection[UUID],
    starts_on: dt.date,
    ends_on: dt.date,
    *,
    ticks: bool = False,
) -> Sequence[DiaryLesson]:
    """The lessons of these courses in the week, and those before it whose homework may be due in it, in order.

    With the student's own tasks, whatever course they are of, and with `ticks` what the student ticked as done.
    """
    wanted = {
        "course_ids": course_ids, "starts_on": starts_on, "ends_on": ends_on, "student": student_id,
        "ticked_by": student_id if ticks else None,
    }  # fmt: skip
    return cast("Sequence[DiaryLesson]", session.execute(_DIARY_LESSONS, wanted).all())


_TOPICS: Final = select(Lesson.id, Lesson.topic).where(among(Lesson.id, "lesson_ids"))


def topics(session: Session, lesson_ids: Collection[UUID]) -> dict[UUID, str]:
    """Lesson → its topic."""
    if not lesson_ids:
        return {}
    return {row.id: row.topic for row in session.execute(_TOPICS, {"lesson_ids": lesson_ids})}


def files_of(files: Iterable[Values] | None) -> list[FileOfLesson]:
    """The files in `files` of a lesson, by name."""
    found = [FileOfLesson(UUID(file_id), *more) for file_id, *more in files or ()]
    return sorted(found, key=lambda file: (file.name, file.id))


# --- notices ---------------------------------------------------------------------------------------


def mark_notices(session: Session, mark_ids: Collection[UUID]) -> Sequence[RowMapping]:
    """The facts of notices about marks that families see: the present and the previous value."""
    before = aliased(MarkRevision)
    return (
        session.execute(
            select(
                Mark.id.label("mark_id"),
                Mark.student_id,
                Course.title,
                Mark.date,
                KindOfWork.name.label("kind"),
                Mark.value,
                before.value.label("previous"),
                Mark.lesson_id,
            )
            .join(Course, Course.id == Mark.course_id)
            .join(KindOfWork, KindOfWork.id == Mark.kind_id)
            .outerjoin(before, and_(before.mark_id == Mark.id, before.version == Mark.version - 1))
            .where(Mark.id.in_(mark_ids), is_shown(Mark))
            .order_by(Mark.date, Mark.id),
            {"shown_at": now()},
        )
        .mappings()
        .all()
    )


def owed_notices(session: Session, owed_ids: Collection[UUID]) -> Sequence[RowMapping]:
    """The facts of notices about works that are owed, or were."""
    if not owed_ids:
        return []
    wanted = (
        select(
            OwedWork.id.label("owed_id"),
            OwedWork.student_id,
            OwedWork.lesson_id,
            Course.title,
            Lesson.date,
            KindOfWork.name.label("kind"),
            OwedWork.due,
            (OwedWork.state == OWED).label("is_owed"),
        )
        .join(Lesson, Lesson.id == OwedWork.lesson_id)
        .join(Course, Course.id == Lesson.course_id)
        .join(KindOfWork, KindOfWork.id == OwedWork.kind_id)
        .where(among(OwedWork.id, "owed_ids"), is_shown(OwedWork))
        .order_by(OwedWork.id)
    )
    return session.execute(wanted, {"owed_ids": owed_ids, "shown_at": now()}).mappings().all()


def homework_notices(session: Session, lesson_ids: Collection[UUID]) -> Sequence[RowMapping]:
    """The facts of notices about homework."""
    return (
        session.execute(
            select(
                Lesson.id.label("lesson_id"),
                Course.title,
                Lesson.date,
                Lesson.homework,
                Lesson.homework_due.label("due"),
                HomeworkDetail.links,
                # a lesson that has files or tasks has a detail
                case((HomeworkDetail.version > 0, _FILES_OF_LESSON)).label("files"),
                case((HomeworkDetail.version > 0, TASKS)).label("tasks"),
            )
            .join(Course, Course.id == Lesson.course_id)
            .outerjoin(HomeworkDetail, HomeworkDetail.lesson_id == Lesson.id)
            .where(Lesson.id.in_(lesson_ids))
            .order_by(*IN_ORDER)
        )
        .mappings()
        .all()
    )


def changed_lessons(session: Session, lesson_ids: Collection[UUID]) -> Sequence[RowMapping]:
    """The facts of notices about lessons that are held otherwise than the timetable says."""
    if not lesson_ids:
        return []
    wanted = (
        select(
            Lesson.id.label("lesson_id"),
            Course.title,
            Lesson.date,
            Lesson.number,
            Lesson.state,
            Lesson.moved_to,
            Lesson.moved_number,
            Lesson.reason,
        )
        .join(Course, Course.id == Lesson.course_id)
        .where(among(Lesson.id, "lesson_ids"))
        .order_by(*IN_ORDER)
    )
    return session.execute(wanted, {"lesson_ids": lesson_ids}).mappings().all()
