"""Answers calls about subjects, the curriculum, courses and their terms; handles events about students in classes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.calendar import Calendar, SetGrades, SetTerms
from contracts.gradebook.courses import ChangeCourse, CourseId, Courses, FindCourses, MakeCourse, RemoveCourse
from contracts.gradebook.groups import Groups, GroupsOfCourse, SplitClass
from contracts.gradebook.subjects import AddSubject, RemoveSubject, RenameSubject, SetCurriculum, Subjects, YearId
from contracts.identity.people import People, StudentFactView, StudentsChanged
from kernel.auth import Actor
from kernel.contract import Empty, given, in_parts
from kernel.data import inbox
from kernel.data.received import Received
from kernel.errors import Stale
from kernel.running.entrypoints import Entrypoints, on_event, rpc
from services.gradebook.calendar import queries as calendar_queries
from services.gradebook.calendar import recording as calendar_recording
from services.gradebook.calendar import views as calendar_views
from services.gradebook.calendar.rules import changes, checking, scale_beginnings
from services.gradebook.courses import permissions, queries, recording, views
from services.gradebook.courses.queries import making as making_queries
from services.gradebook.courses.queries import subjects as subjects_queries
from services.gradebook.courses.rules import divisions, groups, hours, making, membership, naming, teaching
from services.gradebook.courses.rules.groups import Wanted
from services.gradebook.courses.rules.naming import Place
from services.gradebook.courses.rules.teaching import Teaching
from services.gradebook.people import permissions as people_permissions
from services.gradebook.people import queries as people_queries
from services.gradebook.people import recording as people_recording
from services.gradebook.policy import queries as policy_queries
from services.gradebook.rows import View, missing, picked

#: Columns of a course that a change may name.
_CHANGED = ("title", "group_name", "hours_a_week", "grade")


class CoursesEntrypoints(Entrypoints):
    """Answers calls about courses; handles identity's events about students in classes."""

    @rpc(Courses.courses)
    def courses(self, actor: Actor, command: FindCourses) -> View:
        """The courses that the actor may read, filtered in SQL."""
        everything = people_permissions.reads_whole_school(actor)
        with self.unit_of_work(actor) as session:
            found, teachers = queries.courses(
                session,
                actor.person_id,
                everything=everything,
                mine=command.mine,
                class_id=command.class_id,
                year_id=command.year_id,
            )
        return views.courses(found, teachers)

    @rpc(Courses.course)
    def course(self, actor: Actor, command: CourseId) -> View:
        """A course with its teachers and students."""
        with self.unit_of_work(actor) as session:
            row = queries.course(session, command.course_id, actor.person_id)
            if not permissions.may_read_course(actor, queries.course_ties(row)):
                raise missing("course", row.id)
            return _detail(session, row)

    @rpc(Courses.make_course)
    def make_course(self, actor: Actor, command: MakeCourse) -> View:
        """Make a course; one of a whole class takes the students of the class."""
        teachers = _named(command.teachers)
        teaching.check_teachers(teachers, _who_teach(self, teachers))
        weekly = hours.hours_a_week(command.hours_a_week, "hours_a_week")
        group, class_id = naming.one_line(command.group_name), command.class_id
        naming.check_group_is_named(class_id, group)
        with self.unit_of_work(actor) as session:
            making_queries.lock_year(session, command.year_id)
            if class_id is not None:
                making_queries.lock_classes(session, [class_id])
            frame = making_queries.frame(session, command.year_id, command.subject_id, class_id)
            siblings = making_queries.siblings_of(frame)
            place = Place(command.subject_id, class_id, group)
            naming.check_place_is_free(place, [(one.place(class_id), one.title) for one in siblings])
            grade = command.grade or making.usual_grade(siblings, frame.class_grade)
            division = making.usual_division(siblings, calendar_queries.year_of(session, frame.id), grade)
            proposed = naming.proposed_title(frame.subject or "", frame.class_name, group)
            title, course_id = naming.one_line(command.title) or proposed, uuid7()
            row = {
                "id": course_id, "year_id": frame.id, "subject_id": command.subject_id, "class_id": class_id,
                "grade": grade, "group_name": group, "title": title, "hours_a_week": weekly, "division": division,
            }  # fmt: skip
            whole = making_queries.students_of_class(session, class_id) if class_id is not None and not group else {}
            members = {student: membership.first_day(frame.starts_on, since) for student, since in whole.items()}
            recording.new_course(session, actor, row, teachers, members)
            return inbox.answer(session, _detail(session, queries.course(session, course_id, actor.person_id)))

    @rpc(Courses.change_course)
    def change_course(self, actor: Actor, command: ChangeCourse) -> View:
        """Change a course and who teaches it. One that becomes a whole class's takes the students of the class."""
        change = given(command)
        named = _named(change["teachers"]) if "teachers" in change else None
        known = _who_teach(self, named or ())
        with self.unit_of_work(actor) as session:
            row = queries.course(session, command.course_id, actor.person_id, lock=True)
            before = queries.teachers(session, row.id)
            if row.version != command.version:
                raise _changed_first(session, row)
            if named is not None:
                teaching.check_teachers(named, {*known, *(one.teacher_id for one in before)})
            after = _changed(session, row, change)
            columns = {name: getattr(row, name) for name in _CHANGED}
            recording.changed_course(
                session, actor, row.id, row.version, columns, after, (before, before if named is None else named)
            )
            if row.kept_here and row.class_id is not None and row.group_name and not after["group_name"]:
                _take_whole_class(session, actor, row.class_id)
            return inbox.answer(session, _detail(session, queries.course(session, row.id, actor.person_id)))

    @rpc(Courses.remove_course)
    def remove_course(self, actor: Actor, command: RemoveCourse) -> View:
        """Remove a course in which nothing was entered."""
        with self.unit_of_work(actor) as session:
            row = queries.course(session, command.course_id, actor.person_id, lock=True)
            if row.version != command.version:
                raise _changed_first(session, row)
            recording.removed_course(session, actor, row.id, row.version, row.title)
            return inbox.answer(session, {})

    @on_event(StudentsChanged)
    def on_students_changed(self, received: Received[StudentsChanged]) -> None:
        """Update the copies of students and guardians, and the members of courses that take the students of a class."""
        facts: list[StudentFactView] = []
        for ids in in_parts(received.event.student_ids):
            facts += self.ask(People.student_facts, person_ids=ids).students
        with self.unit_of_work.once(received) as session:
            classes = {fact.class_id for fact in facts if fact.class_id is not None}
            classes |= people_queries.classes_before(session, [fact.student_id for fact in facts])
            making_queries.lock_classes(session, classes)
            newer = people_recording.renewed_students(session, received.tenant_id, facts)
            today = policy_queries.today(session)
            places = [
                membership.InClass(fact.student_id, fact.class_id, fact.class_since or today)
                for fact in facts
                if fact.student_id in newer
            ]
            _follow(session, received.tenant, places)


