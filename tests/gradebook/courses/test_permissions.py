"""Who may do what, as a table."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from kernel.auth import Actor
from kernel.errors import Forbidden, NotFound
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses.permissions import CourseTies
from services.gradebook.homework import permissions as homework_permissions
from services.gradebook.lessons import permissions as lessons_permissions
from services.gradebook.marks import permissions as marks_permissions
from services.gradebook.people import permissions as people_permissions
from services.gradebook.people.permissions import StudentTies

SCHOOL = uuid4()
ME = uuid4()
CHILD = uuid4()
DAY = date(2026, 10, 1)
NO_COURSE = CourseTies(teaches=False, homeroom=False)
OWN_COURSE = CourseTies(teaches=True, homeroom=False)
LED_COURSE = CourseTies(teaches=False, homeroom=True)
REPLACED = CourseTies(teaches=False, homeroom=False, at_another_time=True, taught_until=DAY)
TO_COME = CourseTies(teaches=False, homeroom=False, at_another_time=True)
STRANGER = StudentTies(homeroom=False, guardian=False)
WARD = StudentTies(homeroom=False, guardian=True)
PUPIL = StudentTies(homeroom=True, guardian=False)

ADMINISTRATION = ["director", "deputy", "methodologist"]
OUTSIDERS = ["parent", "student", "operator", "plan_head"]


def human(*roles: str, person_id: UUID = ME) -> Actor:
    return Actor(SCHOOL, person_id, uuid4(), uuid4(), frozenset(roles))


def service(name: str) -> Actor:
    return Actor(SCHOOL, roles=frozenset({"service"}), service=name)


@pytest.mark.parametrize("role", OUTSIDERS)
def test_the_journal_is_closed_to_families_and_operators(role: str) -> None:
    assert not courses_permissions.may_read_course(human(role), CourseTies(teaches=True, homeroom=True))


def test_a_service_reads_courses_and_writes_none() -> None:
    assert courses_permissions.may_read_course(service("printing"), NO_COURSE)
    assert not courses_permissions.may_write_course(service("printing"), OWN_COURSE)


def test_a_teacher_reads_courses_he_teaches_or_leads_and_no_other() -> None:
    assert courses_permissions.may_read_course(human("teacher"), OWN_COURSE)
    assert courses_permissions.may_read_course(human("teacher"), LED_COURSE)
    assert not courses_permissions.may_read_course(human("teacher"), NO_COURSE)


@pytest.mark.parametrize("role", ADMINISTRATION)
def test_the_administration_reads_every_course_and_writes_none(role: str) -> None:
    assert courses_permissions.may_read_course(human(role), NO_COURSE)
    assert not courses_permissions.may_write_course(human(role), OWN_COURSE)


def test_a_director_who_teaches_writes_in_his_own_course_alone() -> None:
    both = human("director", "teacher")
    missing = NotFound("none")
    courses_permissions.check_writes_course(both, OWN_COURSE, missing)
    with pytest.raises(Forbidden):
        courses_permissions.check_writes_course(both, NO_COURSE, missing)


def test_who_was_replaced_reads_what_was_and_writes_no_more() -> None:
    teacher, after = human("teacher"), DAY + timedelta(days=1)
    assert courses_permissions.may_read_day(teacher, REPLACED, DAY)
    assert not courses_permissions.may_read_day(teacher, REPLACED, after)
    assert courses_permissions.may_read_day(human("teacher", "deputy"), REPLACED, after)
    assert not courses_permissions.may_read_day(human("plan_head"), REPLACED, DAY)
    with pytest.raises(Forbidden, match="until 2026-10-01") as refusal:
        courses_permissions.check_writes_course(teacher, REPLACED, NotFound("none"))
    assert refusal.value.rule == "no-longer-your-course"
    assert marks_permissions.may_read_mark(teacher, CHILD, DAY, REPLACED, STRANGER)
    assert not marks_permissions.may_read_mark(teacher, CHILD, after, REPLACED, STRANGER)


def test_who_will_teach_a_course_reads_it_and_writes_from_then_on() -> None:
    assert courses_permissions.may_read_day(human("teacher"), TO_COME, DAY)
    with pytest.raises(Forbidden, match="Only the teacher"):
        courses_permissions.check_writes_course(human("teacher"), TO_COME, NotFound("none"))


def test_a_homeroom_teacher_who_taught_the_course_still_reads_all_of_it() -> None:
    both = CourseTies(teaches=False, homeroom=True, at_another_time=True, taught_until=DAY)
    assert courses_permissions.reads_until(human("teacher"), both) is None


def test_what_a_teacher_may_not_read_does_not_exist_for_his_writing_either() -> None:
    missing = NotFound("none")
    courses_permissions.check_writes_course(human("teacher"), OWN_COURSE, missing)
    with pytest.raises(NotFound):
        courses_permissions.check_writes_course(human("teacher"), NO_COURSE, missing)
    with pytest.raises(Forbidden):
        courses_permissions.check_writes_course(human("teacher"), LED_COURSE, missing)


@pytest.mark.parametrize(
    ("actor", "ties", "allowed"),
    [
        (human("student", person_id=CHILD), STRANGER, True),
        (human("student"), STRANGER, False),
        (human("parent", person_id=CHILD), STRANGER, False),
        (human("parent"), WARD, True),
        (human("parent"), STRANGER, False),
        (human("teacher"), PUPIL, True),
        (human("teacher"), STRANGER, False),
        (human("teacher"), WARD, False),
        (human("teacher", "parent"), WARD, True),
        (human("student"), WARD, False),
        (human("operator"), STRANGER, False),
        *((human(role), STRANGER, True) for role in ADMINISTRATION),
        (service("printing"), PUPIL, False),
        (service("notifications"), WARD, False),
    ],
)
def test_a_students_marks_are_for_the_family_the_homeroom_teacher_and_the_administration(
    actor: Actor, ties: StudentTies, allowed: bool
) -> None:
    assert people_permissions.may_read_student(actor, CHILD, ties) is allowed


@pytest.mark.parametrize(
    ("actor", "ties", "told"),
    [
        (human("student", person_id=CHILD), STRANGER, True),
        (human("student"), STRANGER, False),
        (human("parent"), WARD, True),
        (human("parent"), STRANGER, False),
        (human("teacher"), PUPIL, False),
        (human("teacher", "parent"), WARD, True),
        *((human(role), STRANGER, False) for role in ADMINISTRATION),
    ],
)
def test_what_homework_is_done_is_for_the_student_and_guardians_alone(
    actor: Actor, ties: StudentTies, told: bool
) -> None:
    assert homework_permissions.may_see_done(actor, CHILD, ties) is told


@pytest.mark.parametrize(
    ("role", "own", "given", "may"),
    [("student", True, True, True), ("student", False, True, False), ("student", True, False, False),
     ("parent", True, True, False)],
)  # fmt: skip
def test_homework_is_ticked_by_the_student_who_was_given_it(role: str, own: bool, given: bool, may: bool) -> None:
    assert homework_permissions.may_tick(human(role), own=own, given=given) is may


def test_a_marks_history_is_for_its_teacher_too() -> None:
    assert marks_permissions.may_read_mark(human("teacher"), CHILD, DAY, OWN_COURSE, STRANGER)
    assert marks_permissions.may_read_mark(human("parent"), CHILD, DAY, NO_COURSE, WARD)
    assert not marks_permissions.may_read_mark(human("teacher"), CHILD, DAY, NO_COURSE, STRANGER)
    assert not marks_permissions.may_read_mark(human("parent"), CHILD, DAY, OWN_COURSE, STRANGER)


def test_a_teachers_day_is_his_own_and_the_administrations() -> None:
    colleague = uuid4()
    assert lessons_permissions.whose_day(human("teacher"), ME) == ME
    assert lessons_permissions.whose_day(human("teacher"), None) == ME
    assert lessons_permissions.whose_day(human("deputy"), colleague) == colleague
    with pytest.raises(Forbidden):
        lessons_permissions.whose_day(human("teacher"), colleague)
