"""SELECTs that commands decide on, named for what they return. Rows come plain; the session adds the school.

Those of whole pages are in `page_queries`, those of an import in `import_queries`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from kernel.errors import NotFound
from services.gradebook.permissions import CourseTies, StudentTies
from services.gradebook.rules.marking import Marking
from services.gradebook.tables import (
    ClassCopy,
    Course,
    CourseMember,
    CourseTeacher,
    GuardianCopy,
    KindOfWork,
    Lesson,
    Mark,
    MarkRevision,
    Setting,
    StudentCopy,
    Subject,
    Term,
    Work,
    Year,
)

#: A row of plain values; its members are the labels of the query.
Plain = Row[*tuple[Any, ...]]

#: The class a course is for, beside the class a student is in.
CourseClass = aliased(ClassCopy, name="course_class")

#: A lesson as it is shown; with `Course` joined.
LESSON = (
    Lesson.id, Lesson.course_id, Course.title, Course.class_id, Lesson.date, Lesson.number, Lesson.topic,
    Lesson.homework, Lesson.homework_due, Lesson.version,
)  # fmt: skip
#: A mark as it is shown; with `Work` and `Lesson` joined.
MARK = (
    Mark.id, Work.lesson_id, Mark.student_id, Work.kind_id, Mark.value, Mark.comment, Lesson.date,
    Mark.version,
)  # fmt: skip
#: What is known of the course itself is of its year; its class may have moved on since.
_GRADE_OF_COURSE = func.coalesce(Course.grade, CourseClass.grade)
#: The order of lessons.
IN_ORDER = (Lesson.date, Lesson.number.nulls_last(), Lesson.id)


def missing(what: str, identifier: UUID) -> NotFound:
    """The refusal for a thing that does not exist, or that the actor may not know of."""
    return NotFound("There is no such {what}: {id}.", rule=f"no-such-{what}", what=what, id=identifier)


# --- ties of the actor -----------------------------------------------------------------------------


def _about_course(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether there are such rows for the `Course` of the enclosing query, whatever else that query joins."""
    return exists().where(*where).correlate(Course)


def _teaches(person_id: UUID | None) -> ColumnElement[bool]:
    """Whether the person teaches the `Course` of the enclosing query."""
    if person_id is None:
        return false()
    return _about_course(CourseTeacher.course_id == Course.id, CourseTeacher.teacher_id == person_id)


def _leads_class_of_course(person_id: UUID | None) -> ColumnElement[bool]:
    """Whether the person is homeroom teacher of the course's class, or of a class of any of its students."""
    if person_id is None:
        return false()
    own = _about_course(ClassCopy.class_id == Course.class_id, ClassCopy.homeroom_teacher_id == person_id)
    members = _about_course(
        CourseMember.course_id == Course.id,
        StudentCopy.student_id == CourseMember.student_id,
        ClassCopy.class_id == StudentCopy.class_id,
        ClassCopy.homeroom_teacher_id == person_id,
    )
    return or_(own, members)


def _guards(person_id: UUID | None, student_id: Any) -> ColumnElement[bool]:
    """Whether the person is a guardian of the student who may look."""
    if person_id is None:
        return false()
    return exists().where(GuardianCopy.student_id == student_id, GuardianCopy.guardian_id == person_id)


def course_ties(row: Plain) -> CourseTies:
    """The ties that a query selected as `teaches` and `leads`."""
    return CourseTies(teaches=bool(row.teaches), homeroom=bool(row.leads))


