"""People as those see them who keep the records: found by name, role and class; their contacts."""

import pytest
from sqlalchemy import update
from uuid_utils.compat import uuid7

from contracts.identity.people import People
from kernel.errors import Forbidden, Invalid, NotFound
from services.identity.classes import tables as classes_tables
from services.identity.people import tables as people_tables
from tests.identity.conftest import announced
from tests.kit.calls import call, statements
from tests.kit.people import TODAY


def names(service, actor, **search) -> list[str]:
    """The family names of those found."""
    return [one["family_name"] for one in call(service, People.people, actor, **search)["people"]]


@pytest.fixture
def families(service, school, school_class):
    """Two classes, each with a child of the same family name and its mother; the teacher leads 8А."""
    other = uuid7()
    school.save(classes_tables.SchoolClass, {"id": other, "name": "8Б", "grade": 8})
    for class_id in (school_class, other):
        child, mother = school.person("student", name="Пестов Лев"), school.person("parent", name="Пестова Анна")
        school.enrol(child, class_id)
        school.guardian(mother, child)
    service.announce_moved()


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


@pytest.mark.parametrize("search", [{}, {"query": "8А"}, {"query": "Петрова 8А", "role": "parent"}])
def test_a_page_of_people_costs_as_many_statements_as_a_long_one(service, school, school_class, search):
    numbers, actor = [], school.methodologist
    for count in (1, 20):
        for _ in range(count):
            child, parent = school.person("student"), school.person("parent", name="Петрова Анна")
            school.enrol(child, school_class)
            school.guardian(parent, child)
        service.announce_moved()
        with statements(service.unit_of_work.engine) as seen:
            assert len(call(service, People.people, actor, **search)["people"]) >= count
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


def test_d14_a_class_its_students_parents_and_homeroom_teacher_are_found_by_the_class(
    service, school, school_class, families
):
    school.guardian(school.person("teacher", "parent", name="Уткина Вера"), school.student)
    found = {role: names(service, school.director, class_id=school_class, role=role) for role in
             (None, "student", "parent", "teacher", "methodologist")}  # fmt: skip
    assert found == {
        None: ["Анисимов", "Волков", "Пестов", "Пестова", "Уткина"],
        "student": ["Анисимов", "Пестов"],
        "parent": ["Пестова", "Уткина"],
        "teacher": ["Волков"],
        "methodologist": [],
    }
    with pytest.raises(NotFound) as refused:
        call(service, People.people, school.director, class_id=uuid7())
    assert refused.value.rule == "no-class"


@pytest.mark.parametrize(
    ("query", "role", "found"),
    [
        ("8а", "student", ["Анисимов", "Пестов"]),
        ("8A", "student", ["Анисимов", "Пестов"]),  # a Latin A
        ("8 «Б» класс", None, ["Пестов", "Пестова"]),
        ("8а", "parent", ["Пестова"]),
        ("пестов 8А", "student", ["Пестов"]),
        ("8Б пестов", None, ["Пестов", "Пестова"]),
        ("8В", None, []),
    ],
)
def test_d14_a_search_takes_the_name_of_a_class(service, school, families, query, role, found):
    assert names(service, school.methodologist, query=query, role=role) == found


def test_d14_people_of_one_name_are_told_apart_by_their_classes_and_children(service, school, families):
    found = call(service, People.people, school.methodologist, query="Пестов")["people"]
    students = [one["class_name"] for one in found if one["roles"] == ["student"]]
    parents = [[(child["name"], child["class_name"]) for child in one["children"]] for one in found if one["children"]]
    assert sorted(students) == ["8А", "8Б"]
    assert sorted(parents) == [[("Пестов Лев", "8А")], [("Пестов Лев", "8Б")]]
    (teacher,) = call(service, People.people, school.methodologist, query="Волков")["people"]
    assert (teacher["homerooms"], teacher["class_name"], teacher["children"]) == (["8А"], None, [])


@pytest.mark.parametrize(
    "change",
    [
        update(people_tables.Guardianship).values(ended_on=TODAY),
        update(people_tables.Person).where(people_tables.Person.family_name == "Пестов").values(left_on=TODAY),
    ],
    ids=["guardianship ended", "child left"],
)
def test_d14_a_child_that_left_and_a_guardianship_that_ended_find_no_parent(
    service, school, school_class, families, change
):
    with service.unit_of_work.of(school.id) as session:
        session.execute(change)
    assert names(service, school.director, class_id=school_class, role="parent") == []
    parents = call(service, People.people, school.director, role="parent")["people"]
    assert [one["children"] for one in parents] == [[], []]


def test_people_are_asked_for_by_their_ids(service, school):
    ids = [school.teacher.person_id, school.student.person_id, uuid7()]
    assert names(service, school.methodologist, person_ids=ids) == ["Анисимов", "Волков"]


def test_people_say_who_issues_their_credentials(service, school):
    school.person("student", name="Быстров Лев", human_id=uuid7())
    school.person("student", name="Быстров Пётр", enabled=False)
    assert school.director
    assert school.teacher
    found = call(service, People.people, school.methodologist)["people"]
    assert {one["name"]: one["credentials_by"] for one in found} == {
        "Быкова Мила": "methodologist",
        "Быстров Лев": "operator",
        "Быстров Пётр": None,
        "Волков Тимур": "methodologist",
        "Орлова Дина": "director",
    }


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("email", "user@localhost", "email-unreachable"),
        ("email", "user@10.0.0.1", "schema"),
        ("phone", "абв", "phone-number"),
        ("phone", "+7 900", "phone-number"),
        ("phone", "+7 900 000-00-00, маме", "phone-number"),
    ],
)
def test_d08_a_contact_that_reaches_nobody_is_refused(service, school, field, value, rule):
    with pytest.raises(Invalid) as refused:
        call(service, People.set_contact, school.methodologist, person_id=school.parent.person_id, **{field: value})
    fault = refused.value.faults[0] if refused.value.faults else refused.value
    assert (refused.value.rule, fault.field) == (rule, field)


def test_d08_a_contact_that_came_with_an_import_stays_beside_a_new_one(service, school):
    someone = school.person("parent", phone="мама: 8 927 …")
    change = {"person_id": someone.person_id, "email": "olga@example.org", "phone": "мама: 8 927 …"}
    assert call(service, People.set_contact, school.methodologist, **change)["email"] == "olga@example.org"
