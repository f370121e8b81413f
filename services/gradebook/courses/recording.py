"""Saves subjects, curricula, courses, their teachers and members, and who changed them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from kernel.auth import Actor
from kernel.clock import now
from kernel.data.among import among
from kernel.data.copies import replacing
from kernel.data.rows import insert_rows, update_rows
from kernel.errors import Conflict
from services.gradebook.calendar.rules.year_calendar import YearCalendar
from services.gradebook.courses.rules.divisions import other_terms
from services.gradebook.courses.rules.hours import Cell
from services.gradebook.courses.rules.membership import Changes
from services.gradebook.courses.rules.teaching import Teaching
from services.gradebook.courses.tables import (
    Course,
    CourseMember,
    CourseRevision,
    CourseTeacher,
    Curriculum,
    CurriculumRevision,
    Subject,
    SubjectRevision,
)
from services.gradebook.laying import ask_for_lessons
from services.gradebook.people.tables import ClassCopy

_UNSEEN: Any = {"synchronize_session": False}


# --- subjects and the curriculum -------------------------------------------------------------------


def new_subject(session: Session, actor: Actor, name: str) -> dict[str, Any]:
    """Save a subject; returns its columns."""
    subject_id = uuid7()
    row = {"id": subject_id, "name": name, "version": 1}
    session.execute(insert(Subject), [{"school_id": actor.tenant, **row}])
    _save_revision(session, actor, SubjectRevision, {"subject_id": subject_id}, 1, "made", {}, {"name": name})
    return row


def new_subjects(session: Session, actor: Actor, names: Mapping[UUID, str]) -> None:
    """Save subjects by their ids, in a constant number of statements."""
    own = {"school_id": actor.tenant}
    insert_rows(session, Subject, [{**own, "id": key, "name": name, "version": 1} for key, name in names.items()])
    made = [_revision(actor, {"subject_id": key}, 1, "made", {}, {"name": name}) for key, name in names.items()]
    if made:
        session.execute(insert(SubjectRevision), made)


def renamed_subject(
    session: Session, actor: Actor, subject_id: UUID, version: int, names: tuple[str, str], titles: Mapping[UUID, str]
) -> dict[str, Any]:
    """Save the second of the names instead of the first, and titles of courses; returns the subject's new columns."""
    before, after = names
    changed = {"name": after, "version": version + 1}
    session.execute(update(Subject).where(Subject.id == subject_id).values(**changed), execution_options=_UNSEEN)
    update_rows(session, Course, [{"id": course_id, "title": title} for course_id, title in titles.items()])
    key = {"subject_id": subject_id}
    _save_revision(session, actor, SubjectRevision, key, version + 1, "name", {"name": before}, {"name": after})
    return changed


def removed_subject(session: Session, actor: Actor, subject_id: UUID, version: int, name: str) -> None:
    """Delete a subject. Raises `Conflict` where something refers to it."""
    _delete(session, delete(Subject).where(Subject.id == subject_id), name)
    key = {"subject_id": subject_id}
    _save_revision(session, actor, SubjectRevision, key, version + 1, "removed", {"name": name}, {})


def changed_curriculum(
    session: Session,
    actor: Actor,
    year_id: UUID,
    version: int,
    before: Mapping[tuple[UUID, int], Cell],
    after: Mapping[tuple[UUID, int], Cell | None],
) -> None:
    """Save hours that differ as a new version: subject and grade → the hours, None where there are none."""
    differing = {key: cell for key, cell in after.items() if cell != before.get(key)}
    gone = before.keys() & differing.keys()
    if gone:
        cell = tuple_(Curriculum.subject_id, Curriculum.grade)
        session.execute(
            delete(Curriculum).where(Curriculum.year_id == year_id, cell.in_(gone)), execution_options=_UNSEEN
        )
    added = [cell for cell in differing.values() if cell is not None]
    insert_rows(
        session, Curriculum, [{"school_id": actor.tenant, "year_id": year_id, **cell._asdict()} for cell in added]
    )
    was = {"hours": [before[key] for key in differing if key in before]}
    _save_revision(
        session, actor, CurriculumRevision, {"year_id": year_id}, version + 1, "hours", was, {"hours": added}
    )


# --- courses ---------------------------------------------------------------------------------------


def new_course(
    session: Session, actor: Actor, row: Mapping[str, Any], teachers: Sequence[Teaching], members: Mapping[UUID, date]
) -> None:
    """Save a course with its teachers, and its students: student → first day."""
    new_courses(session, actor, [row], {row["id"]: teachers}, {row["id"]: members})