def student_ties(session: Session, student_id: UUID, person_id: UUID | None) -> StudentTies | None:
    """How the person is tied to the student; None where the school has no such student."""
    row = session.execute(
        select(ClassCopy.homeroom_teacher_id, _guards(person_id, StudentCopy.student_id).label("guards"))
        .select_from(StudentCopy)
        .outerjoin(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
        .where(StudentCopy.student_id == student_id)
    ).one_or_none()
    if row is None:
        return None
    return StudentTies(
        homeroom=person_id is not None and row.homeroom_teacher_id == person_id, guardian=bool(row.guards)
    )


# --- the school ------------------------------------------------------------------------------------


def marking(session: Session) -> Marking:
    """What the school decided about marks, or the defaults."""
    row = session.execute(select(Setting.lowest, Setting.highest, Setting.tokens, Setting.time_zone)).one_or_none()
    return Marking() if row is None else Marking(row.lowest, row.highest, tuple(row.tokens), row.time_zone)


def years(session: Session) -> Sequence[Plain]:
    """The academic years, newest first."""
    columns = (Year.id, Year.title, Year.starts_on, Year.ends_on)
    return session.execute(select(*columns).order_by(Year.starts_on.desc(), Year.id)).all()


def terms(session: Session) -> Sequence[Plain]:
    """The terms of all years, by date."""
    columns = (Term.id, Term.title, Term.starts_on, Term.ends_on, Term.year_id)
    return session.execute(select(*columns).order_by(Term.starts_on, Term.id)).all()


def term(session: Session, term_id: UUID) -> Plain:
    """A term. Raises `NotFound`."""
    columns = (Term.id, Term.title, Term.starts_on, Term.ends_on, Term.year_id)
    row = session.execute(select(*columns).where(Term.id == term_id)).one_or_none()
    if row is None:
        raise missing("term", term_id)
    return row


def kinds(session: Session) -> Sequence[Plain]:
    """The kinds of work, by name."""
    columns = (KindOfWork.id, KindOfWork.name, KindOfWork.weight)
    return session.execute(select(*columns).order_by(KindOfWork.name, KindOfWork.id)).all()


# --- courses and lessons ---------------------------------------------------------------------------


def _course_visible(person_id: UUID | None, everything: bool, mine: bool, class_id: UUID | None) -> list[Any]:
    wanted: list[Any] = []
    if mine:
        wanted.append(_teaches(person_id))
    elif not everything:
        wanted.append(or_(_teaches(person_id), _leads_class_of_course(person_id)))
    if class_id is not None:
        in_class = _about_course(
            CourseMember.course_id == Course.id,
            StudentCopy.student_id == CourseMember.student_id,
            StudentCopy.class_id == class_id,
        )
        wanted.append(or_(Course.class_id == class_id, in_class))
    return wanted


def courses(
    session: Session, person_id: UUID | None, *, everything: bool, mine: bool, class_id: UUID | None
) -> tuple[Sequence[Plain], Sequence[Plain]]:
    """Courses by title and their (course, teacher) pairs: the person's, or `everything`."""
    wanted = _course_visible(person_id, everything, mine, class_id)
    found = (
        select(Course.id, Course.title, Subject.name.label("subject"), Course.class_id, Course.year_id)
        .join(Subject, Subject.id == Course.subject_id)
        .where(*wanted)
        .order_by(Course.title, Course.id)
    )
    teachers = (
        select(CourseTeacher.course_id, CourseTeacher.teacher_id)
        .join(Course, Course.id == CourseTeacher.course_id)
        .where(*wanted)
        .order_by(CourseTeacher.teacher_id)
    )
    return session.execute(found).all(), session.execute(teachers).all()


def course(session: Session, course_id: UUID, person_id: UUID | None, *, lock: bool = False) -> Plain:
    """A course with its year's dates and the person's ties. Raises `NotFound`.

    `lock` keeps others who want to add a lesson to it waiting until the transaction ends.
    """
    wanted = (
        select(
            Course.id, Course.title, Subject.name.label("subject"), Course.class_id, Course.year_id,
            Year.starts_on, Year.ends_on,
            _teaches(person_id).label("teaches"), _leads_class_of_course(person_id).label("leads"),
        )
        .join(Subject, Subject.id == Course.subject_id)
        .join(Year, Year.id == Course.year_id)
        .where(Course.id == course_id)
    )  # fmt: skip
    if lock:
        wanted = wanted.with_for_update(of=Course, key_share=True)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise missing("course", course_id)
    return row


def teachers_of(session: Session, course_id: UUID) -> Sequence[UUID]:
    """Who teaches a course."""
    found = select(CourseTeacher.teacher_id).where(CourseTeacher.course_id == course_id)
    return session.scalars(found.order_by(CourseTeacher.teacher_id)).all()


def lesson(session: Session, lesson_id: UUID, person_id: UUID | None, *, lock: bool = False) -> Plain:
    """A lesson with the grade of its course and the person's ties. Raises `NotFound`.

    `lock` keeps others who want to write in the same lesson waiting until the transaction ends.
    """
    wanted = (
        select(
            *LESSON, _GRADE_OF_COURSE.label("grade"),
            _teaches(person_id).label("teaches"), _leads_class_of_course(person_id).label("leads"),
        )
        .join(Course, Course.id == Lesson.course_id)
        .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
        .where(Lesson.id == lesson_id)
    )  # fmt: skip
    if lock:
        wanted = wanted.with_for_update(of=Lesson, key_share=True)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise missing("lesson", lesson_id)
    return row


def lesson_at(session: Session, course_id: UUID, day: date, number: int | None) -> UUID | None:
    """The lesson of the course that has this place already."""
    same_number = Lesson.number.is_(None) if number is None else Lesson.number == number
    return session.scalar(select(Lesson.id).where(Lesson.course_id == course_id, Lesson.date == day, same_number))


def day_of_teacher(session: Session, teacher_id: UUID, day: date) -> Sequence[Plain]:
    """A teacher's lessons on a date, in order."""
    return session.execute(
        select(*LESSON)
        .join(Course, Course.id == Lesson.course_id)
        .join(CourseTeacher, CourseTeacher.course_id == Course.id)
        .where(CourseTeacher.teacher_id == teacher_id, Lesson.date == day)
        .order_by(*IN_ORDER)
    ).all()


def _member_on(day: Any) -> ColumnElement[bool]:
    return and_(CourseMember.since <= day, or_(CourseMember.until.is_(None), CourseMember.until >= day))


def members_on(session: Session, course_id: UUID, day: date) -> dict[UUID, int | None]:
    """Who was in the course on a day: student → grade of the student's class."""
    rows = session.execute(
        select(CourseMember.student_id, ClassCopy.grade)
        .outerjoin(StudentCopy, StudentCopy.student_id == CourseMember.student_id)
        .outerjoin(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
        .where(CourseMember.course_id == course_id, _member_on(day))
        .order_by(CourseMember.student_id)
    )
    return {row.student_id: row.grade for row in rows}


# --- marks -----------------------------------------------------------------------------------------


def column(session: Session, lesson_id: UUID, kind_id: UUID | None) -> Plain:
    """A kind of work and the lesson's column of it, if there is one (`work_id`).

    Without `kind_id` the kind is the answer in a lesson. Raises `NotFound` where the school has no such kind.
    """
    which = KindOfWork.is_answer if kind_id is None else KindOfWork.id == kind_id
    here = and_(Work.kind_id == KindOfWork.id, Work.lesson_id == lesson_id, Work.source_id.is_(None))
    row = session.execute(
        select(KindOfWork.id.label("kind_id"), Work.id.label("work_id")).outerjoin(Work, here).where(which)
    ).one_or_none()
    if row is not None:
        return row
    if kind_id is not None:
        raise missing("kind of work", kind_id)
    raise NotFound("The school has no kind of work for answers: name a kind.", rule="kind-required", field="kind_id")


def marks_in_column(session: Session, work_id: UUID, student_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Student → mark of those students who have one in the column."""
    rows = session.execute(
        select(Mark.student_id, Mark.id).where(Mark.work_id == work_id, Mark.student_id.in_(student_ids))
    )
    return {row.student_id: row.id for row in rows}


def mark(session: Session, mark_id: UUID, person_id: UUID | None, *, lock: bool = False) -> Plain:
    """A mark with the person's ties to its course and student, and the student's grade. Raises `NotFound`.

    `lock` keeps others who want to change the mark waiting until the transaction ends.
    """
    wanted = (
        select(
            *MARK, Lesson.course_id, func.coalesce(_GRADE_OF_COURSE, ClassCopy.grade).label("grade"),
            _teaches(person_id).label("teaches"), _leads_class_of_course(person_id).label("leads"),
            ClassCopy.homeroom_teacher_id, _guards(person_id, Mark.student_id).label("guards"),
        )
        .join(Work, Work.id == Mark.work_id)
        .join(Lesson, Lesson.id == Work.lesson_id)
        .join(Course, Course.id == Lesson.course_id)
        .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
        .outerjoin(StudentCopy, StudentCopy.student_id == Mark.student_id)
        .outerjoin(ClassCopy, ClassCopy.class_id == StudentCopy.class_id)
        .where(Mark.id == mark_id)
    )  # fmt: skip
    if lock:
        wanted = wanted.with_for_update(of=Mark, key_share=True)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise missing("mark", mark_id)
    return row


def ties_to_student_of(row: Plain, person_id: UUID | None) -> StudentTies:
    """The ties to the student that `mark` selected."""
    return StudentTies(
        homeroom=person_id is not None and row.homeroom_teacher_id == person_id, guardian=bool(row.guards)
    )


def revisions_of(session: Session, mark_id: UUID) -> Sequence[Plain]:
    """Every state of a mark, first to last."""
    return session.execute(
        select(
            MarkRevision.version, MarkRevision.value, MarkRevision.comment, MarkRevision.reason,
            MarkRevision.changed_by, MarkRevision.changed_at,
        )
        .where(MarkRevision.mark_id == mark_id)
        .order_by(MarkRevision.version)
    ).all()  # fmt: skip
