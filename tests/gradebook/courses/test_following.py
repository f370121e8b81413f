"""A course of a whole class follows who joins and leaves the class; imports' memberships stay as they were named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from contracts.identity.people import StudentsChanged
from services.identity.classes.tables import Enrolment
from services.identity.people.tables import Person
from tests.kit.calls import deliver
from tests.kit.people import TODAY, id_of


def text(offset: int) -> str:
    return (TODAY + timedelta(days=offset)).isoformat()


def test_who_joins_the_class_joins_its_courses_from_that_day_on(made: Any) -> None:
    physics = made.course("Физика")
    newcomer = made.school.person("student", name="Новикова Дарья")
    made.school.enrol(newcomer, made.school.class_a, since=-3)
    made.school.town.carry()
    announce(made, newcomer)
    assert made.members(physics["id"])[str(newcomer.person_id)] == (text(-3), None)


def test_who_moves_leaves_the_old_courses_the_day_before_and_imported_ones_stay(made: Any) -> None:
    school = made.school
    physics, theirs = made.course("Физика"), made.course("Физика", class_id=school.class_b)
    group = made.course("Физика", group_name="группа 1")
    imported = {row.student_id: row.until for row in made.rows() if row.course_id == school.algebra}
    school.move(school.anna, school.class_b)
    announce(made, school.anna)
    anna = str(school.anna.person_id)
    assert made.members(physics["id"])[anna] == (text(-90), text(-1))
    assert made.members(theirs["id"])[anna] == (text(0), None)
    assert anna not in made.members(group["id"])
    assert {row.student_id: row.until for row in made.rows() if row.course_id == school.algebra} == imported


def test_an_announcement_that_changes_no_class_changes_no_membership(made: Any) -> None:
    physics = made.course("Физика")
    before = made.members(physics["id"])
    announce(made, made.school.anna, made.school.boris)
    announce(made, made.school.anna)
    assert made.members(physics["id"]) == before


def test_who_leaves_the_school_leaves_the_courses_kept_here(made: Any) -> None:
    school = made.school
    physics = made.course("Физика")
    leave(made, school.boris)
    assert made.members(physics["id"])[str(school.boris.person_id)] == (text(-90), text(-5))


def announce(made: Any, *students: Any) -> None:
    """Identity announces students who have changed."""
    ids = tuple(id_of(one) for one in students)
    with made.school.identity.unit_of_work.of(made.school.id) as session:
        session.execute(update(Person).where(Person.id.in_(ids)).values(revision=Person.revision + 1))
    deliver(made.school.town.gradebook, StudentsChanged(batch_id=ids[0], student_ids=ids), made.school.id)


def leave(made: Any, student: Any) -> None:
    """The student's last day in the class was five days ago."""
    with made.school.identity.unit_of_work.of(made.school.id) as session:
        own = update(Enrolment).where(Enrolment.student_id == student.person_id)
        session.execute(own.values(until=TODAY - timedelta(days=5)))
        session.execute(update(Person).where(Person.id == student.person_id).values(class_id=None))
    announce(made, student)