def new_courses(
    session: Session,
    actor: Actor,
    rows: Sequence[Mapping[str, Any]],
    teachers: Mapping[UUID, Sequence[Teaching]],
    members: Mapping[UUID, Mapping[UUID, date]],
) -> None:
    """Save courses with their teachers and students, by the ids of the courses, in a constant number of statements."""
    own = {"school_id": actor.tenant}
    insert_rows(session, Course, [{**own, "kept_here": True, "version": 1, **row} for row in rows])
    insert_rows(
        session,
        CourseTeacher,
        [{**own, "course_id": course_id, **one._asdict()} for course_id, them in teachers.items() for one in them],
    )
    begun = [(course_id, student, since) for course_id, them in members.items() for student, since in them.items()]
    insert_rows(session, CourseMember, _new_members(actor.tenant, begun))
    made = [
        _revision(
            actor, {"course_id": row["id"]}, 1, "made", {}, {**row, "teachers": list(teachers.get(row["id"], ()))}
        )
        for row in rows
    ]
    if made:
        session.execute(insert(CourseRevision), made)


def changed_course(
    session: Session,
    actor: Actor,
    course_id: UUID,
    version: int,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    teachers: tuple[Sequence[Teaching], Sequence[Teaching]],
) -> None:
    """Save columns of a course that differ, and its teachers, those before and after, as a new version."""
    values = {name: value for name, value in after.items() if value != before[name]}
    session.execute(
        update(Course).where(Course.id == course_id).values(**values, version=version + 1), execution_options=_UNSEEN
    )
    were, are = (set(one) for one in teachers)
    if were != are:
        _renew_teachers(session, actor, course_id, were - are, are - were)
    was: dict[str, Any] = {name: before[name] for name in values}
    became: dict[str, Any] = dict(values)
    if were != are:
        was["teachers"], became["teachers"] = sorted(were - are), sorted(are - were)
    _save_revision(session, actor, CourseRevision, {"course_id": course_id}, version + 1, "course", was, became)
    if "grade" in values:  # it decides by what calendar the course is taught
        ask_for_lessons(session, actor.tenant)


def joined_teachers(
    session: Session, actor: Actor, versions: Mapping[UUID, int], joining: Mapping[UUID, Sequence[Teaching]]
) -> None:
    """Save that teachers teach courses, by the ids of the courses, in a constant number of statements.

    Who has taught the course at another time has one time from now on: the one that is given.
    """
    if not joining:
        return
    rows = [
        {"school_id": actor.tenant, "course_id": course_id, **one._asdict()}
        for course_id, them in joining.items()
        for one in them
    ]
    session.execute(replacing(session, CourseTeacher), rows)
    update_rows(session, Course, [{"id": course_id, "version": versions[course_id] + 1} for course_id in joining])
    made = [
        _revision(
            actor, {"course_id": course_id}, versions[course_id] + 1, "course", {"teachers": []},
            {"teachers": list(them)},
        )
        for course_id, them in joining.items()
    ]  # fmt: skip
    session.execute(insert(CourseRevision), made)


def removed_course(session: Session, actor: Actor, course_id: UUID, version: int, title: str) -> None:
    """Delete a course with its teachers and members. Raises `Conflict` where something was entered in it."""
    for cls in (CourseTeacher, CourseMember):
        session.execute(delete(cls).where(cls.course_id == course_id), execution_options=_UNSEEN)
    _delete(session, delete(Course).where(Course.id == course_id), title)
    key = {"course_id": course_id}
    _save_revision(session, actor, CourseRevision, key, version + 1, "removed", {"title": title}, {})


def removed_courses(session: Session, actor: Actor, named: Mapping[UUID, tuple[int, str]]) -> None:
    """Delete courses with their teachers and members: id → version and title. Raises `IntegrityError`."""
    ids = {"ids": list(named)}
    for of in (CourseTeacher.course_id, CourseMember.course_id, Course.id):
        session.execute(delete(of.class_).where(among(of, "ids")), ids, execution_options=_UNSEEN)
    rows = [
        _revision(actor, {"course_id": key}, version + 1, "removed", {"title": title}, {})
        for key, (version, title) in named.items()
    ]
    session.execute(insert(CourseRevision), rows)


def removed_subjects(session: Session, actor: Actor, named: Mapping[UUID, tuple[int, str]]) -> None:
    """Delete subjects: id → version and name. Raises `IntegrityError` where something refers to one."""
    ids = {"ids": list(named)}
    session.execute(delete(Subject).where(among(Subject.id, "ids")), ids, execution_options=_UNSEEN)
    rows = [
        _revision(actor, {"subject_id": key}, version + 1, "removed", {"name": name}, {})
        for key, (version, name) in named.items()
    ]
    session.execute(insert(SubjectRevision), rows)


