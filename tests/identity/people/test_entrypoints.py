"""People: who sees whose name, and what services are told."""

import pytest
from sqlalchemy import update

from contracts.identity.classes import Classes
from contracts.identity.people import People
from kernel.auth import Actor
from kernel.errors import Forbidden
from services.identity.people.tables import Person, Role
from tests.identity.conftest import consent
from tests.kit.calls import call
from tests.kit.people import TODAY, ZONE, add_operator


def test_families_see_the_names_of_staff_of_themselves_and_of_their_children(service, school):
    school.guardian(school.parent, school.student)
    stranger = school.person("student", name="Чужой Пётр")
    everyone = [one.person_id for one in (school.parent, school.student, school.teacher, stranger)]

    def seen(actor: Actor) -> set[str]:
        found = call(service, People.names, actor, person_ids=everyone)["people"]
        return {person["family_name"] for person in found}

    assert seen(school.parent) == {"Анисимова", "Волков"}
    consent(school)
    assert seen(school.parent) == {"Анисимова", "Волков", "Анисимов"}
    assert seen(school.student) == {"Анисимов", "Волков"}
    assert seen(school.teacher) == seen(school.printing()) == {"Анисимова", "Волков", "Анисимов", "Чужой"}


def test_facts_tell_services_class_guardians_and_consents(service, school, school_class):
    school.guardian(school.parent, school.student)
    service.announce_moved()
    consent(school, "email")
    (fact,) = call(
        service, People.student_facts, school.gradebook(),
        person_ids=[school.student.person_id, school.teacher.person_id],
    )["students"]  # fmt: skip
    assert (fact["class_id"], fact["revision"]) == (str(school_class), 3)
    (guardian,) = fact["guardians"]
    assert (guardian["guardian_id"], guardian["purposes"]) == (str(school.parent.person_id), ["email"])
    answer = call(service, Classes.class_facts, school.gradebook(), class_ids=[school_class])
    (led,) = answer["classes"]
    assert answer["time_zone"] == ZONE
    assert (led["name"], led["homeroom_teacher_id"]) == ("8А", str(school.teacher.person_id))
    for someone in (school.director, add_operator(service)):
        with pytest.raises(Forbidden):
            call(service, People.student_facts, someone, person_ids=[school.student.person_id])
        with pytest.raises(Forbidden):
            call(service, Classes.class_facts, someone, class_ids=[school_class])


def test_the_gradebook_learns_who_is_at_the_school_in_which_roles(service, school):
    ids = [one.person_id for one in (school.teacher, school.parent, school.student)]

    def present(asker=None):
        answer = call(service, People.present_people, asker or school.gradebook(), person_ids=ids)
        return {one["person_id"]: one["roles"] for one in answer["people"]}

    assert present() == {str(ids[0]): ["teacher"], str(ids[1]): ["parent"], str(ids[2]): ["student"]}
    with service.unit_of_work.of(school.id) as session:
        session.execute(update(Person).where(Person.id == ids[1]).values(left_on=TODAY))
        session.execute(update(Person).where(Person.id == ids[2]).values(enabled=False))
        session.execute(update(Role).where(Role.person_id == ids[0]).values(held=False))
    assert present() == {str(ids[0]): []}
    for someone in (school.director, school.printing()):
        with pytest.raises(Forbidden):
            present(someone)
