"""Groups from a day on: who stays keeps the membership, and nothing that was is rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.gradebook.courses.rules.groups import groups_beside, members_on, regrouped
from services.gradebook.courses.rules.membership import Changes, Membership

DAY = date(2026, 12, 1)
COURSES = [uuid4() for _ in range(3)]
STUDENTS = [uuid4() for _ in range(4)]
DAYS = st.dates(date(2026, 9, 1), date(2027, 5, 31))


@dataclass(frozen=True)
class Course:
    id: UUID
    group_name: str
    kept_here: bool


def carried_out(memberships: list[Membership], changes: Changes) -> list[Membership]:
    """The memberships afterwards."""
    ended = dict(changes.ended)
    kept = [
        one._replace(until=ended[one.id]) if one.id in ended else one
        for one in memberships
        if one.id not in changes.never
    ]
    return kept + [Membership(uuid4(), course, student, since, None) for course, student, since in changes.begun]


memberships = st.builds(
    lambda course, student, since, length: Membership(
        uuid4(), course, student, since, None if length is None else since + timedelta(days=length)
    ),
    st.sampled_from(COURSES),
    st.sampled_from(STUDENTS),
    DAYS,
    st.none() | st.integers(0, 100),
)
wanted = st.dictionaries(st.sampled_from(COURSES), st.sets(st.sampled_from(STUDENTS)))


@given(st.lists(memberships, max_size=8), wanted, st.integers(0, 60))
def test_from_the_day_on_exactly_the_wanted_are_in_the_groups(
    known: list[Membership], groups: dict[UUID, set[UUID]], later: int
) -> None:
    after = carried_out(known, regrouped(known, groups, DAY))
    present = members_on(after, DAY + timedelta(days=later))
    assert {course: present.get(course, set()) for course in groups} == groups


@given(st.lists(memberships, max_size=8), wanted, st.integers(1, 60))
def test_before_the_day_everything_is_as_it_was(
    known: list[Membership], groups: dict[UUID, set[UUID]], earlier: int
) -> None:
    after = carried_out(known, regrouped(known, groups, DAY))
    day = DAY - timedelta(days=earlier)
    assert members_on(after, day) == members_on(known, day)


@given(st.lists(memberships, max_size=8), wanted)
def test_other_courses_are_left_alone(known: list[Membership], groups: dict[UUID, set[UUID]]) -> None:
    after = carried_out(known, regrouped(known, groups, DAY))
    assert [one for one in after if one.course_id not in groups] == [
        one for one in known if one.course_id not in groups
    ]


def test_named_groups_stand_beside_each_other_imported_ones_too_and_a_whole_class_alone() -> None:
    whole, one, two = Course(uuid4(), "", True), Course(uuid4(), "1", True), Course(uuid4(), "2", False)
    imported, other = Course(uuid4(), "", False), Course(uuid4(), "", False)
    every = [whole, one, two, imported, other]
    assert groups_beside(one, every) == [one, two]
    assert groups_beside(whole, every) == [whole]
    assert groups_beside(imported, every) == [imported, other]