def go_by_terms_of_grades(session: Session, before: YearCalendar, after: YearCalendar) -> None:
    """Let courses that went by the terms of their grade go by those that it goes by now."""
    of_class = select(ClassCopy.grade).where(ClassCopy.class_id == Course.class_id).scalar_subquery()
    for (old, new), grades in other_terms(before, after).items():
        session.execute(
            update(Course)
            .where(
                Course.year_id == before.id,
                Course.division == old,
                func.coalesce(Course.grade, of_class).in_(grades),
            )
            .values(division=new)
            .execution_options(synchronize_session=False)
        )


class Regrouped(NamedTuple):
    """A course that becomes a group: what is new of it."""

    id: UUID
    version: int
    group_name: str
    title: str


class Split(NamedTuple):
    """Courses that become groups, and the students of each group, of new ones too."""

    changed: list[Regrouped]
    students: dict[UUID, Sequence[UUID]]


def regrouped_courses(
    session: Session,
    actor: Actor,
    courses: Sequence[Regrouped],
    changes: Changes,
    since: date,
    students: tuple[Mapping[UUID, Collection[UUID]], Mapping[UUID, Collection[UUID]]],
) -> None:
    """Save groups and who is in them from a day on, each course with its history, in a constant number of statements.

    `students` are those of each course on that day, before and after. From now on people keep the members, no import.
    """
    were, are = students
    update_rows(session, Course, [{**one._asdict(), "version": one.version + 1, "kept_here": True} for one in courses])
    changed_members(session, actor.tenant, changes)
    rows = [
        _revision(
            actor, {"course_id": one.id}, one.version + 1, "groups",
            {"since": since, "students": sorted(were.get(one.id, ()))},
            {"since": since, "students": sorted(are.get(one.id, ())), "group_name": one.group_name, "title": one.title},
        )
        for one in courses
    ]  # fmt: skip
    if rows:
        session.execute(insert(CourseRevision), rows)


def changed_members(session: Session, school_id: UUID, changes: Changes) -> None:
    """Save what becomes of memberships, in a constant number of statements."""
    update_rows(session, CourseMember, [{"id": member_id, "until": until} for member_id, until in changes.ended])
    if changes.never:
        never = delete(CourseMember).where(among(CourseMember.id, "never"))
        session.execute(never, {"never": changes.never}, execution_options=_UNSEEN)
    insert_rows(session, CourseMember, _new_members(school_id, changes.begun))


def _new_members(school_id: UUID, begun: Iterable[tuple[UUID, UUID, date]]) -> list[dict[str, Any]]:
    return [
        {
            "school_id": school_id,
            "id": uuid7(),
            "course_id": course_id,
            "student_id": student_id,
            "since": since,
            "until": None,
        }
        for course_id, student_id, since in begun
    ]


def _renew_teachers(
    session: Session, actor: Actor, course_id: UUID, gone: Collection[Teaching], new: Collection[Teaching]
) -> None:
    ids = [one.teacher_id for one in gone]
    session.execute(
        delete(CourseTeacher).where(CourseTeacher.course_id == course_id, CourseTeacher.teacher_id.in_(ids)),
        execution_options=_UNSEEN,
    )
    rows = [{"school_id": actor.tenant, "course_id": course_id, **one._asdict()} for one in sorted(new)]
    insert_rows(session, CourseTeacher, rows)


def _delete(session: Session, statement: Any, name: str) -> None:
    """Delete a row; the database knows what refers to it, in whatever room that is. Raises `Conflict` then."""
    try:
        with session.begin_nested():
            session.execute(statement, execution_options=_UNSEEN)
    except IntegrityError:
        raise Conflict(
            "“{thing}” is in use: lessons, plans or other things belong to it, so it cannot be removed.",
            rule="in-use",
            thing=name,
        ) from None


# --- history ---------------------------------------------------------------------------------------


def _save_revision(
    session: Session,
    actor: Actor,
    cls: type[Any],
    key: Mapping[str, UUID],
    version: int,
    what: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    session.execute(insert(cls), [_revision(actor, key, version, what, before, after)])


def _revision(
    actor: Actor,
    key: Mapping[str, UUID],
    version: int,
    what: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "school_id": actor.tenant,
        **key,
        "version": version,
        "what": what,
        "before": msgspec.to_builtins(dict(before)),
        "after": msgspec.to_builtins(dict(after)),
        "changed_by": actor.person_id,
        "changed_at": now(),
    }