class SubjectsEntrypoints(Entrypoints):
    """Answers calls about subjects and the curriculum."""

    @rpc(Subjects.subjects)
    def subjects(self, actor: Actor, command: Empty) -> View:
        """The subjects of the school; all of staff may read them."""
        with self.unit_of_work(actor) as session:
            return {"subjects": [views.subject(row) for row in subjects_queries.subjects(session)]}

    @rpc(Subjects.add_subject)
    def add_subject(self, actor: Actor, command: AddSubject) -> View:
        """Add a subject."""
        with self.unit_of_work(actor) as session:
            name = naming.subject_name(command.name, subjects_queries.subjects(session, lock=True))
            return inbox.answer(session, {**recording.new_subject(session, actor, name), "courses": 0})

    @rpc(Subjects.rename_subject)
    def rename_subject(self, actor: Actor, command: RenameSubject) -> View:
        """Rename a subject, and the courses whose titles were made of its name."""
        with self.unit_of_work(actor) as session:
            rows = subjects_queries.subjects(session, lock=True)
            row = subjects_queries.subject_of(rows, command.subject_id)
            _check_version(row, command.version)
            name = naming.subject_name(command.name, [one for one in rows if one.id != row.id])
            titles = {
                one.id: naming.proposed_title(name, one.class_name, one.group_name)
                for one in subjects_queries.courses_of_subject(session, row.id)
                if one.title == naming.proposed_title(row.name, one.class_name, one.group_name)
            }
            changed = recording.renamed_subject(session, actor, row.id, row.version, (row.name, name), titles)
            return inbox.answer(session, views.subject(row, **changed))

    @rpc(Subjects.remove_subject)
    def remove_subject(self, actor: Actor, command: RemoveSubject) -> View:
        """Remove a subject that has neither courses nor hours."""
        with self.unit_of_work(actor) as session:
            row = subjects_queries.subject_of(subjects_queries.subjects(session, lock=True), command.subject_id)
            _check_version(row, command.version)
            naming.check_subject_is_empty(row.name, row.courses, subjects_queries.years_with_hours(session, row.id))
            recording.removed_subject(session, actor, row.id, row.version, row.name)
            return inbox.answer(session, {})

    @rpc(Subjects.curriculum)
    def curriculum(self, actor: Actor, command: YearId) -> View:
        """The hours a week of a year; all of staff may read them."""
        with self.unit_of_work(actor) as session:
            return views.curriculum(command.year_id, *subjects_queries.curriculum(session, command.year_id))

    @rpc(Subjects.set_curriculum)
    def set_curriculum(self, actor: Actor, command: SetCurriculum) -> View:
        """Set the hours that are named; the others stay."""
        wanted = hours.cells(given(command)["hours"])
        with self.unit_of_work(actor) as session:
            making_queries.lock_year(session, command.year_id)
            version, present = subjects_queries.curriculum(session, command.year_id)
            if version != command.version:
                raise Stale(
                    "Someone changed the curriculum of this year first.",
                    rule="stale",
                    field="version",
                    present=views.curriculum(command.year_id, version, present),
                )
            known = {row.id for row in subjects_queries.subjects(session)}
            for subject_id, _ in wanted:
                if subject_id not in known:
                    raise missing("subject", subject_id)
            before = {(cell.subject_id, cell.grade): cell for cell in present}
            recording.changed_curriculum(session, actor, command.year_id, version, before, wanted)
            return inbox.answer(
                session, views.curriculum(command.year_id, *subjects_queries.curriculum(session, command.year_id))
            )


