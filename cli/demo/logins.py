"""Chooses the demo logins: one person for each role, with ties between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import product
from uuid import UUID

from cli.demo.model import DemoSchool, Person

#: The roles of a teacher who holds no other role.
PLAIN = ("teacher",)
EVERY_PURPOSE = frozenset({"portal", "email", "sms"})


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A login and its person."""

    login: str
    person_id: UUID


def demo_logins(school: DemoSchool) -> dict[str, DemoLogin]:
    """Role → login; each login is named after its role.

    `parent` has two children in different classes and has given all consents; `student` is the child whom
    `teacher` teaches. `other_teacher` teaches neither child; `teacher` teaches no child of `other_parent`.
    Raises LookupError where no person fits a role.
    """
    cast = _Cast(school)
    teacher, parent = cast.teacher_and_parent()
    children = cast.children[parent.id]
    classes = {cast.class_of[child] for child in children}
    plain = [one for one in cast.staff("teacher") if one.roles == PLAIN and one.id != teacher.id]
    homeroom = _first(
        "homeroom_teacher",
        [one for one in plain if one.id in cast.homeroom_of],
        lambda one: cast.homeroom_of[one.id] in classes,
        lambda one: True,
    )
    other_teacher = _first(
        "other_teacher",
        [one for one in plain if one.id != homeroom.id and cast.far_from(parent, one)],
        lambda one: cast.busy(one.id) == 2,
        lambda one: True,
    )
    chosen = {
        **{role: cast.staff(role)[0].id for role in ("director", "deputy", "methodologist")},
        "plan_head": _first("plan_head", cast.staff("plan_head"), lambda one: one.id != teacher.id).id,
        "teacher": teacher.id,
        "homeroom_teacher": homeroom.id,
        "other_teacher": other_teacher.id,
        "parent": parent.id,
        "other_parent": _first("other_parent", cast.parents(1), lambda one: cast.far_from(one, teacher)).id,
        "student": next(child for child in children if teacher.id in cast.taught_by[child]),
    }
    return {role: DemoLogin(role, person_id) for role, person_id in chosen.items()}


def classes_of_logins(school: DemoSchool) -> set[UUID]:
    """The classes that people with demo logins lead, are in or have children in, and those from which students came."""
    people, cast = {one.person_id for one in demo_logins(school).values()}, _Cast(school)
    children = {child for one in people for child in cast.children[one]}
    found = {cast.class_of[one] for one in (people | children) & cast.class_of.keys()}
    found |= {class_id for person, class_id in cast.homeroom_of.items() if person in people}
    students = {student for student, class_id in cast.class_of.items() if class_id in found}
    return found | {one.class_id for one in school.enrolments if one.student_id in students}


class _Cast:
    """The present ties between people of a school."""

    def __init__(self, school: DemoSchool) -> None:
        self.school = school
        self.class_of = {one.student_id: one.class_id for one in school.enrolments if one.until is None}
        self.homeroom_of = {one.homeroom_teacher_id: one.id for one in school.classes}
        self.taught_by: defaultdict[UUID, set[UUID]] = defaultdict(set)
        for course in school.courses:
            for member in course.members:
                if member.until is None:
                    self.taught_by[member.student_id].update(course.teacher_ids)
        self.children: defaultdict[UUID, list[UUID]] = defaultdict(list)
        for tie in school.guardianships:
            self.children[tie.guardian_id].append(tie.student_id)
        self._consents: defaultdict[UUID, set[tuple[UUID, str]]] = defaultdict(set)
        for consent in school.consents:
            self._consents[consent.guardian_id].add((consent.student_id, consent.purpose))
        self._days_of: defaultdict[UUID, set[date]] = defaultdict(set)
        self._fill_days()

    def _fill_days(self) -> None:
        """Collect the teachers with lessons on the last past school day and on the next one."""
        teachers = {course.id: course.teacher_ids for course in self.school.courses}
        dates = {lesson.date for lesson in self.school.lessons}
        last = max((day for day in dates if day < self.school.today), default=None)
        following = min((day for day in dates if day >= self.school.today), default=None)
        for lesson in self.school.lessons:
            if lesson.date in (last, following):
                for teacher in teachers[lesson.course_id]:
                    self._days_of[teacher].add(lesson.date)

    def busy(self, teacher: UUID) -> int:
        """The number of days with lessons of the teacher among the last past school day and the next one."""
        return len(self._days_of[teacher])

    def staff(self, role: str) -> list[Person]:
        """The people with a role."""
        return [person for person in self.school.people if role in person.roles]

    def parents(self, children: int) -> list[Person]:
        """Parents with an e-mail address, all consents, and `children` children, all in different classes now."""
        return [
            person
            for person in self.staff("parent")
            if person.email is not None
            and len(self.children[person.id]) == children
            and len({self.class_of.get(child) for child in self.children[person.id]} - {None}) == children
            and self._consents[person.id] >= set(product(self.children[person.id], EVERY_PURPOSE))
        ]

    def far_from(self, parent: Person, teacher: Person) -> bool:
        """Whether the teacher teaches none of the parent's children."""
        return not any(teacher.id in self.taught_by[child] for child in self.children[parent.id])

    def teacher_and_parent(self) -> tuple[Person, Person]:
        """A homeroom teacher of grade 5 or higher, preferably with lessons now, and a parent whose child they teach."""
        people = {person.id: person for person in self.school.people}
        parents = self.parents(2)
        pairs = [
            (people[one.homeroom_teacher_id], parent)
            for one in self.school.classes
            for parent in parents
            if one.grade >= 5 and not self.far_from(parent, people[one.homeroom_teacher_id])
        ]
        if not pairs:
            raise LookupError("no homeroom teacher of the demo school teaches a child of a parent of two")
        teacher, parent = max(pairs, key=lambda pair: self._fitness(*pair))
        return teacher, parent

    def _fitness(self, teacher: Person, parent: Person) -> tuple[bool, int, bool]:
        in_class = any(self.class_of[child] == self.homeroom_of[teacher.id] for child in self.children[parent.id])
        return teacher.roles == PLAIN, self.busy(teacher.id), in_class


def _first(role: str, people: Iterable[Person], *wishes: Callable[[Person], bool]) -> Person:
    """The first person who meets the first wish, else the second wish, and so on."""
    candidates = list(people)
    for wish in wishes:
        for person in candidates:
            if wish(person):
                return person
    raise LookupError(f"nobody in the demo school can be the {role}")
