"""People: who sees, finds and changes what of them."""

import pytest

from contracts.identity.classes import Classes
from contracts.identity.people import People
from kernel.auth import Actor
from kernel.errors import Forbidden
from tests.identity.conftest import announced, consent
from tests.kit.calls import call, statements
from tests.kit.people import ZONE, add_operator


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


def test_people_are_listed_page_by_page_by_name(service, school):
    for name in ("Яшин Лев", "Белов Пётр", "Ёлкин Иван", "Белова Анна"):
        school.person("student", name=name)
    found, after = [], None
    while True:
        page = call(service, People.people, school.methodologist, role="student", limit=2, after=after)
        found += [person["family_name"] for person in page["people"]]
        after = page["next"]
        if after is None:
            break
    assert len(found) == len(set(found)) == 4
    assert found[:2] == ["Белов", "Белова"]
    searched = call(service, People.people, school.director, query="белов")["people"]
    assert [person["name"] for person in searched] == ["Белов Пётр", "Белова Анна"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Сидоров", "Cидоров Олег"),  # the stored name has a Latin C
        ("О'Нил", "О’Нил Ян"),
        ("О`Нил", "О’Нил Ян"),
        ("римская-корсакова", "Римская‑Корсакова Вера"),  # a hyphen that does not break
        ("римская корсакова", "Римская‑Корсакова Вера"),
    ],
)
def test_p22_look_alikes_and_apostrophes_are_found_and_sorted_as_they_sound(service, school, query, found):
    for name in ("Cидоров Олег", "О’Нил Ян", "Римская‑Корсакова Вера"):
        school.person("student", name=name)
    searched = call(service, People.people, school.methodologist, query=query)["people"]
    assert [person["name"] for person in searched] == [found]
    everybody = call(service, People.people, school.methodologist, role="student")["people"]
    assert [person["family_name"] for person in everybody] == ["О’Нил", "Римская‑Корсакова", "Cидоров"]


def test_a_search_takes_no_patterns(service, school):
    assert call(service, People.people, school.methodologist, query="%")["people"] == []


def test_a_page_of_people_costs_as_many_statements_as_a_long_one(service, school):
    numbers, actor = [], school.methodologist
    for count in (1, 20):
        for _ in range(count):
            school.person("student")
        with statements(service.unit_of_work.engine) as seen:
            call(service, People.people, actor)
        numbers.append(len(seen))
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("role", ["teacher", "student", "parent"])
def test_people_are_listed_for_those_who_keep_the_records_only(service, school, role):
    with pytest.raises(Forbidden):
        call(service, People.people, getattr(school, role))


def test_a_contact_is_entered_by_the_methodologist_and_told_to_those_who_copy_it(service, school):
    school.guardian(school.parent, school.student)
    change = {"person_id": school.parent.person_id, "email": "olga@example.org"}
    person = call(service, People.set_contact, school.methodologist, **change)
    assert (person["email"], person["phone"]) == ("olga@example.org", None)
    assert announced(service) == [[str(school.student.person_id)]]
    call(service, People.set_contact, school.methodologist, **change)
    assert len(announced(service)) == 1
    cleared = call(service, People.set_contact, school.methodologist, **{**change, "email": None})
    assert cleared["email"] is None
    for someone in (school.director, school.teacher, school.parent):
        with pytest.raises(Forbidden):
            call(service, People.set_contact, someone, **change)


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