class TermsEntrypoints(Entrypoints):
    """Answers calls about terms, by which courses go."""

    @rpc(Calendar.set_terms)
    def set_terms(self, actor: Actor, command: SetTerms) -> View:
        """Set the terms of a division of a year; one that courses go by keeps some."""
        with self.unit_of_work(actor) as session:
            year = calendar_queries.year_of(session, command.year_id, lock=True)
            if year.version != command.version:
                raise calendar_views.changed_first(year)
            if not command.terms:
                divisions.check_nothing_goes_by(queries.courses_by_division(session, year.id, command.division))
            change = changes.with_terms(year, command.division, given(command)["terms"], uuid7)
            checking.check_change(year, change.after, change.places)
            decided = policy_queries.decided(session)
            scale_beginnings.check_scales_begin_between_terms(year, change.after, decided, change.places)
            saved = calendar_recording.changed_year(session, actor, year, change.after, "terms")
            recording.go_by_terms_of_grades(session, year, saved)
            return inbox.answer(session, calendar_views.schedule(saved))

    @rpc(Calendar.set_grades)
    def set_grades(self, actor: Actor, command: SetGrades) -> View:
        """Set the terms and weeks of the grades; courses that go by a grade's terms go by its new ones then."""
        with self.unit_of_work(actor) as session:
            year = calendar_queries.year_of(session, command.year_id, lock=True)
            if year.version != command.version:
                raise calendar_views.changed_first(year)
            change = changes.with_grades(year, given(command)["grades"])
            checking.check_change(year, change.after, change.places)
            saved = calendar_recording.changed_year(session, actor, year, change.after, "grades")
            recording.go_by_terms_of_grades(session, year, saved)
            return inbox.answer(session, calendar_views.schedule(saved))


