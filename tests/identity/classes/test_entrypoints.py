"""Classes: who sees them, and who is told when a student moves."""

from datetime import date

import msgspec
import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from contracts.identity.classes import Classes
from kernel.contract import MANY
from kernel.errors import Conflict, Forbidden, NotFound
from services.identity.classes import tables as classes_tables
from services.identity.people import tables as people_tables
from tests.identity.conftest import School, announced, events
from tests.kit.calls import call, statements
from tests.kit.people import TODAY


def test_a_class_counts_the_students_of_today(service, school, school_class):
    school.enrol(school.person("student"), school_class, since=-30, until=-1)
    school.enrol(school.person("student"), school_class, since=1)
    (seen,) = call(service, Classes.classes, school.teacher)["classes"]
    assert (seen["name"], seen["students"]) == ("8А", 1)
    listed = call(service, Classes.class_list, school.teacher, class_id=school_class)
    assert listed["students"] == 1
    assert len(listed["enrolled"]) == 2
    assert listed["enrolled"][0]["name"] == "Анисимов Яков"


def test_families_see_no_class_lists(service, school, school_class):
    for someone in (school.parent, school.student):
        with pytest.raises(Forbidden):
            call(service, Classes.classes, someone)
        with pytest.raises(Forbidden):
            call(service, Classes.class_list, someone, class_id=school_class)


def test_a_move_is_announced_on_its_day_and_once(service, school, school_class):
    service.announce_moved()
    assert announced(service) == [[str(school.student.person_id)]]
    service.announce_moved()
    assert len(announced(service)) == 1
    new = uuid7()
    school.save(classes_tables.SchoolClass, {"id": new, "name": "8Б", "grade": 8})
    school.enrol(school.student, new, since=1)
    service.announce_moved()
    assert len(announced(service)) == 1
    with service.unit_of_work.of(school.id) as session:
        session.execute(
            update(classes_tables.Enrolment).where(classes_tables.Enrolment.class_id == new).values(since=TODAY)
        )
    service.announce_moved()
    assert len(announced(service)) == 2
    assert school.row(people_tables.Person, school.student.person_id).class_id == new


def test_many_students_are_announced_in_pieces_that_one_call_can_ask_about(service, school, school_class):
    people = [uuid7() for _ in range(MANY + 1)]
    name = {"family_name": "А", "given_name": "Б", "patronymic": "", "search_name": "а б"}
    school.save(people_tables.Person, *({"id": person_id, **name} for person_id in people))
    since = date(2026, 9, 1)
    school.save(
        classes_tables.Enrolment, *({"class_id": school_class, "student_id": one, "since": since} for one in people)
    )
    service.announce_moved()
    assert [len(batch) for batch in announced(service)] == [MANY, 2]


def test_the_methodologist_makes_classes_that_are_not_there_and_they_are_announced(service, school, school_class):
    command = {"classes": [{"name": "8 а"}, {"name": "5А"}, {"name": "5 а"}, {"name": "Хор", "grade": 7}]}
    made = call(service, Classes.make_classes, school.methodologist, **command)["classes"]
    assert [(one["name"], one["grade"], one["students"]) for one in made] == [("5А", 5, 0), ("Хор", 7, 0), ("8А", 8, 1)]
    assert made[2]["id"] == str(school_class), "it was there"
    facts = call(service, Classes.class_facts, school.gradebook(), class_ids=[one["id"] for one in made[:2]])
    assert {one["revision"] for one in facts["classes"]} == {1}
    (event,) = events(service, "classes_changed")
    assert set(msgspec.json.decode(event.body)["class_ids"]) == {one["id"] for one in made[:2]}
    again = call(service, Classes.make_classes, school.methodologist, **command)["classes"]
    assert again == made
    assert len(call(service, Classes.classes, school.teacher)["classes"]) == 3


def test_a_class_of_another_school_is_another_one(service, school, school_class):
    other = School(service)
    (made,) = call(service, Classes.make_classes, other.methodologist, classes=[{"name": "8А"}])["classes"]
    assert made["id"] != str(school_class)
    assert [one["id"] for one in call(service, Classes.classes, school.teacher)["classes"]] == [str(school_class)]


def test_only_the_methodologist_makes_classes(service, school):
    for someone in (school.teacher, school.director, school.parent):
        with pytest.raises(Forbidden):
            call(service, Classes.make_classes, someone, classes=[{"name": "5А"}])


def test_many_classes_are_made_in_as_many_statements_as_one(service, school, engine):
    methodologist, counts = school.methodologist, []
    for grade, count in ((1, 1), (2, 40)):
        classes = [{"name": f"{grade} класс {number}"} for number in range(count)]
        with statements(engine) as seen:
            call(service, Classes.make_classes, methodologist, classes=classes)
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.fixture
def club(service, school):
    """A class whose name says no grade."""
    (made,) = call(service, Classes.make_classes, school.methodologist, classes=[{"name": "Клуб робототехники"}])[
        "classes"
    ]
    assert (made["grade"], made["several_grades"], made["grade_by_hand"]) == (None, False, False)
    return made["id"]


def say(service, actor, class_id, **said):
    shown = call(service, Classes.say_grade, actor, class_id=class_id, **said)
    return shown["grade"], shown["several_grades"], shown["grade_by_hand"]


def test_p01_the_methodologist_says_the_grade_of_a_class_and_services_hear_of_it(service, school, club):
    before = len(events(service, "classes_changed"))
    assert say(service, school.methodologist, club, several_grades=True) == (None, True, True)
    assert say(service, school.methodologist, club, grade=5) == (5, False, True)
    assert say(service, school.methodologist, club, grade=5) == (5, False, True)
    told = events(service, "classes_changed")[before:]
    assert [msgspec.json.decode(one.body)["class_ids"] for one in told] == [[club], [club]], "no news the third time"
    (fact,) = call(service, Classes.class_facts, school.gradebook(), class_ids=[club])["classes"]
    assert (fact["grade"], fact["several_grades"], fact["revision"]) == (5, False, 3)
    with service.unit_of_work.of(school.id) as session:
        kept = session.scalars(select(classes_tables.SaidGrade).order_by(classes_tables.SaidGrade.id)).all()
        assert [(one.grade, one.several, one.said_by) for one in kept] == [
            (None, True, school.methodologist.person_id), (5, False, school.methodologist.person_id),
        ]  # fmt: skip


def test_a_grade_that_was_said_places_the_class_in_lists(service, school, club, school_class):
    say(service, school.methodologist, club, grade=5)
    listed = call(service, Classes.classes, school.teacher)["classes"]
    assert [one["name"] for one in listed] == ["Клуб робототехники", "8А"]


def test_what_an_import_or_the_name_states_is_not_said_by_hand(service, school, school_class):
    with pytest.raises(Conflict) as refused:
        say(service, school.methodologist, school_class, grade=9)
    assert (refused.value.rule, refused.value.params["school_class"]) == ("grade-stated", "8А")


def test_nobody_else_says_a_grade_and_none_of_another_schools_class(service, school, club):
    for someone in (school.teacher, school.director, school.parent):
        with pytest.raises(Forbidden):
            say(service, someone, club, grade=5)
    with pytest.raises(NotFound):
        say(service, School(service).methodologist, club, grade=5)