class GroupsEntrypoints(Entrypoints):
    """Answers calls about groups of classes."""

    @rpc(Groups.groups)
    def groups(self, actor: Actor, command: GroupsOfCourse) -> View:
        """The groups of a course's class and subject on a day; those who may read the course may read them."""
        with self.unit_of_work(actor) as session:
            course = queries.course(session, command.course_id, actor.person_id)
            if not permissions.may_read_course(actor, queries.course_ties(course)):
                raise missing("course", course.id)
            return _groups(session, actor, course, command.date)

    @rpc(Groups.split_class)
    def split_class(self, actor: Actor, command: SplitClass) -> View:
        """Divide the students of a class among groups from a day on; new groups get the course's teachers."""
        said = given(command)["groups"]
        wanted = [Wanted(one["course_id"], naming.one_line(one["group_name"]), one["student_ids"]) for one in said]
        with self.unit_of_work(actor) as session:
            course = queries.course(session, command.course_id, actor.person_id)
            if not permissions.may_read_course(actor, queries.course_ties(course)):
                raise missing("course", course.id)
            making_queries.lock_year(session, course.year_id)
            siblings = making_queries.siblings(session, course, actor.person_id)
            beside = groups.groups_beside(_own(siblings, course.id), siblings)
            permissions.check_splits(actor, map(queries.course_ties, beside))
            if {one["course_id"]: one["version"] for one in said if one["course_id"]} != _versions(beside):
                raise Stale(
                    "Someone changed the groups of “{course}” first.",
                    rule="stale",
                    course=course.title,
                    present=_groups(session, actor, course, command.since),
                )
            groups.check_day_in_year(command.since, course.starts_on, course.ends_on)
            members = making_queries.memberships_of(session, _versions(beside))
            candidates = making_queries.candidates(session, course).keys() | {one.student_id for one in members}
            others = [one.group_name for one in siblings if one.id not in _versions(beside)]
            groups.check_groups(wanted, candidates, others)
            split = _split(session, actor, wanted, beside, _own(siblings, course.id))
            were = groups.members_on(members, command.since)
            changes = groups.regrouped(members, split.students, command.since)
            recording.regrouped_courses(session, actor, split.changed, changes, command.since, (were, split.students))
            return inbox.answer(session, _groups(session, actor, course, command.since))


def _own(siblings: Sequence[making_queries.GroupRow], course_id: UUID) -> making_queries.GroupRow:
    return next(one for one in siblings if one.id == course_id)


def _versions(courses: Iterable[making_queries.GroupRow]) -> dict[UUID, int]:
    return {one.id: one.version for one in courses}


def _split(
    session: Session,
    actor: Actor,
    wanted: Sequence[Wanted],
    beside: Sequence[making_queries.GroupRow],
    course: making_queries.GroupRow,
) -> recording.Split:
    """Make the groups that are new, like the course but for the name; and what the others become."""
    known = {one.id: one for one in beside}
    split, rows = recording.Split([], {}), []
    for group in wanted:
        before = known.get(group.course_id) if group.course_id else None
        if before is None:
            row = picked(course, ("year_id", "subject_id", "class_id", "grade", "hours_a_week", "division"))
            title = naming.proposed_title(course.subject, course.class_name, group.name)
            if not course.group_name:
                title = naming.title_of_group(course.title, course.subject, course.class_name, "", group.name)
            rows.append({**row, "id": uuid7(), "group_name": group.name, "title": title})
            split.students[rows[-1]["id"]] = group.students
        else:
            place = before.subject, before.class_name, before.group_name
            title = naming.title_of_group(before.title, *place, group.name)
            split.changed.append(recording.Regrouped(before.id, before.version, group.name, title))
            split.students[before.id] = group.students
    today = policy_queries.today(session)
    teachers = [one for one in queries.teachers_of(course.teachers) if not teaching.is_over(one.until, today)]
    recording.new_courses(session, actor, rows, {row["id"]: teachers for row in rows}, {})
    return split


def _groups(session: Session, actor: Actor, course: queries.CourseRow, day: date | None) -> View:
    """A `GroupsView`."""
    today = policy_queries.today(session)
    siblings = making_queries.siblings(session, course, actor.person_id)
    beside = groups.groups_beside(_own(siblings, course.id), siblings)
    members = groups.members_on(making_queries.memberships_of(session, _versions(beside)), day or today)
    may = permissions.may_split(actor, map(queries.course_ties, beside))
    shown = [views.group(one, queries.teachers_of(one.teachers), members.get(one.id, ()), today) for one in beside]
    return {
        "course_id": course.id,
        "date": day or today,
        "groups": shown,
        "candidates": views.candidates(making_queries.candidates(session, course), members.values()),
        "may_split": may,
    }


def _named(teachers: Sequence[Any]) -> list[Teaching]:
    """The teachers of a command."""
    return [Teaching(one["teacher_id"], one["since"], one["until"]) for one in teachers]


def _who_teach(service: Entrypoints, teachers: Sequence[Teaching]) -> set[UUID]:
    """Those of the people named who are teachers of the school; identity knows."""
    ids = sorted({one.teacher_id for one in teachers})
    if not ids:
        return set()
    found = service.ask(People.people, person_ids=ids, role="teacher", limit=teaching.MOST_TEACHERS)
    return {one.id for one in found.people}


def _detail(session: Session, row: queries.CourseRow) -> View:
    today = policy_queries.today(session)
    return views.course_detail(
        row, queries.teachers(session, row.id), making_queries.memberships(session, row.id), today
    )


def _changed(session: Session, row: queries.CourseRow, change: Mapping[str, Any]) -> dict[str, Any]:
    """The columns `_CHANGED` as a change leaves them. Raises `Invalid` and `Conflict`."""
    after = {name: getattr(row, name) for name in _CHANGED} | {
        name: change[name] for name in ("grade",) if name in change
    }
    if "hours_a_week" in change:
        after["hours_a_week"] = hours.hours_a_week(change["hours_a_week"], "hours_a_week")
    after["group_name"] = naming.one_line(change.get("group_name", row.group_name))
    naming.check_group_is_named(row.class_id, after["group_name"])
    frame = making_queries.frame(session, row.year_id, row.subject_id, row.class_id)
    siblings = [one for one in making_queries.siblings_of(frame) if one.id != row.id]
    place = Place(row.subject_id, row.class_id, after["group_name"])
    naming.check_place_is_free(place, [(one.place(row.class_id), one.title) for one in siblings])
    proposed = naming.proposed_title(row.subject, frame.class_name, row.group_name)
    title = naming.one_line(change.get("title", "" if row.title == proposed else row.title))
    after["title"] = title or naming.proposed_title(row.subject, frame.class_name, after["group_name"])
    return after


def _changed_first(session: Session, row: queries.CourseRow) -> Stale:
    return Stale(
        "Someone changed the course “{course}” first.",
        rule="stale",
        field="version",
        course=row.title,
        present=_detail(session, row),
    )


def _check_version(row: subjects_queries.SubjectRow, version: int) -> None:
    if row.version != version:
        raise Stale(
            "Someone changed the subject first: it is called “{subject}” now.",
            rule="stale",
            field="version",
            subject=row.name,
            present=views.subject(row),
        )


def _take_whole_class(session: Session, actor: Actor, class_id: UUID) -> None:
    """Let all students of a class join its courses that take the whole of it."""
    making_queries.lock_classes(session, [class_id])
    today = policy_queries.today(session)
    places = [
        membership.InClass(student, class_id, since or today)
        for student, since in making_queries.students_of_class(session, class_id).items()
    ]
    _follow(session, actor.tenant, places)


def _follow(session: Session, school_id: UUID, places: Sequence[membership.InClass]) -> None:
    """Save what follows from where students are now."""
    if not places:
        return
    classes = {place.class_id for place in places if place.class_id is not None}
    students = [place.student_id for place in places]
    changes = membership.follow(
        places,
        making_queries.of_whole_classes(session, classes),
        making_queries.memberships_kept_here(session, students),
    )
    recording.changed_members(session, school_id, changes)
